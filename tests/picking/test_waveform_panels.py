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
