"""Mean labels against predicted probabilities, over samples and at peaks, by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.bluedisc.figures.colours import MODE_COLOURS
from quakebook.bluedisc.figures.reliability import reliability_curves
from quakebook.bluedisc.scoring.reliability import Reliability

#: Bins of 100 (too few), 200 and 400 samples.
TABLE = Reliability(np.array([100.0, 200.0, 400.0]), np.array([10.0, 100.0, 320.0]), np.array([5.0, 50.0, 300.0]))


def peaks(groups):
    """Peaks of (count, height, label)."""
    height = np.concatenate([np.full(count, h, np.float32) for count, h, _ in groups])
    label = np.concatenate([np.full(count, y, np.float32) for count, _, y in groups])
    return SimpleNamespace(height=height, label_at_peak=label)


def drawn(groups, names=("a",)):
    found = {name: {"S": peaks(groups), "P": None} for name in names}
    return reliability_curves({name: {"S": TABLE, "P": None} for name in names}, found,
                              dict(zip(names, ("bce", "bce", "gan"), strict=False))).axes


def test_left_the_means_of_the_bins_that_hold_enough_samples():
    line, diagonal = drawn([(20, 0.5, 0.5)])[0].get_lines()
    np.testing.assert_allclose([line.get_xdata(), line.get_ydata()], [[0.5, 0.8], [0.25, 0.75]])
    assert diagonal.get_xydata().tolist() == [[0, 0], [1, 1]]


def test_right_the_means_of_the_peaks_in_eighteen_bins_from_a_tenth_to_one():
    """Bins of 0.05: 0.52 and 0.54 share one, 0.56 is in the next, one of nineteen peaks is not drawn."""
    line = drawn([(10, 0.52, 0.2), (30, 0.54, 0.4), (20, 0.56, 0.9), (19, 0.82, 0.0)])[1].get_lines()[0]
    np.testing.assert_allclose(line.get_xdata(), [(10 * 0.52 + 30 * 0.54) / 40, 0.56], rtol=1e-6)
    np.testing.assert_allclose(line.get_ydata(), [0.35, 0.9], rtol=1e-6)


def test_the_first_and_the_last_bin_take_what_lies_beyond():
    line = drawn([(10, 0.05, 0.0), (10, 0.12, 0.2), (10, 0.97, 0.8), (10, 1.0, 1.0)])[1].get_lines()[0]
    np.testing.assert_allclose(line.get_xdata(), [0.085, 0.985], rtol=1e-6)
    np.testing.assert_allclose(line.get_ydata(), [0.1, 0.9], rtol=1e-6)


def test_runs_of_a_kind_share_colour_and_one_entry_in_the_legend():
    left, right = drawn([(20, 0.5, 0.5)], ("a", "b", "c"))
    for ax in (left, right):
        colours = [line.get_color() for line in ax.get_lines()[:3]]
        assert colours == [MODE_COLOURS["bce"], MODE_COLOURS["bce"], MODE_COLOURS["gan"]]
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["BCE", "GAN only"]
    assert [ax.get_title(loc="left") for ax in (left, right)] == ["every sample", "at the peaks"]
    assert left.get_xlim() == left.get_ylim() == pytest.approx((0, 1))
