"""Nash weights, the other solvers, and the Nash method's backward."""

import numpy as np
import pytest
import torch
from torch import nn

from quakebook.bugfinv import NashMTL, nash_weights
from quakebook.bugfinv.objective.gramian import cosines, gramian_of
from quakebook.bugfinv.objective.solvers import METHODS, min_norm_weights, weights


def gradients(seed=0, n=3, d=40, spread=0.0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) * 10.0 ** rng.uniform(-spread, spread, size=(n, 1))


@pytest.mark.parametrize("seed", range(60))
def test_residual_for_norms_over_six_decades(seed):
    g = gradients(seed, spread=3.0)
    gramian = g @ g.T
    alpha = nash_weights(gramian)
    assert (alpha > 0).all()
    assert np.abs(alpha * (gramian @ alpha) - 1).max() < 1e-10
    assert np.linalg.norm(alpha @ g) == pytest.approx(np.sqrt(3))


@pytest.mark.parametrize("cosine", [-0.999, -0.5, 0.0, 0.9, 0.999999])
def test_two_tasks_in_closed_form(cosine):
    """For unit gradients alpha_1 = alpha_2 = 1 / sqrt(1 + cosine)."""
    assert nash_weights([[1.0, cosine], [cosine, 1.0]]) == pytest.approx([1 / np.sqrt(1 + cosine)] * 2)


def test_properties():
    g = gradients()
    alpha = nash_weights(g @ g.T)
    order = [2, 0, 1]
    assert nash_weights(g[order] @ g[order].T) == pytest.approx(alpha[order])
    scale = np.array([1e-3, 1.0, 30.0])
    assert nash_weights((g * scale[:, None]) @ (g * scale[:, None]).T) == pytest.approx(alpha / scale)
    found = nash_weights(torch.tensor(g @ g.T, dtype=torch.float32))
    assert found.dtype == torch.float32 and found.numpy() == pytest.approx(alpha, rel=1e-5)


def test_zero_gradient_is_dropped_and_stationary_points_stay_finite():
    g = gradients()
    g[1] = 0
    alpha = nash_weights(g @ g.T)
    assert alpha[1] == 0 and alpha[[0, 2]] == pytest.approx(nash_weights(g[[0, 2]] @ g[[0, 2]].T))
    assert nash_weights(np.zeros((3, 3))).tolist() == [0, 0, 0]
    opposed = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]])
    assert np.isfinite(nash_weights(opposed @ opposed.T)).all()


@pytest.mark.parametrize("bad, message", [
    (np.ones((2, 3)), "square"), ([[1.0, np.nan], [np.nan, 1.0]], "NaN"), ([[1.0, 2.0], [2.0, 1.0]], "semi-definite"),
    ([[1.0, 0.3], [0.1, 1.0]], "symmetric")])
def test_bad_gramians(bad, message):
    with pytest.raises(ValueError, match=message):
        nash_weights(bad)


def two_headed(seed=0):
    torch.manual_seed(seed)
    body, heads = nn.Linear(4, 5), nn.Linear(5, 3)
    x, y = torch.randn(10, 4), torch.randn(10, 3)
    h = torch.tanh(body(x))
    return body, heads, h, ((heads(h) - y) ** 2).mean(0)


def test_backward_clips_the_shared_gradient_to_one():
    body, heads, _, losses = two_headed()
    gramian, pieces = gramian_of(losses, list(body.parameters()))
    loss, extra = NashMTL(3).backward(losses, list(body.parameters()), list(heads.parameters()))
    alpha = extra["weights"].double()
    assert torch.allclose(alpha * (gramian @ alpha), torch.ones(3, dtype=torch.float64), atol=1e-4)
    assert loss.item() == pytest.approx(float((alpha * losses).sum().detach()), rel=1e-6)
    norm = torch.cat([p.grad.flatten() for p in body.parameters()]).norm()
    assert norm.item() == pytest.approx(1.0, abs=1e-4)
    plain = sum(float(a) * p[0] for a, p in zip(alpha, pieces, strict=True))
    assert torch.allclose(body.weight.grad, plain / np.sqrt(3), atol=1e-5)


def test_weights_are_kept_between_updates_and_features_may_stand_in():
    body, heads, h, losses = two_headed()
    method = NashMTL(3, update_weights_every=2, max_norm=0.0)
    gramian, _ = gramian_of(losses, [h])
    _, first = method.backward(losses, list(body.parameters()), representation=h)
    assert torch.allclose(first["weights"], nash_weights(gramian).float())
    body, heads, h, losses = two_headed(5)
    _, second = method.backward(losses, list(body.parameters()), representation=h)
    assert torch.equal(first["weights"], second["weights"])


def test_losses_of_another_length():
    body, _, _, losses = two_headed()
    with pytest.raises(ValueError, match=r"shape \(3,\)"):
        NashMTL(3).backward(losses[:2], list(body.parameters()))


