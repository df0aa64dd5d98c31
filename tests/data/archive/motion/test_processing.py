"""Filtering, response removal and the grid."""

import numpy as np
import pytest
from scipy import signal

from quakebook.data import DataError
from quakebook.data.archive import DamagedError, Processing
from quakebook.data.archive.embedded import ground
from quakebook.data.archive.embedded.channels import to_counts
from quakebook.data.archive.embedded.instrument import response
from quakebook.data.archive.embedded.presets import SITES, generator
from quakebook.data.archive.motion.merging import Channel
from quakebook.data.archive.motion.processing import process, without_response

DAY_NS = 1_677_628_800 * 10**9


def sine(rate, frequency=5.0, length_s=60.0, late_s=0.0, code="CI.GPA00..HHZ"):
    time = np.arange(int(length_s * rate)) / rate + late_s
    return Channel(code, DAY_NS + round(late_s * 1e9), rate, 1000 * np.sin(2 * np.pi * frequency * time) + 7.0 * time)


@pytest.mark.parametrize("rate", [40.0, 100.0, 200.0])
def test_a_sine_in_the_band_passes_at_its_time(rate):
    out = process(sine(rate, late_s=0.002), Processing(), DAY_NS, 6000)
    inner = slice(1000, 5000)
    expected = 1000 * np.sin(2 * np.pi * 5.0 * np.arange(6000) / 100)
    np.testing.assert_allclose(out[inner], expected[inner], atol=1000 * 2 * np.pi * 5 * 0.005)  # half a sample
    np.testing.assert_allclose(out[inner].std(), 1000 / np.sqrt(2), rtol=0.01)


def test_the_band_is_capped_for_slow_channels():
    out = process(sine(20.0, 2.0), Processing(band_hz=(0.1, 20.0)), DAY_NS, 6000)
    np.testing.assert_allclose(out[1000:5000].std(), 1000 / np.sqrt(2), rtol=0.01)


def test_out_of_band_is_gone():
    out = process(sine(100.0, 0.02, 600.0), Processing(band_hz=(1.0, 20.0)), DAY_NS, 60_000)
    assert np.nanstd(out[10_000:50_000]) < 5.0


def test_tapered_ends_and_gaps_give_nothing():
    channel = sine(100.0)
    channel.samples[3000:3100] = np.nan
    out = process(channel, Processing(), DAY_NS, 7000)
    assert np.isnan(out[:150]).all() and np.isfinite(out[150:2850]).all()  # 5 % of 30 s on both sides
    assert np.isnan(out[2851:3240]).all() and np.isfinite(out[3250:5850]).all() and np.isnan(out[5860:]).all()
    assert np.isnan(process(Channel("a.b.c.d", DAY_NS, 100.0, np.ones(150)), Processing(), DAY_NS, 150)).all()


@pytest.mark.parametrize(("site", "level"), [(0, 0.2), (1, 0.4), (2, 0.6)])
def test_the_ground_comes_back(site, level, inventory):
    site = SITES[site]
    velocity = ground.noise(int(300 * site.rate_hz), site.rate_hz, level, generator(3, 1))[None]
    counts = to_counts(np.repeat(velocity, 3, axis=0), site)[0].astype(float)
    channel = Channel(f"{site.network}.{site.station}.{site.location}.{site.band}Z", DAY_NS, site.rate_hz, counts)
    settings = Processing(remove_response=True, band_hz=None, rate_hz=site.rate_hz)
    found = process(channel, settings, DAY_NS, velocity.shape[1], inventory)
    high = min(20.0, 0.35 * site.rate_hz)  # above 0.4 of the rate the pre-filter begins
    band = signal.butter(4, (0.3, high), "bandpass", fs=site.rate_hz, output="sos")
    inside = np.isfinite(found)
    inner = slice(int(20 * site.rate_hz), -int(20 * site.rate_hz))
    truth = signal.sosfiltfilt(band, velocity[0][inside])[inner]
    assert np.corrcoef(signal.sosfiltfilt(band, found[inside])[inner], truth)[0, 1] >= 0.999
    assert signal.sosfiltfilt(band, found[inside])[inner].std() == pytest.approx(truth.std(), rel=0.02)


def test_each_epoch_has_its_gain(inventory):
    settings = Processing(remove_response=True)
    first = process(sine(100.0), settings, DAY_NS, 6000, inventory)
    late = Channel("CI.GPA00..HHZ", DAY_NS + 86_400 * 10**9, 100.0, sine(100.0).samples)
    second = process(late, settings, late.start_ns, 6000, inventory)
    assert np.nanstd(first) == pytest.approx(2 * np.nanstd(second), rel=1e-6)


def test_a_missing_response_is_named(inventory):
    settings = Processing(remove_response=True)
    with pytest.raises(DataError, match="give StationXML"):
        process(sine(100.0), settings, DAY_NS, 6000)
    with pytest.raises(DamagedError, match=r"no usable response of CI.XXX..HHZ .*level response"):
        process(sine(100.0, code="CI.XXX..HHZ"), settings, DAY_NS, 6000, inventory)


