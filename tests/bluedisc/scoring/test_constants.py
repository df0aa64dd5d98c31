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
