"""Errors and heights of the matched peaks: counts of the histograms by hand."""

import numpy as np
import pytest

from quakebook.bluedisc.figures.peaks import heights_of_precise, peak_statistics
from quakebook.bluedisc.scoring.peaks import Peaks
from quakebook.bluedisc.settings import EvaluationConfig

#: (height, error in samples): two in one cell, one late and high, one exactly 0.1 s off and low, one unmatched.
ROWS = [(0.81, 1), (0.83, 2), (0.95, 200), (0.5, -10), (0.9, np.nan)]


def peaks(rows=ROWS, labels=8):
    height, error = (np.array(column, np.float32) for column in zip(*rows, strict=True))
    zero = np.zeros(len(rows), np.float32)
    return Peaks(zero.astype(np.int32), zero, height, error, np.abs(np.nan_to_num(error, nan=1e6)), zero, zero,
                 np.ones(labels, np.int32))


@pytest.fixture
def cell():
    fig = peak_statistics({"BCE": {"P": peaks(), "S": peaks()}})
    return [ax for ax in fig.axes if ax.axison][:3]


def test_the_plane_counts_matched_peaks_by_error_and_height(cell):
    main = next(ax for ax in cell if ax.get_xlabel() == "Error (s)")
    counts = main.collections[0].get_array().reshape(25, 100)  # heights of 0.04 by errors of 0.07 s
    assert counts.filled(0).sum() == 4 and counts.filled(0).max() == 2
    # 0.01 and 0.02 s lie in the bin from 0 to 0.07 s, which follows 50 others; 0.81 and 0.83 in 0.80 to 0.84
    assert counts[20, 50] == 2 and counts[23, 78] == 1 and counts[12, 48] == 1
    text = main.texts[0].get_text()
    assert text == "labels 8\nover, precise 25.0 %\nbelow, precise 12.5 %"


def test_the_gaussian_and_the_limits_are_drawn(cell):
    main = next(ax for ax in cell if ax.get_xlabel() == "Error (s)")
    bell, low, high, threshold = main.get_lines()
    assert np.interp([-0.2, 0.0, 0.4], bell.get_xdata(), bell.get_ydata()) == pytest.approx(np.exp([-0.5, 0, -2]))
    assert [low.get_xdata()[0], high.get_xdata()[0]] == [-0.1, 0.1] and threshold.get_ydata()[0] == 0.7
    main = next(ax for ax in peak_statistics(
        {"a": {"P": peaks(), "S": peaks()}}, EvaluationConfig(confidence=0.5, precise_samples=20)).axes
        if ax.get_xlabel() == "Error (s)")
    assert [line.get_xdata()[0] for line in main.get_lines()[1:3]] == [-0.2, 0.2]
    assert main.get_lines()[3].get_ydata()[0] == 0.5


def test_margins_hold_all_and_the_high_or_the_precise(cell):
    top = next(ax for ax in cell if ax.get_ylabel() == "Count")
    side = next(ax for ax in cell if ax.get_ylabel() == "" and ax is not top)
    every, high = ([bar.get_height() for bar in top.patches[k * 100:(k + 1) * 100]] for k in (0, 1))
    assert sum(every) == 4 and sum(high) == 3  # 0.5 is not high
    every, precise = ([bar.get_width() for bar in side.patches[k * 25:(k + 1) * 25]] for k in (0, 1))
    assert sum(every) == 4 and sum(precise) == 3  # 2 s off is not precise; exactly 0.1 s is


def test_no_run_or_four_are_refused():
    for count in (0, 4):
        with pytest.raises(ValueError, match=f"one to three runs can be compared; found {count}"):
            peak_statistics({f"run {k}": {} for k in range(count)})


def test_mean_and_range_of_the_seeds_in_percent_of_the_labels():
    """Seeds with 2 and 4 of 8 labels at 0.8, and 1 and none at 0.5."""
    first = {"P": peaks(), "S": peaks([(0.81, 0), (0.82, 0), (0.5, 0), (0.82, 11)])}
    second = {"P": peaks(), "S": peaks([(0.81, 0)] * 4)}
    ax = heights_of_precise({"BCE": [first, second]}).axes[1]
    band, mean = (patch.get_data() for patch in ax.patches)
    assert (band.baseline[20], band.values[20], mean.values[20]) == (25, 50, 37.5)
    assert (band.baseline[12], band.values[12], mean.values[12]) == (0, 12.5, 6.25)
    assert mean.values.sum() == 43.75 and ax.get_lines()[0].get_xdata()[0] == 0.7
    none = {"P": peaks(labels=0), "S": peaks(labels=0)}
    assert heights_of_precise({"BCE": [none]}).axes[1].patches[1].get_data().values[20] == 200  # no labels: of one
