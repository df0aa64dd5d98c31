"""Moments and fusion: structure, oracle, Monte Carlo, limits, faults."""

import pytest
import torch

from quakebook.bugfinv import fuse, gradient_moments
from quakebook.bugfinv.objective.bayes.fusion import shares
from quakebook.bugfinv.objective.bayes.posterior import Statistics, posterior
from quakebook.bugfinv.objective.bayes.rows import fused_gradient


@pytest.mark.parametrize("rows, d, outputs", [(8, 16, 1), (33, 12, 3), (128, 24, 2), (1, 4, 3)])
@pytest.mark.parametrize("prior, noise", [(0.001, 1.0), (1.0, 0.05), (10.0, 0.01), (1.0, 1.0)])
def test_agree_with_the_full_covariance(oracle, problem, rows, d, outputs, prior, noise):
    h, y, mu, sigma = problem(rows, d, outputs, seed=rows, prior=prior, noise=noise)
    expected, variance = gradient_moments(h, y, mu, sigma, min_var=1e-300)
    want_mean, want_variance = oracle(h, y, mu, sigma)
    assert (expected - want_mean).norm() < 1e-10 * want_mean.norm()
    assert (variance - want_variance).norm() < 1e-10 * want_variance.norm()
    assert ((variance - want_variance).abs() < 1e-8 * want_variance.abs() + 1e-10 * want_variance.mean()).all()
    fused = fuse(expected, variance)
    want = (want_mean / want_variance).sum(1) / (1 / want_variance).sum(1) / rows
    assert (fused - want).norm() < 1e-10 * want.norm()


def test_agree_with_monte_carlo(problem):
    h, y, mu, sigma = problem(rows=3, d=4, outputs=1, noise=2.0)
    generator = torch.Generator().manual_seed(1)
    factor = torch.linalg.cholesky(sigma)
    w = mu[0] + torch.randn(400_000, 4, generator=generator, dtype=torch.float64) @ factor.T
    expected, variance = gradient_moments(h, y, mu, sigma)
    for row in range(3):
        g = 2 * (w @ h[row] - y[row, 0])[:, None] * w
        assert torch.allclose(g.mean(0), expected[row, 0], atol=4 * float(g.std(0).max()) / 400_000**0.5)
        assert torch.allclose(g.var(0), variance[row, 0], rtol=0.02)


def test_floor_comes_before_the_power(problem):
    h, y, mu, sigma = problem()
    _, plain = gradient_moments(h, y, mu, sigma, min_var=1e-300)
    floor = float(plain.median())
    _, powered = gradient_moments(h, y, mu, sigma, sqrt_power=0.3, min_var=floor)
    assert torch.allclose(powered, plain.clamp_min(floor) ** 0.3)


def test_variance_is_never_negative_in_float32():
    g = torch.Generator().manual_seed(0)
    d = 8
    factor = torch.randn(d, 2, generator=g) * 1e-3
    h, mu = torch.randn(500, d, generator=g) * 30, torch.randn(3, d, generator=g) * 100
    _, variance = gradient_moments(h, h @ mu.T, mu, factor @ factor.T, min_var=0.0)
    assert torch.isfinite(variance).all() and (variance >= 0).all()


def test_point_posterior_gives_a_third_of_the_plain_gradient():
    g = torch.Generator().manual_seed(0)
    h = torch.randn(20, 5, generator=g, dtype=torch.float64).requires_grad_()
    w, y = (torch.randn(*s, generator=g, dtype=torch.float64) for s in ((3, 5), (20, 3)))
    ((h @ w.T - y) ** 2).mean(0).sum().backward()
    expected, variance = gradient_moments(h.detach(), y, w, torch.zeros(5, 5, dtype=torch.float64))
    assert torch.allclose(fuse(expected, variance), h.grad / 3, atol=1e-14)


def test_shares_are_weights(problem):
    h, y, mu, sigma = problem()
    _, variance = gradient_moments(h, y, mu, sigma)
    part = shares(variance)
    assert (part >= 0).all() and (part <= 1).all()
    assert torch.allclose(part.sum(1), torch.ones(40, 12, dtype=torch.float64), atol=1e-6)


