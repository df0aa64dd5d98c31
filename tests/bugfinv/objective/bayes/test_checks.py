"""What losses and representation must be, and gradients of heads by hand."""

import pytest
import torch
from torch import nn

from quakebook.bugfinv.objective.bayes import checks


def test_losses_become_one_tensor():
    parts = [torch.tensor(1.0), torch.tensor([2.0]), torch.tensor([[3.0]])]
    assert checks.stacked(parts, {3}).tolist() == [1.0, 2.0, 3.0] == checks.stacked(tuple(parts), {1, 3}).tolist()
    whole = torch.tensor([1.0, 2.0])
    assert checks.stacked(whole, {2}) is whole


@pytest.mark.parametrize(("losses", "message"), [
    (3.0, "found float"), ([torch.tensor(1.0), 2.0], "found list"), ([torch.zeros(2)], r"found shapes \[\(2,\)\]"),
    ([], r"one loss per task, 2 or 3; found shape \(0,\)"), (torch.zeros(4), r"2 or 3; found shape \(4,\)"),
    (torch.zeros(2, 1), "found shape"), (torch.tensor([1.0, float("nan")]), "must be finite"),
    (torch.tensor([float("inf"), 1.0]), "must be finite")])
def test_losses_that_are_none(losses, message):
    with pytest.raises(ValueError, match=message):
        checks.stacked(losses, {2, 3})


def test_losses_may_be_infinite_where_nobody_asks():
    assert checks.stacked(torch.tensor([float("inf"), 1.0]), {2}, finite=False)[0] == float("inf")


def test_a_representation_has_a_gradient():
    checks.differentiable(torch.zeros(2, requires_grad=True))
    with pytest.raises(ValueError, match="`representation` has no gradient"):
        checks.differentiable(torch.zeros(2))
    with pytest.raises(ValueError, match="found list"):
        checks.differentiable([1.0])


def test_gradients_of_heads_by_hand():
    """3 a + b^2 at b = 2: 3 and 4; a frozen and an unused parameter get none."""
    a, b, unused, frozen = (nn.Parameter(torch.tensor(2.0)) for _ in range(4))
    frozen.requires_grad_(False)
    checks.head_gradients(3 * a + b**2 + frozen, [a, b, unused, frozen])
    assert (a.grad.item(), b.grad.item(), unused.grad, frozen.grad) == (3.0, 4.0, None, None)
    checks.head_gradients(torch.tensor(1.0), [frozen])  # nothing to learn: nothing to complain about
    with pytest.raises(ValueError, match="`losses` have no gradient"):
        checks.head_gradients(torch.tensor(1.0), [a])


@pytest.mark.parametrize("processes", [1, 4])
def test_gradients_are_averaged_over_processes(monkeypatch, processes):
    """Every process has the same gradient here; one that is missing counts as zero, a frozen parameter is left."""
    a, b, frozen = nn.Parameter(torch.tensor([6.0])), nn.Parameter(torch.tensor([1.0])), nn.Parameter(torch.zeros(1))
    a.grad, frozen = torch.tensor([6.0]), frozen.requires_grad_(False)
    monkeypatch.setattr(checks.distributed, "is_initialized", lambda: True)
    monkeypatch.setattr(checks.distributed, "get_world_size", lambda: processes)
    monkeypatch.setattr(checks.distributed, "all_reduce", lambda gradient: gradient.mul_(2))  # two of them have it
    checks.average_over_processes([a, b, frozen])
    if processes == 1:
        assert a.grad.tolist() == [6.0] and b.grad is None
    else:
        assert a.grad.tolist() == [3.0] and b.grad.tolist() == [0.0] and frozen.grad is None


def test_without_processes_nothing_is_averaged(monkeypatch):
    a = nn.Parameter(torch.tensor([1.0]))
    monkeypatch.setattr(checks.distributed, "is_initialized", lambda: False)
    monkeypatch.setattr(checks.distributed, "all_reduce", lambda gradient: pytest.fail("nobody to talk to"))
    checks.average_over_processes([a])
    assert a.grad is None
