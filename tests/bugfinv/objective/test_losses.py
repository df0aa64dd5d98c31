"""Andrews' loss at and beside its edge, losses by name, and the seismic term through a forward model that is known."""

import math

import pytest
import torch
from torch import nn

from quakebook.bugfinv.objective.losses import AndrewsLoss, criterion, supervision_share
from quakebook.bugfinv.objective.seismic_loss import PhysicsLoss


def loss_at(r, **options):
    return AndrewsLoss(**options)(torch.tensor([r], dtype=torch.float64), torch.zeros(1, dtype=torch.float64)).item()


@pytest.mark.parametrize(("r", "value"), [(0.0, 0.0), (1.0, math.log(1.25)), (-1.0, math.log(1.25)),
                                          (1.999, math.log(1 + 0.9995**2)), (2.0, 1.0), (3.0, 2.0), (-5.0, 4.0)])
def test_andrews_of_width_two(r, value):
    """log(1 + r^2 / 4) below 2, from there on r - 1."""
    assert loss_at(r, delta=2.0) == pytest.approx(value)


@pytest.mark.parametrize("delta", [0.5, 1.0, 3.0])
def test_the_lift_closes_the_drop_at_any_width(delta):
    """log 2 on both sides, and a slope of one beyond."""
    assert loss_at(delta, delta=delta, continuous=True) == pytest.approx(math.log(2))
    assert loss_at(delta + 1, delta=delta, continuous=True) == pytest.approx(math.log(2) + 1)
    assert loss_at(delta * (1 - 1e-9), delta=delta) == pytest.approx(math.log(2))


def test_losses_are_means_and_the_width_is_one_unless_told():
    two = torch.tensor([2.0, 0.0]), torch.zeros(2)
    assert AndrewsLoss()(*two).item() == 0.75 and criterion("andrews")(*two).item() == 0.75
    assert criterion("andrews_continuous")(*two).item() == pytest.approx((1.5 + math.log(2) - 0.5) / 2)
    assert criterion("mse")(*two).item() == 2.0
    for delta in (0.0, -1.0):
        with pytest.raises(ValueError, match="must be positive"):
            AndrewsLoss(delta)
    with pytest.raises(ValueError, match="unknown loss 'huber'; known are mse, andrews, andrews_continuous"):
        criterion("huber")


@pytest.mark.parametrize(("epoch", "share"), [(0, 1.0), (600, math.exp(-0.5)), (2400, math.exp(-2))])
def test_share_of_the_labels(epoch, share):
    assert supervision_share(epoch) == pytest.approx(share)


def physics(mode="on"):
    return PhysicsLoss(lambda logs: logs, torch.tensor([4.0, 2.0, 1.0]), torch.tensor([2.0, 1.0, 0.5]),
                       torch.tensor([1.0, 0.5, 0.25]), 0.5, 2.0, nn.MSELoss(), mode)


def test_the_seismic_term_undoes_and_makes_the_normalisation():
    """Normalised zeros are 4, 2, 1; a forward model that gives the logarithms back: (ln x - 0.5) / 2."""
    prediction = torch.zeros(1, 3, 2)
    want = (torch.log(torch.tensor([4.0, 2.0, 1.0])) - 0.5) / 2
    assert physics()(prediction, want[None, :, None].expand(1, 3, 2)).item() == pytest.approx(0.0, abs=1e-12)
    assert physics()(prediction + 1, want[None, :, None].expand(1, 3, 2)).item() == pytest.approx(
        (math.log(1.5) / 2) ** 2)


def test_predictions_below_the_floor_are_taken_for_it():
    """-9 would be below zero in all three: ln 1, ln 0.5, ln 0.25."""
    want = (torch.log(torch.tensor([1.0, 0.5, 0.25])) - 0.5) / 2
    assert physics()(torch.full((1, 3, 1), -9.0), want[None, :, None]).item() == pytest.approx(0.0, abs=1e-12)


def test_the_published_copy_has_no_gradient():
    prediction = torch.zeros(1, 3, 2, requires_grad=True)
    assert physics()(prediction, torch.zeros(1, 3, 2)).requires_grad
    assert not physics("reference")(prediction, torch.zeros(1, 3, 2)).requires_grad
    with pytest.raises(ValueError, match="must be 'on' or 'reference'; found 'off'"):
        physics("off")
