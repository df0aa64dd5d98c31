"""BUGFInv's public calls: layouts, kept full data, order of operations, faults."""

import os

import numpy as np
import pytest
import torch
from torch import distributed, multiprocessing, nn
from torch.nn import functional as F

from quakebook.bugfinv import BUGFInv, fuse
from quakebook.bugfinv.networks.inversion import InversionNetwork
from quakebook.bugfinv.objective.bayes.posterior import Statistics, posterior, psd_safe_cholesky

D = 6
HPS = {"gamma": 1.0, "sqrt_power": 1.0, "obs_noise": 0.05}


class Net(nn.Module):
    """A linear body and three heads, float64."""

    def __init__(self, seed=0):
        super().__init__()
        torch.manual_seed(seed)
        self.body = nn.Linear(4, D)
        self.heads = nn.ModuleList(nn.Linear(D, 1) for _ in range(3))
        self.double()

    def forward(self, x):
        h = torch.tanh(self.body(x))
        return h, torch.stack([F.mse_loss(head(h)[..., 0], y) for head, y in zip(self.heads, self.y, strict=True)])


def make(shape=(5, 7), seed=0):
    net = Net(seed)
    g = torch.Generator().manual_seed(seed + 1)
    x = torch.randn(*shape, 4, generator=g, dtype=torch.float64)
    net.y = [torch.randn(*shape, generator=g, dtype=torch.float64) for _ in range(3)]
    return net, x


def body_gradient(aggregator, net, x, labels=None, prepare=lambda h: h, **kwargs):
    net.zero_grad()
    h, losses = net(x)
    aggregator.backward(losses=losses, last_layer_params=list(net.heads.parameters()), representation=prepare(h),
                        labels=net.y if labels is None else labels, **kwargs)
    return net.body.weight.grad.clone()


def test_equals_the_oracle_through_the_network(oracle):
    net, x = make()
    features = torch.randn(50, D, dtype=torch.float64, generator=torch.Generator().manual_seed(9))
    labels = [torch.randn(50, dtype=torch.float64, generator=torch.Generator().manual_seed(k)) for k in range(3)]
    found = body_gradient(BUGFInv(reg_hps=HPS), net, x, full_train_features=features, full_train_labels=labels)
    h, _ = net(x)
    rows, y = h.detach().reshape(-1, D), torch.stack(net.y, -1).reshape(-1, 3)
    full, fy = features, torch.stack(labels, -1)
    precision = torch.eye(D, dtype=torch.float64) + (full.T @ full + rows.T @ rows) / 0.05
    sigma = torch.linalg.inv(precision)
    mu = (sigma @ (full.T @ fy + rows.T @ y) / 0.05).T
    expected, variance = oracle(rows, y, mu, sigma)
    net.zero_grad()
    h.backward(gradient=fuse(expected, variance.clamp_min(1e-8)).reshape(h.shape))
    assert (found - net.body.weight.grad).norm() < 1e-10 * found.norm()


@pytest.mark.parametrize("layout", ["flat", "one group", "last axis", "tuple", "stacked", "channel first"])
def test_layouts_agree(layout):
    net, x = make()
    want = body_gradient(BUGFInv(reg_hps=HPS), net, x)
    aggregator, labels, prepare = BUGFInv(reg_hps=HPS), net.y, lambda h: h
    if layout == "flat":
        prepare, labels = (lambda h: h.reshape(-1, D)), [y.flatten() for y in net.y]
    elif layout == "one group":
        aggregator, labels = BUGFInv(3, [3], reg_hps=HPS), [torch.stack(net.y, -1)]
    elif layout == "last axis":
        labels = [y[..., None] for y in net.y]
    elif layout == "tuple":
        labels = tuple(net.y)
    elif layout == "stacked":
        labels = torch.stack(net.y, -1)
    else:
        aggregator, prepare = BUGFInv(reg_hps=HPS, feature_dim=1), lambda h: h.transpose(1, 2)
    assert torch.allclose(body_gradient(aggregator, net, x, labels, prepare), want, rtol=1e-12, atol=1e-16)


