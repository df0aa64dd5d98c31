"""Filtering, response removal and the grid."""

import numpy as np
import pytest
from scipy import signal

from quakebook.data import DataError
from quakebook.data.archive import DamagedError, Processing
from quakebook.data.archive.embedded import ground
from quakebook.data.archive.embedded.channels import to_counts
from quakebook.data.archive.embedded.presets import SITES, generator
from quakebook.data.archive.motion.merging import Channel
from quakebook.data.archive.motion.processing import process

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
