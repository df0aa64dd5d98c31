"""Chosen numbers of the scores."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from quakebook.bluedisc.scoring import followed, predict
from quakebook.bluedisc.scoring.reliability import reliability


def test_probabilities_are_sorted_into_25_bins_of_200_samples_at_least():
    table = reliability(torch.tensor([0.0, 0.0399, 0.0401, 1.0]), torch.ones(4))
    assert table.count.shape == (25,) and table.count[[0, 1, 24]].tolist() == [2, 1, 1]
    many = reliability(torch.tensor([0.5] * 200 + [0.9] * 199), torch.zeros(399))
    assert many.curve()[0].tolist() == pytest.approx([0.5])


@pytest.mark.parametrize(("picks", "whole"), [
    ((101.0, 2899.0), True), ((100.0, 2000.0), False), ((500.0, 2901.0), False), ((101.0, np.nan), False)])
def test_followed_windows_hold_both_picks_a_second_inside(picks, whole):
    tables = {phase: torch.tensor([[at]]) for phase, at in zip("PS", picks, strict=True)}

    class One:
        records = SimpleNamespace(source="by hand")
        picks = tables

        def __len__(self):
            return 1

        def fixed_starts(self):
            return torch.zeros(1, dtype=torch.int64)

        def cut(self, record, start):
            return SimpleNamespace(x=torch.zeros(len(record), 3, 3001), number=record)

    if whole:
        assert followed.choose_track(One(), 1)[0].tolist() == [0]
    else:
        with pytest.raises(ValueError, match="0 exist"):
            followed.choose_track(One(), 1)


def test_kept_steps_of_a_training():
    assert followed.kept_steps(10, 4) == [1, 4, 8, 10] and followed.kept_steps(8, 4) == [1, 4, 8]
    assert followed.kept_steps(3, 1) == [1, 2, 3] and followed.kept_steps(5, 0) == []


def test_steps_shown_stand_close_together_at_first():
    """Nine of 0 to 100: 100 (k / 8)^2 = 0, 1.6, 6.25, 14.1, 25, 39.1, 56.25, 76.6, 100, cut to whole steps."""
    track = followed.Track(np.arange(101), *(np.zeros(1),) * 5, names=[])
    assert track.spaced(9) == [0, 1, 6, 14, 25, 39, 56, 76, 100]
    assert track.spaced(2) == [0, 100] and track.spaced(3, first=50) == [50, 62, 100]


def test_all_fixed_windows_are_seen_unless_told():
    class Five:
        def __len__(self):
            return 5

        def fixed_starts(self):
            return torch.arange(5)

        def cut(self, record, start):
            return record.tolist()

    assert list(predict.fixed_windows(Five(), 2)) == [(0, [0, 1]), (2, [2, 3]), (4, [4])]
    assert list(predict.fixed_windows(Five(), 2, 3)) == [(0, [0, 1]), (2, [2])]
    assert list(predict.fixed_windows(Five(), 9, 99)) == [(0, [0, 1, 2, 3, 4])]


def track(steps):
    """A track whose predictions and heads hold the number of their step."""
    steps = np.asarray(steps)
    number = steps.astype(np.float32)
    return followed.Track(steps, number[:, None, None, None] * np.ones((1, 1, 3, 5), np.float32),
                          np.zeros((1, 3, 5)), np.zeros((1, 3, 5)), number[:, None, None] * np.ones((1, 3, 8)),
                          number[:, None] * np.ones((1, 3)), ["a"])


@pytest.mark.parametrize(("count", "told"), [
    (12, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12"), (13, "1, 2, 3, 4, 5, 6, …, 9, 10, 11, 12, 13")])
def test_more_than_twelve_kept_steps_are_told_by_their_ends(count, told):
    kept = track(range(1, count + 1))
    for call in (lambda: kept.at(99), lambda: kept.between(50, 60)):
        with pytest.raises(ValueError, match=f"kept steps: {told}$"):
            call()


def test_kept_steps_are_found_by_their_number():
    kept = track([1, 10, 20, 40])
    assert kept.at(20).max() == 20 and (kept.nearest(14), kept.nearest(16), kept.nearest(99)) == (10, 20, 40)
    part = kept.between(10, 20)
    assert part.step.tolist() == [10, 20] and part.prediction[:, 0, 0, 0].tolist() == [10, 20]
    assert part.head_weight[:, 0, 0].tolist() == [10, 20] == part.head_bias[:, 2].tolist()
    again = followed.Track.from_arrays(kept.arrays())
    assert again.names == ["a"] and np.array_equal(again.prediction, kept.prediction)
    assert followed.Track.from_arrays(kept.arrays() | {"names": np.array([b"x"])}).names == ["x"]


def test_a_run_that_followed_nothing_has_nothing_to_draw():
    empty = followed.replace(track([1]), names=[])
    run = SimpleNamespace(id="abc", read_arrays=lambda name: empty.arrays())
    with pytest.raises(ValueError, match="run abc followed no window"):
        followed.followed(run)
    assert followed.followed(SimpleNamespace(read_arrays=lambda name: track([1]).arrays())).names == ["a"]


def test_predictions_and_heads_are_kept_at_their_step():
    """Two of the steps 1, 4, 8 and 10; what nobody kept stays zero."""
    recorder = object.__new__(followed.Recorder)
    recorder.steps, recorder.names = followed.kept_steps(10, 4), ["a"]
    recorder.windows = SimpleNamespace(x=torch.full((1, 3, 5), 7.0), y=torch.full((1, 3, 5), 9.0))
    recorder.prediction, recorder.head_weight, recorder.head_bias = (
        torch.zeros(4, *shape) for shape in ((1, 3, 5), (3, 8), (3,)))
    head = torch.nn.Conv1d(8, 3, 1)
    recorder.keep(4, torch.full((1, 3, 5), 0.5), head)
    recorder.keep(10, torch.full((1, 3, 5), 0.75), head)
    found = recorder.track()
    assert found.step.tolist() == [1, 4, 8, 10] and found.prediction[:, 0, 0, 0].tolist() == [0, 0.5, 0, 0.75]
    assert np.array_equal(found.head_weight[1], head.weight.detach().numpy()[:, :, 0])
    assert np.array_equal(found.head_bias[3], head.bias.detach().numpy()) and not found.head_bias[2].any()
    assert found.waveform[0, 0, 0] == 7 and found.label[0, 0, 0] == 9
    other = object.__new__(followed.Recorder)
    other.prediction, other.head_weight, other.head_bias = (torch.zeros_like(v) for v in recorder.state_dict().values())
    other.load_state_dict(recorder.state_dict())
    assert torch.equal(other.prediction, recorder.prediction) and torch.equal(other.head_bias, recorder.head_bias)


@pytest.mark.parametrize(("curve", "at", "width"), [
    ([0.0, 1.0, 0.0], 1, 1.0), ([0.0, 0.5, 1.0, 0.25, 0.0], 2, 1 + 2 / 3), ([1.0, 0.0, 0.0], 0, 0.5),
    ([0.9, 1.0, 0.0], 1, 1.5), ([0.0, 0.0, 1.0], 2, 0.5)])
def test_widths_that_can_be_read_off(curve, at, width):
    """Crossings lie on straight lines between samples; a side that never falls to half ends at the edge."""
    from quakebook.bluedisc.scoring.peaks import half_width

    found = half_width(torch.tensor([curve], dtype=torch.float64), torch.tensor([at]))
    assert found.tolist() == pytest.approx([width])