def test_readme_loop():
    """The README's loop with the chapter's network, raw seismic as full data and an encoder."""
    torch.manual_seed(0)
    network = InversionNetwork(channels=(8, 8, 8, 8), regression=(8, 8, 8, 8))
    seismic, logs = torch.randn(4, 6, 32), torch.randn(3, 4, 32)
    aggregator = BUGFInv(num_tasks=3, n_outputs_per_task_group=[1, 1, 1], agg_scheme_hps={},
                         reg_hps={"gamma": 0.001, "sqrt_power": 1.0, "obs_noise": 1.0}, encoder=network.shared_encoder)
    optimiser = torch.optim.Adam(network.parameters())
    before = network.encoder[0].skip.weight.detach().clone()
    for _ in range(2):
        features = network.shared_encoder(seismic)
        predictions = (network.vp_head(features), network.vs_head(features), network.density_head(features))
        losses = torch.stack([F.mse_loss(p, y) for p, y in zip(predictions, logs, strict=True)])
        assert aggregator.backward(
            losses=losses, last_layer_params=list(network.task_specific_parameters()), representation=features,
            labels=list(logs), full_train_features=seismic, full_train_labels=tuple(logs)) is None
        optimiser.step()
        optimiser.zero_grad()
    assert network.training and not torch.equal(before, network.encoder[0].skip.weight)


def test_heads_are_overwritten_and_shared_gradients_accumulate():
    net, x = make()
    aggregator = BUGFInv(reg_hps=HPS)
    once = body_gradient(aggregator, net, x)
    head = net.heads[0].weight.grad.clone()
    h, losses = net(x)
    aggregator.backward(losses, list(net.heads.parameters()), h, net.y)
    assert torch.allclose(net.body.weight.grad, 2 * once)
    assert torch.equal(net.heads[0].weight.grad, head)


def test_loss_values_do_not_reach_the_shared_gradient():
    net, x = make()
    want = body_gradient(BUGFInv(reg_hps=HPS), net, x)
    net.zero_grad()
    h, losses = net(x)
    BUGFInv(reg_hps=HPS).backward(losses * 100, list(net.heads.parameters()), h, net.y)
    assert torch.equal(net.body.weight.grad, want)


def test_unused_head_gets_none():
    net, x = make()
    h, losses = net(x)
    unused = nn.Parameter(torch.ones(2))
    unused.grad = torch.ones(2)
    BUGFInv(reg_hps=HPS).backward(losses, [unused, *net.heads.parameters()], h, net.y)
    assert unused.grad is None and net.heads[0].weight.grad is not None


def test_without_full_data_the_prior_stands_alone():
    net, x = make()
    h, _ = net(x)
    rows, y = h.detach().reshape(-1, D), torch.stack(net.y, -1).reshape(-1, 3)
    (group,) = BUGFInv(reg_hps=HPS).posterior(rows, y)
    precision = torch.eye(D, dtype=torch.float64) + rows.T @ rows / 0.05
    assert torch.allclose(group.posterior.covariance, torch.linalg.inv(precision), rtol=1e-10, atol=1e-15)


def test_kept_full_data_equal_given_ones():
    net, x = make()
    full = {"full_train_features": torch.randn(9, 11, D, dtype=torch.float64), "full_train_labels":
            tuple(torch.randn(9, 11, dtype=torch.float64) for _ in range(3))}
    aggregator = BUGFInv(reg_hps=HPS)
    given = body_gradient(aggregator, net, x, **full)
    assert torch.equal(body_gradient(aggregator, net, x), given)
    assert not torch.allclose(body_gradient(BUGFInv(reg_hps=HPS), net, x), given)


@pytest.mark.parametrize("bias", [False, True])
def test_accumulating_in_parts_equals_at_once(bias):
    h, y = torch.randn(100, D, dtype=torch.float64), torch.randn(100, 3, dtype=torch.float64)
    at_once, parts = (BUGFInv(reg_hps=HPS, model_bias=bias) for _ in range(2))
    at_once.set_full_data(h, y)
    for k in range(0, 100, 30):
        parts.accumulate(h[k:k + 30], list(y[k:k + 30].T))
    parts.end_epoch()
    a, b = (x.posterior()[0].posterior for x in (at_once, parts))
    assert torch.allclose(a.mean, b.mean, rtol=1e-12, atol=1e-14)
    assert torch.allclose(a.covariance, b.covariance, rtol=1e-12, atol=1e-15)
    restored = BUGFInv(reg_hps=HPS, model_bias=bias)
    restored.load_state_dict(parts.state_dict())
    assert torch.equal(restored.posterior()[0].posterior.mean, b.mean)


def test_bias_absorbs_an_offset():
    g = torch.Generator().manual_seed(0)
    h = torch.randn(400, D, generator=g, dtype=torch.float64)
    w = torch.randn(D, 3, generator=g, dtype=torch.float64)
    y = h @ w + 3.0 + 0.1 * torch.randn(400, 3, generator=g, dtype=torch.float64)
    residual = {}
    for bias in (False, True):
        (group,) = posterior(Statistics.of(h, y, bias), 10.0, (0.01,) * 3)
        p = group.posterior
        residual[bias] = float((h @ p.mean.T + p.bias_mean - y).square().mean())
    assert residual[True] < 0.011 and residual[False] > 5


