"""Runs compared and shapes over steps: which curve stands in which panel."""

import numpy as np
import pytest

from quakebook.bluedisc.figures import curves

T = np.arange(3001)


def bumps(p, s, s_height=1.0):
    return np.stack([np.exp(-0.5 * ((T - p) / 20) ** 2), s_height * np.exp(-0.5 * ((T - s) / 20) ** 2),
                     np.zeros(3001)])


LABEL, WAVE = bumps(800, 1200), np.arange(9003.0).reshape(3, 3001) / 9003


def named(ax):
    return {line.get_label(): line for line in ax.get_lines()}


def picks(ax):
    """Bars of predicted picks of the waveform panel: (seconds, low, high, strength)."""
    return [(line.get_xdata()[0], *line.get_ydata(), line.get_alpha()) for line in ax.get_lines()
            if len(line.get_xdata()) == 2 and line.get_xdata()[0] == line.get_xdata()[1] and line.get_lw() == 1.8]


@pytest.mark.parametrize(("count", "heights"), [
    (1, [(-0.5, 0.5, 0.6)]), (2, [(-0.3, 0.8, 0.6), (-0.8, 0.3, 0.8)]),
    (3, [(-0.3, 0.8, 0.6), (-0.5, 0.5, 0.8), (-0.8, 0.3, 1.0)])])
def test_picks_of_the_runs_are_staggered_over_the_waveform(count, heights):
    """Run k picks P at 8.0 s + k / 10; its S of 0.6 is below the threshold."""
    runs = {f"run {k}": bumps(800 + 10 * k, 1200, 0.6) for k in range(count)}
    fig = curves.runs_compared(WAVE, LABEL, runs, "a title")
    expected = [(8.0 + k / 10, *height) for k, height in enumerate(heights)]
    np.testing.assert_allclose(picks(fig.axes[0]), expected)
    assert fig.axes[0].get_title(loc="left") == "a title"
    assert [ax.get_title(loc="left") for ax in fig.axes[1:]] == list(runs)
    for ax, run in zip(fig.axes[1:], runs.values(), strict=True):
        np.testing.assert_array_equal(named(ax)["P predicted"].get_ydata(), run[0])
        np.testing.assert_array_equal(named(ax)["S predicted"].get_ydata(), run[1])


def test_labels_stand_behind_the_waveform_and_the_components_in_it():
    ax = curves.runs_compared(WAVE, LABEL, {"a": LABEL}).axes[0]
    for channel, component in enumerate("ZNE"):
        np.testing.assert_array_equal(named(ax)[component].get_ydata(), WAVE[channel])
    assert [named(ax)[f"{phase} label"].get_xdata()[0] for phase in "PS"] == [8.0, 12.0]


def test_a_row_for_each_step():
    steps = {10: bumps(800, 1200, 0.2), 400: bumps(800, 1210, 0.9)}
    fig = curves.shape_over_steps(WAVE, LABEL, steps, time_range=(5.0, 20.0), title="mode", channels=("P", "S", "D"))
    assert [ax.get_ylabel() for ax in fig.axes[1:]] == ["Step 10", "Step 400"]
    assert fig.axes[-1].get_xlim() == (5.0, 20.0) and fig.axes[0].get_title(loc="left") == "mode"
    for ax, made in zip(fig.axes[1:], steps.values(), strict=True):
        np.testing.assert_array_equal(named(ax)["S predicted"].get_ydata(), made[1])
        assert "D predicted" in named(ax) and ax.get_ylim() == (0, 1.05)
    assert curves.shape_over_steps(WAVE, LABEL, steps).axes[-1].get_xlim() == (0, 30)


def test_runs_stand_in_columns_and_steps_in_rows():
    runs = {"BCE": {1: bumps(800, 1200, 0.1), 50: bumps(800, 1200, 0.5)},
            "hybrid": {1: bumps(800, 1200, 0.3), 50: bumps(800, 1200, 0.9)}}
    fig = curves.shape_of_runs(LABEL, runs, (6.0, 14.0))
    peaks = [named(ax)["S predicted"].get_ydata().max() for ax in fig.axes]
    assert peaks == pytest.approx([0.1, 0.3, 0.5, 0.9])
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["BCE", "hybrid", "", ""]
    assert [ax.get_ylabel() for ax in fig.axes] == ["Step 1", "", "Step 50", ""]
    assert [ax.get_xlabel() for ax in fig.axes] == ["", "", "Time (s)", "Time (s)"]
    assert fig.axes[0].get_xlim() == (6.0, 14.0)
