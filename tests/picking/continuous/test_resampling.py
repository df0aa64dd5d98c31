"""The resampler against sine waves, whose right values are known everywhere, and against SeisBench's."""

from __future__ import annotations

import numpy as np
import obspy
import pytest

from quakebook.picking.continuous.resampling import gain, resample, resample_stream

START_NS = 1_704_067_200 * 10**9


@pytest.mark.parametrize("rate_hz", [40.0, 50.0, 62.5, 125.0, 200.0, 250.0, 500.0, 99.87])
def test_a_sine_comes_out_as_itself_at_the_right_times(rate_hz):
    start_ns = START_NS + round(3 * 1e9 / rate_hz)
    time_s = start_ns / 1e9 % 1000 + np.arange(int(100 * rate_hz)) / rate_hz
    frequency = 0.4 * min(rate_hz, 100)
    values = np.sin(2 * np.pi * frequency * time_s)
    out, begin_ns = resample(values, start_ns, rate_hz, 100.0)
    times = begin_ns / 1e9 % 1000 + np.arange(len(out)) / 100
    if rate_hz != 99.87:
        assert begin_ns % 10_000_000 < 2
    assert times[0] >= time_s[0] - 1e-6 and time_s[-1] - 0.01 - 1e-6 <= times[-1] <= time_s[-1] + 1e-6
    inner = slice(400, -400)
    np.testing.assert_allclose(out[inner], np.sin(2 * np.pi * frequency * times[inner]), atol=2e-4)


def test_nothing_above_the_lower_nyquist_frequency_is_left():
    values = np.sin(2 * np.pi * 70 * np.arange(50_000) / 250)
    out, _ = resample(values, START_NS, 250.0, 100.0)
    assert np.abs(out[500:-500]).max() < 1e-4


@pytest.mark.parametrize("rate_hz", [40.0, 250.0])
def test_parts_give_the_samples_of_the_whole(rate_hz):
    values = np.random.default_rng(0).normal(size=8000).cumsum()
    whole, begin_ns = resample(values, START_NS, rate_hz, 100.0)
    part, part_ns = resample(values[2013:6001], START_NS + round(2013e9 / rate_hz), rate_hz, 100.0)
    first = (part_ns - begin_ns) / 1e7
    assert first == round(first)
    middle = slice(500, len(part) - 500)
    np.testing.assert_allclose(part[middle], whole[round(first):][middle], atol=1e-6)


def test_a_line_stays_a_line_up_to_its_ends():
    out, _ = resample(5e6 + 3.0 * np.arange(400), START_NS, 40.0, 100.0)
    np.testing.assert_allclose(out, 5e6 + 1.2 * np.arange(len(out)), atol=1e-6)
    assert len(out) == 998  # 399 steps of 25 ms hold 997 steps of 10 ms


def test_gains_of_both_resamplers():
    """ObsPy's default window is 0.5 (1 + cos(pi f / f_N)) of the lower Nyquist frequency, here 20 Hz."""
    frequencies = np.array([1.0, 5.0, 10.0, 15.0])
    np.testing.assert_allclose(gain(40, 100, frequencies, "correct", 120), 1, atol=1e-3)
    expected = 0.5 * (1 + np.cos(np.pi * frequencies / 20))
    np.testing.assert_allclose(gain(40, 100, frequencies, "seisbench", 120), expected, atol=5e-3)


def test_stream_in_place():
    trace = obspy.Trace(np.arange(400.0), {"sampling_rate": 40.0, "starttime": obspy.UTCDateTime(ns=START_NS)})
    same = obspy.Trace(np.arange(400), {"sampling_rate": 100.0})
    stream = obspy.Stream([trace, same])
    resample_stream(stream, 100.0)
    assert trace.stats.sampling_rate == 100 and trace.stats.npts == 998 and same.data.dtype.kind == "i"
    assert trace.stats.starttime.ns == START_NS


@pytest.mark.parametrize(("rate_hz", "on_the_grid"), [(100 * 2000 / 1999, True), (100 * 2001 / 2000, False)])
def test_ratios_beyond_two_thousand_keep_their_start(rate_hz, on_the_grid):
    """1999 / 2000 of the rate is a ratio whose samples are put on the grid of 10 ms; 2000 / 2001 is none."""
    start_ns = START_NS + 3_456_789
    out, begin_ns = resample(np.arange(5000.0), start_ns, rate_hz, 100.0)
    assert (begin_ns == start_ns) is not on_the_grid
    slope = rate_hz / 100.0
    expected = (begin_ns - start_ns) * 1e-9 * rate_hz + slope * np.arange(len(out))
    np.testing.assert_allclose(out, expected, atol=1e-3)


def test_one_sample_or_the_same_rate_stays():
    for values in (np.array([3.0]), np.arange(4.0)):
        out, begin_ns = resample(values, 17, 100.0 if len(values) > 1 else 40.0, 100.0)
        assert out.tolist() == values.tolist() and begin_ns == 17
    out, _ = resample(np.array([0.0, 1.0]), START_NS, 50.0, 100.0)
    assert out == pytest.approx([0.0, 0.5, 1.0])