def test_noise_per_task_gives_one_posterior_per_value(oracle):
    net, x = make()
    noise = [0.05, 0.5, 0.05]
    aggregator = BUGFInv(reg_hps={**HPS, "obs_noise": noise})
    found = body_gradient(aggregator, net, x)
    h, _ = net(x)
    rows, y = h.detach().reshape(-1, D), torch.stack(net.y, -1).reshape(-1, 3)
    moments = []
    for t, s2 in enumerate(noise):
        sigma = torch.linalg.inv(torch.eye(D, dtype=torch.float64) + rows.T @ rows / s2)
        moments.append(oracle(rows, y[:, t:t + 1], (sigma @ rows.T @ y[:, t:t + 1] / s2).T, sigma))
    fused = fuse(torch.cat([m for m, _ in moments], 1), torch.cat([v for _, v in moments], 1).clamp_min(1e-8))
    net.zero_grad()
    h.backward(gradient=fused.reshape(h.shape))
    assert (found - net.body.weight.grad).norm() < 1e-10 * found.norm()
    assert len(aggregator.posterior(rows, y)) == 2


def test_half_precision_features(dtype=torch.bfloat16):
    h = torch.randn(30, D).to(dtype).requires_grad_()
    heads = torch.randn(3, D, dtype=dtype, requires_grad=True)
    y = [torch.randint(0, 3, (30,)) for _ in range(3)]
    losses = torch.stack([F.mse_loss(h @ w, t.to(dtype)) for w, t in zip(heads, y, strict=True)])
    BUGFInv(reg_hps=HPS).backward(losses, [heads], h, y)
    wide = h.detach().float().requires_grad_()
    BUGFInv(reg_hps=HPS).backward(losses.detach().float() + 0 * wide.sum(), [], wide, y)
    assert h.grad.dtype == dtype and torch.allclose(h.grad.float(), wide.grad, rtol=0.01, atol=1e-3)


def test_warm_up_is_the_plain_sum():
    net, x = make()
    found = body_gradient(BUGFInv(reg_hps=HPS, warmup_steps=1), net, x)
    net.zero_grad()
    net(x)[1].sum().backward()
    assert torch.allclose(found, net.body.weight.grad, atol=1e-15)


def test_clipping_bounds_the_gradient_at_the_representation():
    net, x = make()
    h, losses = net(x)
    h.retain_grad()
    BUGFInv(reg_hps=HPS, max_norm=1e-3).backward(losses, [], h, net.y)
    assert float(h.grad.norm()) == pytest.approx(1e-3)


@pytest.mark.parametrize("change, message", [
    ({"labels": [torch.zeros(5, 7)] * 2}, "expected 3, found 2"),
    ({"labels": [torch.zeros(35)] * 3}, r"`labels\[0\]` must have shape \(5, 7, 1\) or \(5, 7\)"),
    ({"labels": {"vp": 1}}, "list or tuple"),
    ({"labels": torch.zeros(3, 5, 7)}, r"\(5, 7, 3\)"),
    ({"labels": [torch.full((5, 7), float("nan"))] * 3}, "`labels` holds 105 NaN"),
    ({"full_train_features": torch.zeros(2, D)}, "belong together"),
    ({"full_train_features": torch.zeros(2, 9, 4), "full_train_labels": [torch.zeros(2, 9)] * 3}, "encoder"),
    ({"full_train_features": torch.full((2, D), float("nan")), "full_train_labels": [torch.zeros(2)] * 3},
     "`full_train_features` holds"),
    ({"losses": 3.0}, "`losses` must be a tensor"),
    ({"losses": torch.ones(2)}, r"one loss per task, 3; found shape \(2,\)"),
    ({"losses": [torch.ones(4)] * 3}, "one number"),
    ({"losses": torch.tensor([1.0, float("nan"), 1.0])}, "`losses` must be finite"),
    ({"losses": torch.ones(3)}, "`losses` have no gradient"),
    ({"representation": torch.zeros(5, 7, D)}, "has no gradient"),
    ({"representation": np.zeros((5, 7, D))}, "must be a tensor"),
    ({"representation": torch.zeros(5, 7, D, dtype=torch.float16, requires_grad=True)}, "float16"),
    ({"full_train_features": np.zeros((2, D)), "full_train_labels": [torch.zeros(2)] * 3}, "from_numpy"),
])
def test_bad_calls_are_named(change, message):
    net, x = make()
    h, losses = net(x)
    call = {"losses": losses, "last_layer_params": list(net.heads.parameters()), "representation": h, "labels": net.y}
    with pytest.raises(ValueError, match=message):
        BUGFInv(reg_hps=HPS).backward(**{**call, **change})


