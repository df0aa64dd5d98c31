"""Effective detections against precision, from four peaks and five labels counted by hand."""

import numpy as np
import pytest

from quakebook.bluedisc.figures import operating
from quakebook.bluedisc.figures.colours import MODE_COLOURS
from quakebook.bluedisc.scoring.peaks import Peaks


def peaks_of(rows, labels):
    """Peaks of (height, error, distance)."""
    height, error, distance = (np.array(column, np.float32) for column in zip(*rows, strict=True))
    zero = np.zeros(len(rows), np.float32)
    return Peaks(zero.astype(np.int32), zero, height, error, distance, zero, zero, np.ones(labels, np.int32))


FIVE = peaks_of([(0.9, 2, 2), (0.65, 5, 5), (0.6, 40, 40), (0.35, -1, 1)], 5)
FOUR = peaks_of([(0.85, 0, 0), (0.75, 0, 0), (0.55, 0, 0), (0.2, 90, 90)], 4)


@pytest.fixture
def axes():
    runs = {"a-0": {"P": FOUR, "S": FIVE}, "a-1": {"P": FOUR, "S": FIVE}, "b-0": {"P": FIVE, "S": FOUR}}
    return operating.price(runs, {"a-0": "bce", "a-1": "bce", "b-0": "hybrid"}).axes


def curve(line):
    return np.asarray(line.get_xdata()), np.asarray(line.get_ydata())


def test_detections_and_precision_at_every_threshold(axes):
    """Of five labels 3, 2, 1, 0 are found as the threshold passes 0.35, 0.65, 0.9."""
    found, precision = curve(axes[1].get_lines()[0])
    threshold = np.arange(10, 96) / 100
    expected = np.select([threshold <= 0.35, threshold <= 0.65, threshold <= 0.9], [60, 40, 20], 0)
    np.testing.assert_allclose(found, expected)
    right = np.select([threshold <= 0.35, threshold <= 0.6, threshold <= 0.65, threshold <= 0.9],
                      [75, 100 * 2 / 3, 100, 100], np.nan)
    np.testing.assert_allclose(precision, right)


def test_a_dot_at_the_threshold_of_picks_and_a_cross_at_one_half(axes):
    _, dot, cross = axes[1].get_lines()[:3]
    assert (dot.get_marker(), cross.get_marker()) == ("o", "x")
    assert [value[0] for value in curve(dot)] == pytest.approx([20, 100])
    assert [value[0] for value in curve(cross)] == pytest.approx([40, 100 * 2 / 3])
    assert {line.get_color() for line in axes[1].get_lines()[:6]} == {MODE_COLOURS["bce"]}
    assert {line.get_color() for line in axes[1].get_lines()[6:9]} == {MODE_COLOURS["hybrid"]}


def test_p_stands_left_and_s_right(axes):
    assert curve(axes[0].get_lines()[0])[0].max() == 75 and curve(axes[0].get_lines()[6])[0].max() == 60
    assert [ax.get_xlabel() for ax in axes] == ["P labels found within 0.1 s (%)", "S labels found within 0.1 s (%)"]
    names = [text.get_text() for text in axes[0].get_legend().get_texts()]
    assert names == ["BCE", "hybrid", "threshold 0.7", "threshold 0.5"]  # one entry a kind


def test_the_axes_hold_the_curves_from_three_to_eight_tenths(axes):
    """S: five labels give 60 to 20 % found at 200/3 to 100 %; four give 75 to 25 % at 100 %."""
    assert axes[1].get_xlim() == pytest.approx((20 - 2, 75 + 2))
    assert axes[1].get_ylim() == pytest.approx((200 / 3 - 3, 101))


def test_the_axes_end_at_nothing_and_at_all():
    whole = peaks_of([(0.79, 0, 0), (0.31, 200, 200)] + [(0.3, 200, 200)] * 60, 1)
    axes = operating.price({"a": {"P": whole, "S": whole}}, {"a": "bce"}).axes
    assert axes[0].get_xlim() == (0, 101) and axes[0].get_ylim() == (0, 101)  # 1 of 62 is 1.6 %
