"""The drawn data of the figures without a model, and the numbers that the page reports."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from quakebook import plots
from quakebook.bluedisc import landscape_gaussian, landscape_pointwise
from quakebook.bluedisc.figures import moving_targets_frames as frames
from quakebook.bluedisc.figures.landscape import landscape
from quakebook.bluedisc.figures.mean_target import peak_against_scatter
from quakebook.bluedisc.figures.moving_targets import simulation_grid, single_cell
from quakebook.bluedisc.pages import without_a_model
from quakebook.bluedisc.studies.moving_targets import optimise_grid
from quakebook.publishing import claims, tables


@pytest.fixture(scope="module")
def grid():
    return optimise_grid(seeds=without_a_model.seeds("smoke"))


@pytest.fixture(scope="module")
def surfaces():
    return landscape_pointwise(), landscape_gaussian()


@pytest.fixture(autouse=True)
def no_open_figures():
    yield
    assert not plt.get_fignums()


def test_landscape_shows_curves_dots_and_arrows(surfaces):
    with plots.book_style():
        fig = landscape(*surfaces)
        fig.draw_without_rendering()
    upper, lower, *_ = fig.axes
    assert upper.get_xlabel() == "Time (s)" and lower.get_ylabel() == "Peak height"
    twins = [axes for axes in fig.axes if axes.get_legend() is not None]
    names = [[text.get_text() for text in axes.get_legend().get_texts()] for axes in twins]
    assert names == [["Label curve", "Prediction curve", "Updates"], ["Prediction curve", "After the update"]]
    assert len(twins[0].texts) == 8 and len(twins[1].texts) == 1  # arrows
    assert all(arrow.xy[0] == arrow.xyann[0] for arrow in twins[0].texts)  # no sideways part
    assert twins[1].texts[0].xy[0] < twins[1].texts[0].xyann[0] - 0.1
    curves = {line.get_label(): line.get_ydata().max() for line in twins[1].lines}
    assert curves["Prediction curve"] == pytest.approx(0.7, abs=1e-3)


def test_simulation_grid_has_three_panels_a_cell(grid):
    fig = simulation_grid(without_a_model.cells_of(grid))
    titles = [axes.get_title() for axes in fig.axes if axes.get_title()]
    assert titles[0] == "Scale=0.1 s, Skew=0" and titles[-1] == "Scale=0.5 s, Skew=-10" and len(titles) == 8
    panels = [axes for axes in fig.axes if axes.get_xlim() == (-3, 3)]
    assert len(panels) == 24 and {axes.get_ylim() for axes in panels} == {(0, 1.1)}
    curves = [axes for axes in panels if len(axes.lines) == 7]
    assert len(curves) == 16  # steps 0, 50, ..., 300, point-wise and Gaussian
    cell = grid[0.1, 0.0, 42]
    np.testing.assert_array_equal(panels[4].lines[-1].get_ydata(), cell.pointwise[300])
    fig.draw_without_rendering()


def test_single_cell_draws_short_runs_too(grid):
    short = next(iter(optimise_grid([0.2], [0.0], [1], steps=2).values()))
    for result in (grid[0.5, -10.0, 42], short):
        assert len(single_cell(result).axes) >= 3


def test_theory_figure_shows_measured_published_and_line(grid):
    fig = peak_against_scatter(grid)
    assert [axes.get_title(loc="center") for axes in fig.axes] == ["(a) skew 0", "(b) skew -10"]
    first = fig.axes[0]
    assert first.get_ylim()[0] == 0 and "(s)" in first.get_xlabel()
    published = [line for line in first.lines if line.get_label() == "point-wise, published"][0]
    assert list(published.get_ydata()) == [0.85, 0.70, 0.55, 0.40]
    line = [line for line in first.lines if "theory" in line.get_label()][0]
    assert np.interp(0.2, line.get_xdata(), line.get_ydata()) == pytest.approx(0.707, abs=2e-3)


def test_frames_are_many_enough_and_small(grid):
    cells = {(s, k): grid[0.2, k, 42] for s in frames.EXPLORER_SCALES_S for k in (0.0, -10.0)}
    with plots.book_style():
        rows = frames.scatter_frames(cells)
        by_step = frames.step_frames(grid[0.3, 0.0, 42], [0, 150, 300])
        assert list(rows) == ["skew 0", "skew -10"] and {len(row) for row in rows.values()} == {7}
        sizes = [len(plots.png(fig, 72)) for fig in (*rows["skew 0"][:2], *by_step)]
    assert max(sizes) < 25_000
    assert by_step[1].axes[0].texts[-1].get_text().endswith("step 150")


def test_every_claim_without_a_model_is_answered_and_holds(grid, surfaces):
    metrics = without_a_model.simulation_metrics(grid) | without_a_model.landscape_metrics(*surfaces)
    wanted = [claim for claim in claims.load("bluedisc") if claim.id.split("-")[0] in ("simulation", "landscape")]
    assert len(wanted) >= 42
    missed = {claim.id: metrics.get(claim.metric) for claim in wanted
              if claim.metric not in metrics or not claim.agrees(metrics[claim.metric])}
    assert not missed


def test_facts_of_a_surface_by_hand():
    """Three heights by fifteen times, half a second apart but for 1.25 s; a loss that is its own column number."""
    time_s = np.array([-3.5, -3, -2, -1.5, -1.25, -1.2, -0.5, 0, 0.5, 1.2, 1.25, 1.5, 2, 3, 3.5])
    height = np.array([0.25, 0.5, 0.75])
    loss = np.ones((3, 15))
    loss[0, [4, 5, 9, 10]] = 5.0, 9.0, 9.0, 6.0  # the flanks begin beyond 1.2 s
    loss[1, 3], loss[2, 7] = 0.25, 0.125
    numbers = without_a_model.landscape_metrics((loss, time_s, height), landscape_gaussian())
    assert numbers["landscape.flank_basin"] == 6 and numbers["landscape.maximum"] == 9
    assert numbers["landscape.half_height_loss"] == 1 and numbers["landscape.label_basin"] == 0.125
    assert numbers["landscape.ridge_loss"] == 1 and numbers["landscape.ridge_time_s"] == 3.5


def test_metrics_notice_a_wrong_surface_and_a_wrong_run(grid, surfaces):
    loss, time_s, height = surfaces[1]
    twisted = without_a_model.landscape_metrics(surfaces[0], (np.roll(loss, 5, axis=1), time_s, height))
    assert twisted["landscape.whole_minimum_position_s"] != pytest.approx(0, abs=1e-3)
    swapped = {({0.1: 0.5, 0.5: 0.1}.get(s, s), k, e): r for (s, k, e), r in grid.items()}
    assert without_a_model.simulation_metrics(swapped)["simulation.falls_with_scale"] < 1


def test_table_has_a_row_for_each_prediction_and_cell(grid):
    table = without_a_model.table(grid)
    assert len(table) == 16 and table.loc[0, "paper"] == "0.85" and table.loc[0, "seed 42"].startswith("0.8")
    text = tables.myst_table(table, "tab-x", "A caption")
    assert text.startswith("```{table} A caption\n:name: tab-x\n\n| prediction") and text.endswith("|\n```")


def test_presets():
    assert without_a_model.seeds("smoke") == [42, 0] and len(without_a_model.seeds("quick")) >= 6
    with pytest.raises(ValueError, match="unknown preset 'huge'; there are smoke, quick, paper"):
        without_a_model.seeds("huge")


def test_seeds_of_the_presets():
    """The published one and 1, 7 or 31 others, from 0 on."""
    assert [len(without_a_model.seeds(name)) for name in ("smoke", "quick", "paper")] == [2, 8, 32]
    assert without_a_model.seeds("quick") == [42, 0, 1, 2, 3, 4, 5, 6]


def simulated(scale, skew, peak, at_s, height, position_s, floor=0.01):
    """A cell whose last step has its point-wise peak at a time, and a Gaussian of a height at a position."""
    from quakebook.bluedisc.studies.moving_targets import Simulation

    time_s, curve = np.linspace(-3, 3, 61), np.full((2, 61), floor)
    curve[0, 3], curve[-1, np.abs(time_s - at_s).argmin()] = 0.99, peak
    return Simulation(scale, skew, 0, np.zeros(2), time_s, curve, np.array([9.0, position_s]), np.array([0.98, height]))


def test_what_holds_on_every_seed_by_hand():
    """Two seeds of two scales: heights fall in three of four rows; one of four Gaussians ends lower."""
    grid = {(0.3, -10.0, 42): simulated(0.3, -10.0, 0.8, -0.4, 0.9, 0.1), (0.5, -10.0, 42): simulated(
        0.5, -10.0, 0.6, 0.5, 0.7, -0.3), (0.3, -10.0, 1): simulated(0.3, -10.0, 0.7, 0.2, 0.8, 0.2, 0.03), (
        0.5, -10.0, 1): simulated(0.5, -10.0, 0.75, 0.7, 0.74, 0.0)}
    made = without_a_model.simulation_metrics(grid)
    assert made["simulation.falls_with_scale"] == 0.75 and made["simulation.gaussian_above_pointwise"] == 0.75
    assert made["simulation.pointwise_time_worst_s"] == pytest.approx(0.4)  # scales up to 0.3 s only
    assert made["simulation.gaussian_time_worst_s"] == pytest.approx(0.3)
    assert made["simulation.late_smallest_s"] == pytest.approx(0.5)
    assert made["simulation.late_largest_s"] == pytest.approx(0.7)
    assert made["simulation.floor"] == pytest.approx(0.015)
    assert made["simulation.pointwise_peak.s0.3.skew-10"] == 0.8  # the published seed
    assert made["simulation.gaussian_height.s0.5.skew-10"] == 0.7
    assert made["simulation.pointwise_peak_mean.s0.3.skew-10"] == pytest.approx(0.75)
    assert made["simulation.gaussian_height_std.s0.3.skew-10"] == pytest.approx(0.05)


@pytest.mark.parametrize(("scale", "counts"), [(0.2, True), (0.19, False)])
def test_theory_is_reached_from_two_tenths_of_a_second_on(scale, counts):
    """At 0.5 s the mean target is 0.371 high, at 0.2 s 0.707; the first cell is 0.5 off, the other 0.1."""
    first = 0.2 / np.hypot(0.2, scale) - 0.5
    grid = {(scale, 0.0, 42): simulated(scale, 0.0, first, 0.0, 0.9, 0.0),
            (0.5, 0.0, 42): simulated(0.5, 0.0, 0.2 / np.hypot(0.2, 0.5) - 0.1, 0.0, 0.9, 0.0)}
    assert max(without_a_model._gap_to_theory(grid)) == pytest.approx(0.5 if counts else 0.1)


def test_minima_and_crossings_of_a_surface_by_hand(surfaces):
    """Five positions, three heights: minima at (0.75, 1 s) and in a corner; the middle row is 0, 0.5, 1 from 0 s on."""
    position_s, height = np.array([-2.0, -1, 0, 1, 2]), np.array([0.25, 0.5, 0.75])
    loss = np.array([[7.0, 8, 8, 8, 8], [9.0, 9, 0, 0.5, 1.5], [9.0, 9, 9, -5, 9]])
    made = without_a_model.landscape_metrics(surfaces[0], (loss, position_s, height))
    assert made["landscape.whole_minima"] == 2 and made["landscape.whole_plateau"] == 9
    assert (made["landscape.whole_minimum_position_s"], made["landscape.whole_minimum_height"]) == (-2, 0.25)
    assert made["landscape.whole_crossing_0.2_s"] == pytest.approx(0.4)
    assert made["landscape.whole_crossing_1.0_s"] == pytest.approx(1.5)
    flat = without_a_model.landscape_metrics(surfaces[0], (np.zeros((3, 5)), position_s, height))
    assert flat["landscape.whole_minima"] == 0 and flat["landscape.whole_minimum_position_s"] == -2


def test_a_row_of_the_table_by_hand(grid):
    row = without_a_model.table(grid).iloc[0]
    values = [grid[0.1, 0.0, seed].pointwise_peak for seed in without_a_model.seeds("smoke")]
    assert row["seed 42"] == f"{values[0]:.3f}" and row["mean ± std"] == f"{np.mean(values):.3f} ± {np.std(values):.3f}"
    assert (row["prediction"], row["skew"], row["scale (s)"], row["mean target"]) == ("point-wise", "0", "0.1", "0.894")
    rows = without_a_model.table(grid)
    assert rows["mean target"].tolist()[8:] == ["–"] * 8 and rows["skew"].tolist() == (["0"] * 4 + ["-10"] * 4) * 2
