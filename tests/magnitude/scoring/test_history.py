"""What is said of losses: trend, convergence and gap, at and beside their limits."""

import pytest

from quakebook.magnitude.scoring.history import analyse


def test_best_epoch_is_counted_from_one():
    assert analyse([1.0, 1.0], [0.5, 0.25]) == [
        "epochs: 2; best dev loss 0.25000 in epoch 2", "train-dev gap: 0.7500 (large)"]
    assert analyse([], []) == ["no finished epoch"]


@pytest.mark.parametrize(("dev", "trend", "converged"), [
    ([9.0, 3.0, 2.0, 1.0], "falling", False), ([0.0, 1.0, 2.0, 3.0], "rising", False),
    ([0.0, 1.0, 3.0, 2.0], "mixed", False), ([9.0, 2.0, 2.0, 2.0], "mixed", True),
    ([9.0, 2.0, 1.9995, 1.999], "falling", True), ([9.0, 2.0, 1.5, 1.4999], "falling", False),
    ([9.0, 2.0, 1.9999, 1.5], "falling", False)])
def test_the_last_three_losses(dev, trend, converged):
    lines = analyse(dev, dev)
    assert lines[1] == f"trend of the last three dev losses: {trend}"
    assert lines[2].startswith("converged" if converged else "not") and lines[3] == "train-dev gap: 0.0000 (small)"


@pytest.mark.parametrize(("gap", "size"), [(0.125, "large"), (0.0625, "moderate"), (0.03125, "small")])
def test_size_of_the_gap_has_no_sign(gap, size):
    assert analyse([1.0], [1.0 + gap])[-1] == analyse([1.0 + gap], [1.0])[-1] == f"train-dev gap: {gap:.4f} ({size})"
