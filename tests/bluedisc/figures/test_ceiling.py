"""Heights through training and the ceiling of the head."""

import numpy as np
import pytest

from quakebook.bluedisc.figures.ceiling import ceiling_over_steps
from quakebook.bluedisc.scoring.followed import Track


def run(shift):
    history = {"step": np.array([10.0, 20.0])}
    for channel, phase in enumerate("PS"):
        history |= {f"{phase}.height_{q}": np.array([0.2, 0.3]) + shift + channel / 100 + int(q) / 1000
                    for q in ("05", "50", "95")}
    weight = np.full((3, 3, 8), -1.0)
    weight[:, 1, 0] = [-1.0, 0.5, -1.0]  # S: one weight above 0 at the second step, so that nothing caps it
    bias = np.stack([[0.0, np.log(3.0), 9.0]] * 3)
    return history, Track(np.array([1, 5, 20]), None, None, None, weight, bias, ["a"])


def test_medians_ranges_and_ceilings_of_each_phase():
    fig = ceiling_over_steps([("one", *run(0.0)), ("two", *run(0.4))])
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["one", "two", "", ""]
    for index, (ax, shift, channel) in enumerate(zip(fig.axes, (0.0, 0.4, 0.0, 0.4), (0, 0, 1, 1), strict=True)):
        median, ceiling, threshold = ax.get_lines()
        np.testing.assert_allclose(median.get_xdata(), [10, 20])
        np.testing.assert_allclose(median.get_ydata(), np.array([0.25, 0.35]) + shift + channel / 100)
        (band,) = ax.collections
        low, high = band.get_paths()[0].vertices[:, 1].min(), band.get_paths()[0].vertices[:, 1].max()
        assert (low, high) == pytest.approx((0.205 + shift + channel / 100, 0.395 + shift + channel / 100))
        np.testing.assert_array_equal(ceiling.get_xdata(), [1, 5, 20])
        # sigmoid(0) for P; sigmoid(ln 3) = 3/4 for S where the head is capped
        expected = [0.5] * 3 if index < 2 else [0.75, np.nan, 0.75]
        np.testing.assert_allclose(ceiling.get_ydata(), expected)
        assert list(threshold.get_ydata()) == [0.7, 0.7]
