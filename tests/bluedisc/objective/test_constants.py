"""Weights of the three modes as published."""

import pytest

from quakebook.bluedisc.objective.losses import Weights, generator_loss


def test_weights_of_the_modes():
    """Hybrid: the data loss weighs 4000 beside an adversary of 1; the other modes have one loss alone."""
    assert Weights.of_mode("hybrid") == Weights(gan=1.0, data=4000.0)
    assert Weights.of_mode("gan") == Weights(gan=1.0, data=0.0) and Weights.of_mode("bce") == Weights(0.0, 1.0)
    assert generator_loss(4001.0, 0.0, Weights.of_mode("hybrid")) == pytest.approx(1.0)
    assert generator_loss(0.0, 4001.0, Weights.of_mode("hybrid")) == pytest.approx(4000.0)


@pytest.mark.parametrize(("gan", "data"), [(-1.0, 5.0), (5.0, -1.0), (0.0, 0.0)])
def test_weights_that_are_none(gan, data):
    with pytest.raises(ValueError, match="non-negative and not both zero"):
        Weights(gan, data)
