"""Placement, stacking, triggers, rules, quality and the table, each against plain code or another library."""

from __future__ import annotations

import doctest

import numpy as np
import obspy
import pytest
import seisbench.models as sbm
import torch
from obspy.signal.trigger import trigger_onset
from scipy import signal
from seisbench.ext import stack_windows

from quakebook.picking.continuous import placement, table, triggers
from quakebook.picking.continuous.quality import snr_db
from quakebook.picking.continuous.rules import phases_of, rules_of
from quakebook.picking.continuous.stacking import Stack
from quakebook.picking.continuous.stream import Segment


def test_examples_of_placement():
    assert doctest.testmod(placement).failed == 0


@pytest.mark.parametrize("first", [0, 7, 99, 950, 999])
@pytest.mark.parametrize("n_samples", [30, 31, 200, 2500])
def test_clock_windows_reach_every_sample_and_stay_inside(first, n_samples):
    starts = placement.clock_starts(n_samples, 30, 17, first, 1000)
    covered = np.zeros(n_samples, bool)
    for start in starts:
        covered[start:start + 30] = True
    assert covered.all() and starts.min() == 0 and starts.max() + 30 == n_samples
    assert (np.diff(starts) > 0).all() and (np.diff(starts) <= 17).all()


def test_clock_windows_of_a_part_are_those_of_the_whole():
    whole = set(placement.clock_starts(3000, 30, 17, 900, 1000) + 900)
    part = placement.clock_starts(1000, 30, 17, 1433, 1000) + 1433
    assert set(part[1:-1]) <= whole and {s for s in whole if 1433 <= s <= 2403} <= set(part)


def test_strided_windows_are_views():
    data = torch.arange(40.0).reshape(2, 20)
    view = placement.strided(data, 3, 3, 5, 6)
    assert view.data_ptr() == data[:, 3:].data_ptr()
    assert torch.equal(view[2], data[:, 13:19])


@pytest.mark.parametrize("method", ["avg", "max"])
def test_stack_against_seisbench(method):
    rng = np.random.default_rng(0)
    starts = np.array([0, 3, 6, 9, 10, 17, 24, 31, 60])
    curves = rng.random((len(starts), 2, 8), dtype=np.float32)
    stack = Stack(2, 68, method, torch.device("cpu"))
    for part in np.array_split(np.arange(len(starts)), 3):
        stack.add(torch.from_numpy(curves[part]), starts[part])
    expected = stack_windows(np.ascontiguousarray(curves.transpose(0, 2, 1)), starts.astype(np.intp), method)
    np.testing.assert_allclose(stack.result().numpy(), expected.T, atol=1e-6)


@pytest.mark.parametrize("seed", range(20))
def test_triggers_against_obspy(seed):
    rng = np.random.default_rng(seed)
    curve = np.clip(np.convolve(rng.normal(size=3000), np.ones(9) / 4, "same") / 2 + 0.2, 0, 1).astype(np.float32)
    curve[:50] = np.nan
    curve[[60, 2999]] = 0.9
    peaks = triggers.find(torch.from_numpy(curve), 0.6)
    expected = np.array(trigger_onset(curve, 0.6, 0.3))
    assert len(expected) > 5
    np.testing.assert_array_equal(np.stack([peaks.on, peaks.off], 1), expected)
    np.testing.assert_array_equal(peaks.peak, [a + np.argmax(curve[a:b + 1]) for a, b in expected])
    np.testing.assert_array_equal(peaks.height, curve[peaks.peak])


def test_peaks_against_scipy_and_width_of_a_gaussian():
    sample = np.arange(4000)
    curve = sum(h * np.exp(-0.5 * ((sample - at) / 20) ** 2) for h, at in ((0.9, 500), (0.5, 900), (0.2, 2000)))
    peaks = triggers.find(torch.tensor(curve, dtype=torch.float32), 0.3, "peaks", 100)
    place, _ = signal.find_peaks(curve, height=0.3, distance=100)
    np.testing.assert_array_equal(peaks.peak, place)
    np.testing.assert_allclose(peaks.width, 20, atol=0.6)
    assert (peaks.on < place).all() and (peaks.off > place).all()