def test_permuting_tasks_changes_nothing_in_the_fusion(problem):
    h, y, mu, sigma = problem()
    order = [2, 0, 1]
    assert torch.allclose(fuse(*gradient_moments(h, y, mu, sigma)),
                          fuse(*gradient_moments(h, y[:, order], mu[order], sigma)), atol=1e-15)


@pytest.mark.parametrize("scale", [0.0, 1e-10, 1.0, 1e6])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_structure(problem, scale, dtype):
    h, y, mu, sigma = (x.to(dtype) for x in problem(7, 5, 2))
    expected, variance = gradient_moments(h * scale, y, mu, sigma)
    assert expected.shape == variance.shape == (7, 2, 5) and expected.dtype == variance.dtype == dtype
    assert torch.isfinite(fuse(expected, variance)).all()


def test_no_rows():
    expected, variance = gradient_moments(torch.zeros(0, 4), torch.zeros(0, 3), torch.zeros(3, 4), torch.eye(4))
    assert expected.shape == (0, 3, 4) and fuse(expected, variance).shape == (0, 4)


@pytest.mark.parametrize("chunk", [1, 7, 40, 1000])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("power", [1.0, 0.3])
def test_one_pass_equals_the_stored_moments(problem, chunk, bias, power):
    h, y, _, _ = problem()
    (group,) = posterior(Statistics.of(h, y + 3.0, bias), 1.0, (0.05,) * 3)
    fused = fused_gradient(h, y + 3.0, [group], sqrt_power=power, summary=True, chunk_rows=chunk)
    ones = torch.ones(40, 1, dtype=torch.float64)
    p = group.posterior
    if bias:
        sigma = torch.zeros(13, 13, dtype=torch.float64)
        sigma[:12, :12], sigma[12, :12], sigma[:12, 12] = p.covariance, p.bias_covariance, p.bias_covariance
        sigma[12, 12] = p.bias_variance
        mu = torch.cat([p.mean, p.bias_mean[:, None]], dim=1)
        expected, variance = gradient_moments(torch.cat([h, ones], 1), y + 3.0, mu, sigma, power)
    else:
        expected, variance = gradient_moments(h, y + 3.0, p.mean, p.covariance, power)
    expected, variance = expected[..., :12], variance[..., :12]
    assert torch.allclose(fused.gradient, fuse(expected, variance), rtol=1e-10, atol=1e-16)
    assert torch.allclose(fused.share, shares(variance).mean((0, 2)), atol=1e-12)
    assert float(fused.clamped) == pytest.approx(0.0 if power == 1.0 and variance.min() > 1e-8 else
                                                 float(fused.clamped))


@pytest.mark.parametrize("name, change, message", [
    ("labels", lambda x: x[:-1], r"`labels` must have shape \(40, 3\)"),
    ("mean", lambda x: x[:, :-1], "`mean` must have shape"),
    ("covariance", lambda x: x[:-1], "`covariance` must have shape"),
    ("features", lambda x: x[None], "two axes"),
    ("features", lambda x: x.index_put((torch.tensor(3), torch.tensor(1)), torch.tensor(float("nan")).double()),
     r"`features` holds 1 NaN.*\(3, 1\)"),
    ("labels", lambda x: x * float("inf"), "`labels` holds"),
])
def test_bad_input_is_named(problem, name, change, message):
    arguments = dict(zip(("features", "labels", "mean", "covariance"), problem(), strict=True))
    arguments[name] = change(arguments[name])
    with pytest.raises(ValueError, match=message):
        gradient_moments(**arguments)


def test_fuse_refuses_what_is_no_variance():
    with pytest.raises(ValueError, match="positive"):
        fuse(torch.ones(2, 3, 4), torch.zeros(2, 3, 4))
    with pytest.raises(ValueError, match="rows, outputs, d"):
        fuse(torch.ones(2, 3, 4), torch.ones(2, 3, 5))
    with pytest.raises(ValueError, match="NaN"):
        fuse(torch.full((2, 3, 4), float("nan")), torch.ones(2, 3, 4))
