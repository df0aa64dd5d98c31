"""Windows of the benchmark tasks cut from a curve whose peaks are known."""

import math

import numpy as np
import pytest
import torch

from quakebook.magnitude.scoring import predict_picks
from quakebook.magnitude.scoring.pick_scores import WindowPicks
from quakebook.magnitude.scoring.scores import score_phases

NAN = math.nan


def curves(*peaks):
    """One window of 30 s: P and S curves with single samples (phase, sample, height)."""
    values = torch.zeros(1, 2, 3000)
    for phase, sample, height in peaks:
        values[0, phase, sample] = height
    return values


def test_the_first_pick_inside_the_window():
    picks = torch.tensor([[-1.0, 20.0, 10.0], [NAN, NAN, 3000.0], [0.0, 5.0, NAN], [2999.0, 4000.0, NAN]])
    assert predict_picks._first_inside(picks, 3000).tolist() == pytest.approx([10, NAN, 0, 2999], nan_ok=True)


def test_sums_of_squares_and_labels():
    label, predicted = torch.tensor([[[0.0, 1.0, 0.5]]]), torch.tensor([[[0.5, 1.0, 0.0]]])
    assert predict_picks._sums(predicted, label).tolist() == [0.5, 1.5, 1.25, 3]


def test_one_onset_is_scored_in_ten_seconds_around_it():
    """P at sample 1200: 1200 times 7919 leaves 1 of 97; the window begins 0.2 + 0.6 / 97 of its length before."""
    first = 993
    window = curves((0, 1230, 0.9), (1, first, 0.4), (1, first - 1, 1.0), (0, first + 1000, 1.0))
    found = predict_picks._short_windows(window, torch.tensor([[1200.0, NAN]]))
    names = ("score_p", "score_s", "is_p", "error_s")
    assert [float(found[name]) for name in names] == pytest.approx([0.9, 0.4, 1, 0.3])


def test_windows_begin_up_to_eight_tenths_of_their_length_before_the_pick():
    """1225 times 7919 leaves 96 of 97: 0.2 + 0.6 * 96 / 97 of ten seconds are 793.8 samples."""
    first = 1225 - 794
    window = curves((0, 1225, 0.5), (1, first, 0.4), (1, first - 1, 1.0), (0, first + 1000, 1.0))
    found = predict_picks._short_windows(window, torch.tensor([[1225.0, NAN]]))
    assert [float(found[name]) for name in ("score_p", "score_s", "error_s")] == pytest.approx([0.5, 0.4, 0.0])


def test_windows_with_both_onsets_are_left_out():
    near = predict_picks._short_windows(curves(), torch.tensor([[1200.0, 1210.0]]))
    assert all(len(value) == 0 for value in near.values())
    far = predict_picks._short_windows(curves((0, 190, 0.8), (1, 2700, 0.7)), torch.tensor([[200.0, 2650.0]]))
    assert far["is_p"].tolist() == [1, 0] and far["error_s"].tolist() == pytest.approx([-0.1, 0.5])
    assert far["score_p"].tolist() == pytest.approx([0.8, 0.0]) and far["score_s"].tolist() == pytest.approx([0.0, 0.7])


@pytest.mark.parametrize(("pick", "first"), [(5.0, 0), (2990.0, 2000)])
def test_windows_stay_inside(pick, first):
    found = predict_picks._short_windows(curves((0, first, 0.5), (0, first + 999, 0.6)), torch.tensor([[pick, NAN]]))
    assert found["score_p"].tolist() == pytest.approx([0.6])
    assert found["error_s"].tolist() == pytest.approx([(first + 999 - pick) / 100], rel=1e-5)


def test_blocks_are_joined_in_double_precision():
    parts = [{"is_p": torch.tensor([1.0])}, {"is_p": torch.tensor([0.0, 1.0])}]
    joined = predict_picks._join(parts)
    assert joined["is_p"].tolist() == [1, 0, 1] and joined["is_p"].dtype == np.float64 and predict_picks._join([]) == {}


def test_tables_count_picks_within_half_and_a_tenth_of_a_second():
    """Four labels of P, missed by 0.05, 0.105, 0.45 and 0.55 s; those of S are hit, one of them too low."""
    label = np.full(4, 10.0)
    picks = {"P": WindowPicks(np.full(4, 0.9), label + [0.05, -0.105, 0.45, -0.55], label),
             "S": WindowPicks(np.array([0.9, 0.9, 0.9, 0.2]), label, label)}
    short = {"score_p": np.array([0.9, 0.2]), "score_s": np.array([0.1, 0.8]), "is_p": np.array([1.0, 0.0]),
             "error_s": np.array([0.0, 1.5])}
    sums = {"squared_error": 2.0, "label": 4.0, "label_squared": 4.0, "n": 8.0}
    found = predict_picks.PhasePredictions(picks, np.array([True, True, False, False]), short, sums)
    rows = score_phases(found, 0.3, {"P": 0.95, "S": 0.1})
    assert rows["P"]["within_0.5s"]["recall"] == 0.75 and rows["P"]["within_0.1s"]["recall"] == 0.25
    assert rows["S"]["within_0.1s"]["recall"] == 0.75 and rows["S"]["tuned_within_0.1s"]["recall"] == 1
    assert rows["P"]["tuned_within_0.5s"]["recall"] == 0 and rows["P"]["residual"]["n"] == 3
    assert (rows["P"]["tuned_threshold"], rows["threshold"]) == (0.95, 0.3)
