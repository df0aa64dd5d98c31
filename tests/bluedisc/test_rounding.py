"""Which trainings can be compared: two on the CPU that differ in the order of the windows of a batch."""

import pytest


@pytest.mark.parametrize("mode", ["bce", "hybrid", "gan"])
def test_in_float64_the_order_of_the_windows_changes_nothing(stepped, far, mode):
    assert far(stepped(mode, "cpu")[0], stepped(mode, "cpu", flip=True)[0]) == []


def test_in_float32_it_changes_weights_before_losses(stepped, far):
    """With beta1 = 0 four steps are enough; the first loss sees nothing of it, the second little."""
    (weights, losses), (flipped, others) = (stepped("hybrid", "cpu", "32-true", flip=flip) for flip in (False, True))
    assert len(far(weights, flipped)) > len(weights) / 4
    for name in ("g_loss", "d_loss"):
        assert others[name][0] == pytest.approx(losses[name][0], rel=1e-5)
        assert others[name][1] == pytest.approx(losses[name][1], rel=1e-2)


def test_a_step_too_many_is_seen(stepped, far, monkeypatch):
    """The comparison fails where it should: without putting back what the warm-up of a recorded step did."""
    from quakebook.training.capture import State

    monkeypatch.setattr(State, "restore", lambda self: None)
    assert far(stepped("bce", "cpu")[0], stepped("bce", "cpu", capture=True)[0])
