"""Moving targets: densities, curves and texts of one cell, from numbers of our own."""

import numpy as np
import pytest
from scipy.stats import gaussian_kde

from quakebook.bluedisc.figures import moving_targets, moving_targets_frames
from quakebook.bluedisc.studies.moving_targets import Simulation


def cell(steps=101, scale=0.3, skew=0.0):
    """Step k: point-wise curve k / 1000 everywhere, Gaussian of height k / 200 at k / 100 s."""
    number = np.arange(steps)
    times = np.random.default_rng(0).normal(0, scale, steps)
    return Simulation(scale, skew, 42, times, np.linspace(-3, 3, 100), number[:, None] / 1000 * np.ones(100),
                      number / 100, number / 200)


def test_targets_against_their_step_over_a_density_of_height_one():
    result = cell()
    axis = moving_targets.single_cell(result).axes[0]
    line, = axis.get_lines()
    grid, density = np.linspace(-3, 3, 200), gaussian_kde(result.target_time_s)(np.linspace(-3, 3, 200))
    np.testing.assert_allclose(line.get_xdata(), grid)
    np.testing.assert_allclose(line.get_ydata(), density / density.max())
    dots = axis.collections[-1].get_offsets()
    np.testing.assert_allclose(dots, np.column_stack([result.target_time_s, np.arange(101) / 100]))
    assert axis.get_title() == "Scale=0.3 s, Skew=0"


def test_curves_of_every_fiftieth_step_and_the_last():
    _, points, shapes = moving_targets.single_cell(cell(121)).axes
    assert [line.get_ydata()[0] for line in points.get_lines()] == pytest.approx([0, 0.05, 0.1, 0.12])
    heights = [line.get_ydata().max() for line in shapes.get_lines()]
    assert heights == pytest.approx([0, 0.25, 0.5, 0.6], abs=1e-3)
    centres = [line.get_xdata()[line.get_ydata().argmax()] for line in shapes.get_lines()[1:]]
    assert centres == pytest.approx([0.5, 1.0, 1.2])


def test_a_short_run_shows_its_first_and_last_step():
    _, points, _ = moving_targets.single_cell(cell(50)).axes
    assert [line.get_ydata()[0] for line in points.get_lines()] == pytest.approx([0, 0.049])


def test_gaussian_of_a_fifth_of_a_second():
    curve = moving_targets.gaussian_curve(cell(), 100)  # height 0.5 at 1 s
    at = np.interp([0.6, 0.8, 1.0, 1.2], moving_targets.TIME_S, curve)
    assert at == pytest.approx(0.5 * np.exp([-2, -0.5, 0, -0.5]))


def test_theory_is_the_mean_target_of_the_cell():
    curve = moving_targets.theory_curve(cell(scale=0.2))
    assert curve.max() == pytest.approx(0.5 ** 0.5, abs=1e-6)
    assert moving_targets.TIME_S[curve.argmax()] == pytest.approx(0)


@pytest.mark.parametrize(("step", "shown"), [(None, 100), (40, 40)])
def test_a_frame_says_the_peaks_of_its_step(step, shown):
    left, right = moving_targets_frames.frame(cell(), step).axes
    said = [ax.texts[0].get_text() for ax in (left, right)]
    assert said == [f"peak {shown / 1000:.2f}", f"peak {shown / 200:.2f}"]
    assert left.texts[1].get_text() == f"scale 0.3 s\nskew 0\nstep {shown}"
    ticks = left.get_lines()[1]
    np.testing.assert_array_equal(ticks.get_xdata(), cell().target_time_s[: shown + 1])  # the targets so far
    assert left.get_lines()[-1].get_ydata()[0] == pytest.approx(shown / 1000)
    assert right.get_lines()[-1].get_ydata().max() == pytest.approx(shown / 200, abs=1e-3)


def test_frames_rise_with_the_scale_for_each_skewness():
    cells = {(scale, skew): cell(3, scale, skew) for scale in (0.5, 0.1) for skew in (-10.0, 0.0)}
    rows = moving_targets_frames.scatter_frames(cells)
    assert {name: [fig.axes[0].texts[1].get_text().split()[1] for fig in figs] for name, figs in rows.items()} == {
        "skew 0": ["0.1", "0.5"], "skew -10": ["0.1", "0.5"]}
    assert list(rows) == ["skew 0", "skew -10"]


def test_axes_are_the_published_ones():
    """Common x from -3 to 3 s with ticks every 2 s, y from 0 to 1.1; each panel has a bar from step 0 to the last."""
    axes = moving_targets.single_cell(cell(121)).axes
    for axis, label in zip(axes, ("Targets", "Point-wise", "Gaussian"), strict=True):
        assert axis.get_xlim() == (-3, 3) and axis.get_ylim() == pytest.approx((0, 1.1))
        assert axis.get_xticks().tolist() == [-2, 0, 2] and axis.texts[0].get_text() == label
        bar, = axis.child_axes
        assert bar.get_xlim() == (0, 120) and bar.get_xticks().tolist() == [0, 120]
    assert [axis.get_ylabel() for axis in axes] == ["Density", "Probability", "Probability"]
    assert axes[-1].get_xlabel() == "Time (s)"


def test_a_grid_has_a_column_a_scale_and_three_rows_a_skewness():
    """Scales rise to the right; no skewness stands above skewness; only the first column has labels."""
    cells = {(scale, skew): cell(3, scale, skew) for scale in (0.5, 0.1) for skew in (-10.0, 0.0)}
    axes = np.array(moving_targets.simulation_grid(cells).axes).reshape(6, 2)
    assert [axis.get_title() for axis in (*axes[0], *axes[3])] == [
        "Scale=0.1 s, Skew=0", "Scale=0.5 s, Skew=0", "Scale=0.1 s, Skew=-10", "Scale=0.5 s, Skew=-10"]
    assert [axis.texts[0].get_text() for axis in axes[:, 1]] == ["Targets", "Point-wise", "Gaussian"] * 2
    assert axes[0, 0].get_ylabel() == "Density" and axes[0, 1].get_ylabel() == ""
    assert [axis.get_xlabel() for axis in axes[:, 0]] == ["", "", "Time (s)"] * 2