def test_nothing_over_the_threshold():
    peaks = triggers.find(torch.zeros(50), 0.3)
    assert len(peaks.peak) == len(peaks.width) == 0
    assert len(triggers.find(torch.zeros(50), 0.3, "peaks").peak) == 0


def test_snr_of_known_amplitudes():
    rng = np.random.default_rng(0)
    data = rng.normal(size=(3, 3000))
    data[:, 2000:] *= 10
    data += 1e4
    ratio = snr_db(torch.tensor(data, dtype=torch.float32), 100.0, np.array([2000, 20, 2950]))
    assert ratio[0] == pytest.approx(20, abs=0.6)
    assert np.isnan(ratio[1]) and np.isnan(ratio[2])  # too near to the ends
    assert np.isnan(snr_db(torch.zeros(3, 3000), 100.0, np.array([2000]))).all()


def test_rules_take_wishes_before_the_model_before_seisbench():
    model = sbm.PhaseNet(phases="PSN", default_args={"P_threshold": 0.7, "overlap": 0.5, "blinding": (10, 20)})
    rules = rules_of(model, "cpu", S_threshold=0.2, stacking="max")
    assert rules.thresholds == {"P": 0.7, "S": 0.2} and rules.overlap == 1500 and rules.blinding == (10, 20)
    assert rules.stacking == "max" and rules.windows == "clock"
    assert rules_of(model, resample="seisbench").windows == "seisbench"
    assert rules_of(model, resample="seisbench", windows="clock").windows == "clock"
    assert rules_of(sbm.PhaseNet(), "cpu").overlap == 1500
    assert rules_of(sbm.EQTransformer()).thresholds == {"P": 0.1, "S": 0.1}
    assert phases_of(sbm.PhaseNet(phases="PSD")) == ["P", "S"]


@pytest.mark.parametrize("wish", [{"overlap": 3001}, {"overlap": -1}, {"batch_size": 0}, {"stacking": "mean"},
                                  {"resample": "fft"}, {"P_threshold": 0}, {"P_threshold": 1.5},
                                  {"blinding": (2000, 1500)}, {"distance": 0}, {"precision": "fp8"}])
def test_values_outside_their_range(wish):
    with pytest.raises(ValueError, match=next(iter(wish))):
        rules_of(sbm.PhaseNet(phases="PSN"), **wish)


def test_table_of_no_picks_has_the_columns_and_kinds_of_a_full_one():
    segment = Segment("XX.A.", "HH", obspy.UTCDateTime(0), 100.0, torch.zeros(3, 100))
    curve = torch.zeros(100)
    curve[40:50] = 0.8
    full = table.rows(segment, "P", triggers.find(curve, 0.5), 10**9, 100.0, np.array([3.0]))
    assert list(full.columns) == list(table.empty().columns) == list(table.COLUMNS)
    assert table.empty().time.dtype == full.time.dtype
    assert full.time[0] == np.datetime64("1970-01-01T00:00:01.400") and full.end_time[0] > full.time[0]
    assert len(table.join([])) == 0 and len(table.join([full, table.empty(), full])) == 2
    assert len(table.inside(full, "1970-01-01T00:00:01.400", "1970-01-01T00:00:02")) == 1
    assert len(table.inside(full, None, "1970-01-01T00:00:01.400")) == 0
    pick = table.pick_list(full)[0]
    assert (pick.trace_id, pick.phase, pick.peak_time) == ("XX.A.", "P", obspy.UTCDateTime(1.4))


def test_snr_of_many_picks_is_that_of_each_alone():
    data = torch.tensor(np.random.default_rng(1).normal(size=(3, 9000)).cumsum(1), dtype=torch.float32)
    picks = np.arange(10, 9000, 7)
    together = snr_db(data, 100.0, picks)
    np.testing.assert_allclose(together[[3, 400, 1200]], [snr_db(data, 100.0, picks[[k]])[0] for k in (3, 400, 1200)])
    assert len(together) == len(picks) > 1000 and len(snr_db(data, 100.0, picks[:0])) == 0