@pytest.mark.parametrize("seed", range(10))
def test_min_norm_point_is_optimal(seed):
    g = torch.tensor(gradients(seed, d=2 if seed % 2 else 40, spread=1.0))
    gramian = g @ g.T
    alpha = min_norm_weights(gramian)
    slope = gramian @ alpha
    assert (alpha >= 0).all() and float(alpha.sum()) == pytest.approx(1.0)
    assert (slope - alpha @ slope > -1e-9 * gramian.trace()).all()


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_solver_descends_without_conflict(method):
    g = torch.eye(3, dtype=torch.float64) + 0.1
    found = weights(g @ g.T, method)
    assert found.shape == (3,) and found.dtype == torch.float64 and ((g @ g.T) @ found > 0).all()


@pytest.mark.parametrize("method", ["nash", "mgda", "upgrad"])
@pytest.mark.parametrize("seed", range(10))
def test_solvers_that_promise_it_hurt_no_task(method, seed):
    g = torch.tensor(gradients(seed, d=4))
    gramian = g @ g.T
    assert (gramian @ weights(gramian, method) > -1e-3 * gramian.diagonal().max()).all()


def test_unknown_solver_lists_the_known():
    with pytest.raises(ValueError, match="upgrad"):
        weights(torch.eye(3), "magic")


def test_cosines():
    found = cosines(torch.tensor([[4.0, -2.0, 0.0], [-2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]))
    assert found[0, 1] == -1 and found[2, 0] == 0 and (found.abs() <= 1).all()


def test_whole_numbers_do_not_truncate_the_weights():
    """G = diag(2, 1): alpha = 1 / sqrt of the diagonal."""
    found = nash_weights(torch.tensor([[2, 0], [0, 1]]))
    assert found.dtype == torch.float32 and torch.allclose(found, torch.tensor([2**-0.5, 1.0]))
    assert weights(torch.tensor([[2, 0], [0, 1]]), "mgda").tolist() == pytest.approx([1 / 3, 2 / 3])
    with pytest.raises(ValueError, match="finite"):
        weights(torch.full((2, 2), float("nan")), "mgda")
    with pytest.raises(ValueError, match="must be real"):
        nash_weights(torch.eye(2, dtype=torch.complex64))


def test_losses_that_are_not_numbers_are_refused():
    w = torch.nn.Parameter(torch.ones(2))
    with pytest.raises(ValueError, match="`losses` must be finite"):
        NashMTL(2).backward(w * float("nan"), [w])


@pytest.mark.parametrize(("pair", "message"), [
    ((1.00005, 1.00005), None), ((1.0002, 1.0002), "semi-definite"), ((0.50004, 0.5), None),
    ((0.5002, 0.5), "symmetric"), ((-0.99999, -0.99999), None)])
def test_rounding_is_forgiven_up_to_a_ten_thousandth(pair, message):
    """Products of unit gradients in single precision; the two halves of a matrix are averaged."""
    matrix = np.array([[1.0, pair[0]], [pair[1], 1.0]])
    if message is None:
        mean = min(sum(pair) / 2, 1.0)
        assert nash_weights(matrix) == pytest.approx([1 / np.sqrt(1 + mean)] * 2, rel=1e-4)
    else:
        with pytest.raises(ValueError, match=message):
            nash_weights(matrix)


@pytest.mark.parametrize("bad", [[[-1.0, 0.0], [0.0, 1.0]], np.zeros((0, 0)), np.ones(3)])
def test_more_bad_gramians(bad):
    with pytest.raises(ValueError, match="semi-definite|square"):
        nash_weights(bad)


@pytest.mark.parametrize(("tasks", "every"), [(0, 1), (2, 0)])
def test_counts_of_at_least_one(tasks, every):
    with pytest.raises(ValueError, match="must be at least 1"):
        NashMTL(tasks, update_weights_every=every)
    assert NashMTL(1, update_weights_every=1).alpha.tolist() == [1.0]


def test_weights_of_every_third_call_are_new():
    method, w = NashMTL(2, update_weights_every=3), torch.nn.Parameter(torch.ones(2))
    found = [method.backward(scale * w, [w])[1]["weights"].tolist() for scale in (1.0, 2.0, 4.0, 8.0)]
    assert found == [pytest.approx([1.0, 1.0])] * 3 + [pytest.approx([0.125, 0.125])]


def test_without_a_largest_norm_nothing_is_clipped():
    """Two orthogonal gradients of length 3: weights 1/3, so that the shared gradient is (1, 1)."""
    w = torch.nn.Parameter(torch.ones(2))
    NashMTL(2, max_norm=0.0).backward(3 * w, [w])
    assert w.grad.tolist() == pytest.approx([1.0, 1.0])
    w.grad = None
    NashMTL(2, max_norm=0.5).backward(3 * w, [w])
    assert float(w.grad.norm()) == pytest.approx(0.5, rel=1e-4)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_equal_orthogonal_gradients_weigh_the_inverse_of_their_length(n):
    assert nash_weights(4.0 * np.eye(n)) == pytest.approx([0.5] * n)
