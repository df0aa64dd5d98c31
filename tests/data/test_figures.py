"""Figures of the data chapter: cuts, distributions, ratios and maps read back, on records made for the purpose."""

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.data import compare, figures
from quakebook.data.records import Records
from quakebook.data.synthetic import stations
from quakebook.data.synthetic.presets import PRESETS
from quakebook.plots import PALETTE, PHASE_COLOURS


@pytest.fixture
def records():
    """P at 10 s and S at 15 s in the first record, P alone at 20 s in the second, none in the third; 60 s each."""
    waves = torch.zeros(3, 3, 6000)
    waves[0, 0, 1200], waves[0, 1, 1600] = 4.0, -8.0
    table = pd.DataFrame({"trace_p_arrival_sample": [1000.0, 2000.0, np.nan],
                          "trace_s_arrival_sample": [1500.0, np.nan, np.nan]})
    return Records(waves, table, 100.0, "made up", "x")


def test_records_are_cut_round_their_picks(records):
    """From 2 s before P to 8 s after S (or after P, or after 2 s where there is none), on one scale."""
    figure = figures.side_by_side({"both": (records, 0), "P": (records, 1), "none": (records, 2)})
    axes = np.array(figure.axes).reshape(3, 3)
    ends = [(-2.0, 12.99), (-2.0, 7.99), (-2.0, 7.99)]
    for column, (first, last), title in zip(axes.T, ends, ("(a) both", "(b) P", "(c) none"), strict=True):
        assert column[0].get_xlim() == pytest.approx((first, last)) and title in column[0].get_title(loc="left")
    z, n, _ = axes[:, 0]
    time, trace = (np.asarray(values) for values in z.get_lines()[0].get_data())
    mean_z, mean_n = 4 / 1500, -8 / 1500
    largest = 8 + mean_n
    assert time[trace.argmax()] == pytest.approx(2.0) and trace.max() == pytest.approx((4 - mean_z) / largest)
    time, trace = (np.asarray(values) for values in n.get_lines()[0].get_data())
    assert time[trace.argmin()] == pytest.approx(6.0) and trace.min() == pytest.approx(-1.0)
    picks = [(line.get_xdata()[0], line.get_color()) for line in z.get_lines()[1:]]
    assert picks == [(0.0, PHASE_COLOURS["P"]), (5.0, PHASE_COLOURS["S"])]
    assert len(axes[0, 2].get_lines()) == 1
    short = figures.side_by_side({"both": (records, 0)}, before_s=1.0, after_s=3.0).axes[0]
    assert short.get_xlim() == pytest.approx((-1.0, 7.99))


@pytest.fixture
def known(monkeypatch):
    """The comparison answers with fixed numbers; each set is a number that is added to them."""
    monkeypatch.setattr(compare, "comparable", lambda records: records)
    monkeypatch.setattr(compare, "p_snr_db", lambda k: np.array([30.0, np.nan, 10.0, 20.0, 40.0]) + k)
    monkeypatch.setattr(compare, "s_minus_p_s", lambda k: np.array([4.0, 2.0]) + k)
    monkeypatch.setattr(compare, "log_s_over_p", lambda k: np.array([0, 1, 2, 3, 4.0])[:, None] * [0.1, 0.2, 0.4] + k)
    monkeypatch.setattr(compare, "horizontal_envelope", lambda k: (np.array([-1.0, 1.0]), np.array([0.5, 0.7]) + k))