def test_nan_in_the_features_is_named_and_ends_nothing():
    with pytest.raises(ValueError, match="`representation` holds 1 NaN"):
        h = torch.zeros(4, D).index_put((torch.tensor(2), torch.tensor(0)), torch.tensor(float("nan")))
        BUGFInv().backward(h.requires_grad_().sum(), [], h, [torch.zeros(4)] * 3)


def test_frozen_heads_keep_no_gradient_and_leave_the_shared_one_alone():
    net, x = make()
    expected = body_gradient(BUGFInv(reg_hps=HPS), net, x)
    for head in net.heads:
        head.requires_grad_(False)
        head.weight.grad = head.bias.grad = None
    assert torch.allclose(body_gradient(BUGFInv(reg_hps=HPS), net, x), expected, atol=1e-15)
    assert net.heads[0].weight.grad is None


def test_an_encoder_is_used_also_where_the_number_of_samples_is_that_of_the_features():
    """Raw inputs (n, 6, T) with T = d look like features; the encoder must still see them."""
    network = InversionNetwork(6, (8,) * 4, (8,) * 4).eval()
    raw, logs = torch.randn(3, 6, 8), [torch.randn(3, 8) for _ in range(3)]
    with_encoder, with_features = BUGFInv(reg_hps=HPS, encoder=network.shared_encoder), BUGFInv(reg_hps=HPS)
    with_encoder.set_full_data(raw, logs, d=8)
    with_features.set_full_data(network.shared_encoder(raw), logs, d=8)
    means = [b.posterior()[0].posterior.mean for b in (with_encoder, with_features)]
    assert torch.allclose(*means, atol=1e-8)


def test_power_zero_is_the_plain_mean_of_the_expected_gradients():
    net, x = make()
    h, losses = net(x)
    h.retain_grad()
    aggregator = BUGFInv(reg_hps={**HPS, "sqrt_power": 0.0}, summary=True)
    aggregator.backward(losses, [], h, net.y)
    rows, y = h.detach().reshape(-1, D), torch.stack([t.flatten() for t in net.y], 1)
    (group,) = aggregator.posterior(rows, y)
    sigma, mu = group.posterior.covariance, group.posterior.mean
    expected = sum(2 * (rows @ sigma + ((rows @ m)[:, None] - y[:, t:t + 1]) * m) for t, m in enumerate(mu)) / 3
    assert torch.allclose(h.grad.reshape(-1, D), expected / len(rows), atol=1e-12)
    assert float(aggregator.last.spread) == pytest.approx(0, abs=1e-12)
    assert float(aggregator.last.cosine) == pytest.approx(1)


def _two_processes(rank, port, folder):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", rank=rank, world_size=2)
    net, _ = make()
    own, x = make(seed=10 + rank)
    net.y = own.y
    h, losses = net(x)
    BUGFInv(reg_hps=HPS).backward(losses, list(net.heads.parameters()), h, net.y)
    torch.save([p.grad for p in net.heads.parameters()], folder / f"{rank}.pt")
    distributed.destroy_process_group()


def test_heads_are_averaged_over_processes(tmp_path):
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    multiprocessing.spawn(_two_processes, (port, tmp_path), nprocs=2)
    first, second = (torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in (0, 1))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    alone = []
    for rank in (0, 1):
        net, _ = make()
        own, x = make(seed=10 + rank)
        net.y = own.y
        alone.append(torch.autograd.grad(net(x)[1].sum(), list(net.heads.parameters())))
    assert all(torch.allclose(a, (p + q) / 2, atol=1e-14) for a, p, q in zip(first, *alone, strict=True))


@pytest.mark.parametrize("kwargs, message", [
    ({"reg_hps": {"gama": 1}}, "known are"), ({"reg_hps": {"gamma": 0}}, "`gamma` must be a positive"),
    ({"n_outputs_per_task_group": [1, 1]}, "for 3 tasks"), ({"reg_hps": {"obs_noise": [1, 2]}}, "one per task group"),
])
def test_bad_options_are_named(kwargs, message):
    with pytest.raises(ValueError, match=message):
        BUGFInv(**kwargs)


def test_cholesky_jitter():
    rank_one = torch.ones(3, 3, dtype=torch.float64)
    factor = psd_safe_cholesky(rank_one)
    assert torch.allclose(factor @ factor.T, rank_one, atol=1e-6)
    with pytest.raises(ValueError, match="not positive definite"):
        psd_safe_cholesky(-torch.eye(3), tries=3)
