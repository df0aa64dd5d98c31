"""Final heights against scatter: means, spreads and the published values."""

import numpy as np
import pytest

from quakebook.bluedisc.figures.mean_target import final_heights, peak_against_scatter
from quakebook.bluedisc.studies.moving_targets import Simulation


def cell(scale, skew, peak, height):
    curve, heights = np.zeros((2, 100)), np.array([0.98, height])
    curve[0], curve[-1, 40] = 0.99, peak  # only the last step counts
    return Simulation(scale, skew, 0, np.zeros(2), np.linspace(-3, 3, 100), curve, np.zeros(2), heights)


GRID = {(0.1, 0.0, 42): cell(0.1, 0.0, 0.8, 0.9), (0.1, 0.0, 1): cell(0.1, 0.0, 0.6, 0.7),
        (0.3, 0.0, 42): cell(0.3, 0.0, 0.5, 0.8), (0.3, 0.0, 1): cell(0.3, 0.0, 0.5, 0.6),
        (0.1, -10.0, 42): cell(0.1, -10.0, 0.85, 0.95)}


def test_heights_of_the_last_step_of_every_seed():
    points, shapes = final_heights(GRID, 0.1, 0.0)
    assert points.tolist() == [0.8, 0.6] and shapes.tolist() == [0.9, 0.7]


def test_means_and_standard_deviations_over_the_seeds():
    first, second = peak_against_scatter(GRID).axes
    assert [ax.get_title() for ax in (first, second)] == ["(a) skew 0", "(b) skew -10"]
    points, shapes = (bars.lines[0] for bars in first.containers)
    np.testing.assert_allclose(points.get_xdata(), [0.1, 0.3])
    np.testing.assert_allclose(points.get_ydata(), [0.7, 0.5])
    np.testing.assert_allclose(shapes.get_ydata(), [0.8, 0.7])
    low, high = first.containers[1].lines[1]
    np.testing.assert_allclose(low.get_ydata(), [0.7, 0.6])  # 0.9 and 0.7 spread by 0.1, so do 0.8 and 0.6
    np.testing.assert_allclose(high.get_ydata(), [0.9, 0.8])


def test_theory_runs_a_little_beyond_the_largest_scatter():
    first, second = peak_against_scatter(GRID).axes
    for ax, last in ((first, 0.315), (second, 0.105)):
        line = next(line for line in ax.lines if line.get_label() == "mean target (theory)")
        assert (line.get_xdata()[0], line.get_xdata()[-1]) == pytest.approx((0.01, last))
    line = next(line for line in first.lines if line.get_label() == "mean target (theory)")
    expected = 0.2 / np.hypot(0.2, line.get_xdata())  # without skew
    np.testing.assert_allclose(line.get_ydata(), expected, atol=1e-6)
    published = next(line for line in second.lines if line.get_label() == "Gaussian, published")
    assert list(published.get_ydata()) == [0.95, 0.9, 0.85, 0.75]
