"""Waveform panels: times, limits and labels."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from quakebook.picking import waveform_panels as panels

T = np.arange(3001)


def curves(p=None, s=None, height=1.0):
    rows = [np.zeros(3001) if at is None else height * np.exp(-0.5 * ((T - at) / 20) ** 2) for at in (p, s)]
    return np.stack([*rows, np.zeros(3001)])


def test_seconds_of_samples():
    np.testing.assert_allclose(panels.time_axis(4), [0, 0.01, 0.02, 0.03])


def test_picks_are_at_least_seven_tenths_high():
    assert panels.picks_of(curves(500, height=0.7)[0]).tolist() == [5.0]
    assert panels.picks_of(curves(500, height=0.69)[0]).tolist() == []
    assert panels.picks_of(curves(500, height=0.5)[0], 0.5).tolist() == [5.0]


@pytest.mark.parametrize(("p", "s", "shown"), [(800, 1200, (4.0, 16.0)), (100, 1200, (0.0, 16.0)),
                                               (800, 2900, (4.0, 30.01)), (None, 1200, (8.0, 16.0)),
                                               (None, None, (0.0, 30.01))])
def test_all_labels_stand_in_view_with_four_seconds_round_them(p, s, shown):
    assert panels.around(curves(p, s)) == pytest.approx(shown)


def test_a_margin_of_ones_own():
    assert panels.around(curves(800, 1200), 1.0) == pytest.approx((7.0, 13.0))


def test_curves_with_their_labels():
    axes = Figure().subplots()
    panels.draw_curves(axes, curves(800, 1200, 0.6), curves(810, 1210), panels.channels_of("D"))
    lines = {line.get_label(): line for line in axes.get_lines()}
    assert {"P predicted", "S predicted", "D predicted"} <= set(lines) and "N label" not in lines
    assert lines["S predicted"].get_ydata()[1200] == pytest.approx(0.6)
    filled = {part.get_label(): part.get_paths()[0].vertices for part in axes.collections}
    assert set(filled) == {"P label", "S label", "D label"}
    assert filled["S label"][filled["S label"][:, 1].argmax(), 0] == pytest.approx(12.1)
    noise = Figure().subplots()
    panels.draw_curves(noise, curves(800), 1 - curves(800))
    label = next(line for line in noise.get_lines() if line.get_label() == "N label")
    assert set(label.get_ydata()) == {1.0}


def test_bars_of_predicted_picks():
    axes = Figure().subplots()
    panels.draw_picks(axes, curves(800, 1200, 0.9), -0.3, 0.8, 0.5, "here")
    assert [(line.get_xdata()[0], *line.get_ydata(), line.get_label()) for line in axes.get_lines()] == [
        (8.0, -0.3, 0.8, "P here"), (12.0, -0.3, 0.8, "S here")]


def test_components_and_labels_of_a_waveform():
    """North and east grey behind a black vertical; a bar for each labelled pick, named once a phase."""
    axes = Figure().subplots()
    label = curves(800, 1200)
    label[0] += curves(2000)[0]
    panels.draw_waveform(axes, np.arange(9003).reshape(3, 3001), label)
    east, north, up = (next(line for line in axes.get_lines() if line.get_label() == name) for name in "ENZ")
    assert (east.get_ydata()[0], north.get_ydata()[0], up.get_ydata()[0]) == (6002, 3001, 0)
    assert up.get_color() == "black" and up.get_xdata()[-1] == 30.0
    bars = [(line.get_xdata()[0], line.get_label()) for line in axes.get_lines() if len(line.get_xdata()) == 2]
    assert [at for at, _ in bars] == [8.0, 20.0, 12.0]
    assert (bars[0][1], bars[2][1]) == ("P label", "S label") and bars[1][1].startswith("_")
    assert axes.get_ylim() == (-1.1, 1.1)
    bare = Figure().subplots()
    panels.draw_waveform(bare, np.zeros((3, 10)))
    assert len(bare.get_lines()) == 3


def test_a_phase_is_named_once_in_the_legend():
    axes = Figure().subplots()
    panels.draw_picks(axes, curves(800) + curves(1500), 0.0, 1.0, 1.0, "x")
    assert [line.get_label().startswith("_") for line in axes.get_lines()] == [False, True]
    panels.draw_curves(axes, curves(800), curves(800))
    assert [line.get_ydata()[0] for line in axes.get_lines() if line.get_linestyle() == ":"] == [0.7]