@pytest.mark.parametrize(("settings", "words"), [
    ({"rate_hz": 0.0}, "rate_hz"), ({"window_s": 0.1}, "window_s"), ({"overlap": 1.0}, "overlap"),
    ({"band_hz": (20.0, 1.0)}, "band_hz"), ({"band_hz": (1.0, 50.0)}, "below 50"), ({"require": 4}, "require"),
    ({"resampler": "hann"}, "soxr, kaiser"), ({"max_gap_fraction": 2.0}, "max_gap_fraction"),
    ({"taper_s": -1.0}, "taper")])
def test_settings_have_ranges(settings, words):
    with pytest.raises(DataError, match=words):
        Processing(**settings)


def test_settings_that_were_chosen():
    """Our own choices: who changes one changes every window made from now on."""
    assert Processing() == Processing(
        rate_hz=100.0, window_s=30.0, overlap=0.5, band_hz=(0.1, 20.0), remove_response=False, max_gap_s=1.0,
        max_gap_fraction=0.1, taper_fraction=0.05, taper_s=10.0, require=3, resampler="soxr")
    assert (Processing().window_samples, Processing().hop_samples) == (3000, 1500)
    assert Processing(rate_hz=1.0, window_s=1.0, overlap=0.99, band_hz=None).hop_samples == 1


@pytest.mark.parametrize(("name", "low", "high", "step"), [
    ("rate_hz", 1.0, 1000.0, 0.05), ("window_s", 1.0, 3600.0, 0.05), ("overlap", 0.0, 0.99, 0.005),
    ("max_gap_s", 0.0, 60.0, 0.05), ("max_gap_fraction", 0.0, 1.0, 0.01), ("taper_fraction", 0.0, 0.5, 0.01),
    ("taper_s", 0.0, 3600.0, 0.05), ("require", 1, 3, 1)])
def test_ends_of_the_ranges(name, low, high, step):
    for inside in (low, high):
        assert getattr(Processing(band_hz=None, **{name: inside}), name) == inside
    for outside in (low - step, high + step):
        with pytest.raises(DataError, match=f"`{name}` must lie between {low:g} and {high:g}; found"):
            Processing(band_hz=None, **{name: outside})


@pytest.mark.parametrize(("rate", "band", "high", "frequency"), [
    (100.0, (0.1, 20.0), 20.0, 25.0), (100.0, (0.1, 20.0), 20.0, 20.0), (40.0, (0.1, 19.9), 18.0, 18.0)])
def test_four_corners_passed_twice(rate, band, high, frequency):
    """Butterworth: 1 / (1 + W^8) of the amplitude for four corners, forth and back; W by the bilinear transform."""
    low, top, here = (np.tan(np.pi * f / rate) for f in (band[0], high, frequency))
    expected = 1 / (1 + ((here**2 - low * top) / (here * (top - low))) ** 8)
    out = process(sine(rate, frequency), Processing(rate_hz=rate, band_hz=band), DAY_NS, int(60 * rate))
    found = np.sqrt(2) * out[int(20 * rate) : int(40 * rate)].std()
    assert found == pytest.approx(1000 * expected, rel=0.01)


@pytest.mark.parametrize(("frequency", "kept"), [(0.075, 0.5), (5.0, 1.0), (39.0, 1.0), (42.5, 0.5)])
def test_the_pre_filter_halves_what_lies_between_its_corners(frequency, kept, inventory):
    """Cosine edges from 0.05 to 0.1 Hz and from 0.40 to 0.45 of the rate, here 40 to 45 Hz."""
    time = np.arange(60_000) / 100
    counts = 1e6 * np.sin(2 * np.pi * frequency * time)
    velocity = without_response(Channel("CI.GPA00..HHZ", DAY_NS, 100.0, counts), counts, DAY_NS, inventory)
    expected = 1e6 * kept / np.abs(response("A", np.array([frequency]))[0])
    assert np.sqrt(2) * velocity[20_000:40_000].std() == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(("samples", "there"), [(199, 0), (200, 200)])
def test_two_seconds_are_the_least(samples, there):
    channel = Channel("CI.A..HHZ", DAY_NS, 100.0, np.random.default_rng(0).normal(size=samples))
    out = process(channel, Processing(taper_fraction=0.0), DAY_NS, 300)
    assert np.isfinite(out).sum() == there


def test_the_taper_is_a_share_but_not_longer_than_ten_seconds():
    out = process(sine(20.0, 1.0, 400.0), Processing(rate_hz=20.0, band_hz=(0.1, 5.0)), DAY_NS, 8000)
    assert np.flatnonzero(np.isfinite(out))[[0, -1]].tolist() == [200, 7799]
    settings = Processing(rate_hz=20.0, band_hz=(0.1, 5.0), taper_s=3600.0)
    assert np.flatnonzero(np.isfinite(process(sine(20.0, 1.0, 400.0), settings, DAY_NS, 8000)))[0] == 400
