"""Rules: what stands on the parameters after one call."""

import pytest
import torch

from quakebook.bugfinv import InversionNetwork, settings
from quakebook.bugfinv.objective import rules


def call(*overrides):
    torch.manual_seed(0)
    network = InversionNetwork(channels=(6,) * 4, regression=(6,) * 4, dropout=0.0)
    x, y = torch.randn(3, 6, 30), torch.randn(3, 3, 30)
    features, prediction = network(x, with_features=True)
    losses = torch.stack([torch.nn.functional.mse_loss(prediction[:, t], y[:, t]) for t in range(3)])
    cfg = settings.config(*overrides, preset="quick")
    log = rules.make(cfg)(losses, network, features, y)
    if cfg.objective.solver.unit_norm:  # as the training step does
        rules.to_unit_length(network)
    return network, log["weights"], torch.cat([p.grad.flatten() for p in network.shared_parameters()])


def test_constant_weights_are_the_plain_gradient():
    _, _, plain = call("objective.method=cw")
    _, weights, doubled = call("objective.method=cw", "objective.task_weights=[2,2,2]")
    assert torch.allclose(doubled, 2 * plain, rtol=1e-4) and weights.tolist() == [2, 2, 2]


@pytest.mark.parametrize("method", ["cw", "bugfinv", "mgda", "uncertainty", "famo"])
def test_unit_norm_changes_length_only(method):
    network, _, unit = call(f"objective.method={method}", "objective.solver.unit_norm=true")
    plain_network, _, plain = call(f"objective.method={method}")
    assert float(unit.norm()) == pytest.approx(1.0, rel=1e-5)
    assert torch.allclose(unit, plain / plain.norm(), rtol=1e-4, atol=1e-7)
    assert torch.allclose(network.task1.weight.grad, plain_network.task1.weight.grad / plain.norm(), rtol=1e-4)


@pytest.mark.parametrize("on", ["parameters", "features"])
@pytest.mark.parametrize("method", ["mgda", "imtl_g"])
def test_solvers_weigh_the_shared_gradient_only(method, on):
    network, weights, _ = call(f"objective.method={method}", f"objective.solver.on={on}")
    plain_network, _, _ = call("objective.method=cw")
    assert torch.allclose(network.task2.weight.grad, plain_network.task2.weight.grad, rtol=1e-4, atol=1e-7)
    assert not torch.allclose(weights, torch.ones(3))


def test_solver_on_features_equals_the_weighted_sum():
    _, weights, found = call("objective.method=mgda", "objective.solver.on=features")
    words = ",".join(f"{float(w):.9g}" for w in weights)
    _, _, want = call("objective.method=cw", f"objective.task_weights=[{words}]")
    assert torch.allclose(found, want, rtol=1e-3, atol=1e-6)


def test_nash_shared_gradient_has_norm_one():
    _, weights, gradient = call("objective.method=nash")
    assert float(gradient.norm()) == pytest.approx(1.0, abs=1e-4) and (weights > 0).all()


def test_adding_a_plain_gradient():
    parameter = torch.nn.Parameter(torch.ones(3))
    rules.add_plain((parameter**2).sum(), [parameter])
    rules.add_plain((parameter**2).sum(), [parameter])
    assert parameter.grad.tolist() == [4, 4, 4]
