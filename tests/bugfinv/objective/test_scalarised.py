"""FAMO and uncertainty weighting by hand, and a shared gradient of length one."""

import pytest
import torch

from quakebook.bugfinv.networks.inversion import InversionNetwork
from quakebook.bugfinv.objective.rules import to_unit_length
from quakebook.bugfinv.objective.scalarised import SCALARISED


def losses_of(w):
    """Three losses 1, 2 and 4 with gradients 2 w in their own direction."""
    return w.square() * torch.tensor([1.0, 2.0, 4.0])


def called(name):
    w = torch.nn.Parameter(torch.ones(3))
    rule = SCALARISED[name](0.1)
    log = rule(losses_of(w), None, None, None)
    return rule, w, log["weights"]


def test_famo_weighs_by_the_inverse_of_the_loss():
    """At the start z = 1/3 each: weights z / L over their sum, for L = 1, 2, 4: (4, 2, 1) / 7."""
    rule, w, weights = called("famo")
    assert weights.tolist() == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert torch.allclose(w.grad, weights * 2 * torch.tensor([1.0, 2.0, 4.0]))
    rule.after(torch.tensor([0.5, 2.0, 4.0]))  # the first task fell: it is listened to less
    logits = rule.state_dict()["scalariser"]["_w"]
    assert logits[0] < logits[1] and logits[1] == pytest.approx(float(logits[2]))


def test_uncertainty_weighting_is_exp_of_minus_s_over_two():
    """s = 0: weights 1/2. ds = (1 - L) / 2: the task with loss above 1 gets a larger s, hence a smaller weight."""
    rule, w, weights = called("uncertainty")
    assert weights.tolist() == [0.5] * 3 and torch.allclose(w.grad, torch.tensor([1.0, 2.0, 4.0]))
    s = rule.state_dict()["scalariser"]["log_var"]
    assert s[0] == 0.0 and s[1] == pytest.approx(0.1, rel=1e-4) and s[2] == pytest.approx(0.1, rel=1e-4)
    later = rule(losses_of(w), None, None, None)["weights"]
    assert later[2] == pytest.approx(0.5 * 2.718281828 ** -0.1, rel=1e-4)


@pytest.mark.parametrize("name", list(SCALARISED))
def test_state_goes_round(name):
    rule, w, _ = called(name)
    if name == "famo":
        rule.after(torch.tensor([0.5, 1.0, 3.0]))
    other = SCALARISED[name](0.1)
    other.load_state_dict(rule.state_dict())
    again = [each(losses_of(w), None, None, None)["weights"] for each in (rule, other) for _ in range(1)]
    assert torch.equal(*again)


def test_all_gradients_are_divided_by_the_length_of_the_shared_one():
    torch.manual_seed(0)
    network = InversionNetwork(6, (4,) * 4, (5,) * 4)
    network(torch.randn(2, 6, 9)).square().mean().backward()
    shared = torch.cat([p.grad.flatten() for p in network.shared_parameters()])
    head = network.task1.weight.grad.clone()
    to_unit_length(network)
    after = torch.cat([p.grad.flatten() for p in network.shared_parameters()])
    assert float(after.norm()) == pytest.approx(1.0, rel=1e-5)
    assert torch.allclose(after * shared.norm(), shared, atol=1e-7)
    assert torch.allclose(network.task1.weight.grad * shared.norm(), head, atol=1e-6)