def test_shares_of_records_rise_to_one(known):
    left, right = figures.distributions({"a": 0, "b": 1}).axes
    for k, line in enumerate(left.get_lines()):
        np.testing.assert_allclose(line.get_xdata(), np.array([10, 20, 30, 40]) + k)
        np.testing.assert_allclose(line.get_ydata(), [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(right.get_lines()[1].get_data(), [[3, 5], [0.5, 1]])


def test_s_over_p_with_the_middle_half(known):
    left, right = figures.s_over_p({"a": 0, "b": 1}).axes
    for k, bars in enumerate(left.containers):
        np.testing.assert_allclose(bars.lines[0].get_xdata(), np.arange(3) + 0.15 * k)
        np.testing.assert_allclose(bars.lines[0].get_ydata(), np.array([0.2, 0.4, 0.8]) + k)
        low, high = bars.lines[1]
        np.testing.assert_allclose(low.get_ydata().astype(float), np.array([0.1, 0.2, 0.4]) + k)
        np.testing.assert_allclose(high.get_ydata().astype(float), np.array([0.3, 0.6, 1.2]) + k)
    np.testing.assert_allclose(right.get_lines()[1].get_data(), [[-1, 1], [1.5, 1.7]])


def test_magnitudes_against_distance_and_one_another():
    table = pd.DataFrame({"source_moment_magnitude": [1.0, 3.0, np.nan], "source_magnitude": [1.5, 2.5, 9.0],
                          "path_hyp_distance_km": [10.0, 20.0, 30.0]})
    records = Records(torch.zeros(3, 3, 10), table, 100.0, "made up", "x")
    left, right = figures.magnitudes(records).axes
    np.testing.assert_allclose(left.collections[0].get_offsets(), [(10, 1.5), (20, 2.5)])
    np.testing.assert_allclose(right.collections[0].get_offsets(), [(1, 1.5), (3, 2.5)])
    assert right.get_xlim() == right.get_ylim() == (1.0, 3.0)


def test_the_network_by_sensor():
    preset = PRESETS["default"]
    network = stations.draw(preset)
    axis, = figures.network_map(preset).axes
    assert sum(len(part.get_offsets()) for part in axis.collections) == preset.n_stations
    for k, part in enumerate(axis.collections):
        np.testing.assert_allclose(part.get_offsets()[:, 0], network.longitude_deg[network.sensor == k])
    assert axis.get_aspect() == pytest.approx(1 / np.cos(np.deg2rad(stations.REFERENCE_LATITUDE_DEG)))


def test_an_hour_is_a_stack_of_five_minute_lines():
    """Two lines at 1 Hz; counts of 1 and 0 by turns: the median is 0.5, the scale 4 times 0.5."""
    time_s = np.arange(600.0)
    counts = np.tile([1.0, 0.0], 300)
    counts[310] = 100.0
    axis, = figures.continuous_hour(time_s, counts, [10.0, 310.0], "title").axes
    first, second, *ticks = axis.get_lines()
    np.testing.assert_allclose(first.get_xdata(), np.arange(0, 300, 2))
    np.testing.assert_allclose(first.get_ydata(), -0.3 * 0.25)
    assert second.get_ydata()[5] == pytest.approx(1 - 0.9) and second.get_ydata()[0] == pytest.approx(1 - 0.075)
    assert [(tick.get_xdata()[0], *tick.get_ydata()) for tick in ticks] == [(10.0, -0.5, 0.5), (10.0, 0.5, 1.5)]
    assert axis.get_xlim() == (0, 300) and [text.get_text() for text in axis.get_yticklabels()][:3] == ["0", "10", "20"]


def test_spectra_of_p_s_and_noise(monkeypatch):
    from types import SimpleNamespace

    frequency = np.array([1.0, 10.0])
    monkeypatch.setattr(compare, "comparable", lambda records: records)
    monkeypatch.setattr(compare, "spectra", lambda k: SimpleNamespace(
        frequency_hz=frequency, p=np.array([1, 2]) + k, s=np.array([3, 4]) + k, noise=np.array([5, 6]) + k, records=7))
    axes = figures.spectra({"a": 0, "b": 1}).axes
    for axis, base in zip(axes, (1, 3, 5), strict=True):
        assert [line.get_ydata().tolist() for line in axis.get_lines()] == [[base, base + 1], [base + 1, base + 2]]
        assert [line.get_color() for line in axis.get_lines()] == list(PALETTE[:2])
    assert axes[0].get_lines()[0].get_label() == "a (7)"
