"""One planted defect for each reason."""

import numpy as np
import pytest
from scipy import signal

from quakebook.data import DataError
from quakebook.data.archive import Limits
from quakebook.data.archive.motion.merging import Channel
from quakebook.data.archive.motion.quality import REASONS, _stepped, assess, longest_run

RATE, N = 100.0, 3000
STARTS = np.arange(4) * 30 * 10**9


@pytest.fixture
def clean():
    """Four windows of noise like a broadband sensor's: strong and slow, with something faster on top, in counts."""
    rng = np.random.default_rng(0)
    slow = signal.sosfiltfilt(signal.butter(2, 0.3, fs=RATE, output="sos"), rng.normal(size=4 * N)) * 4000
    return np.round(slow + rng.normal(0, 20, 4 * N))


def reasons(samples, limits=None):
    return assess(Channel("CI.A..HHZ", 0, RATE, samples), STARTS, 30.0, limits or Limits()).tolist()


def test_clean(clean):
    assert reasons(clean) == [""] * 4


def test_gap(clean):
    clean[N + 500 : N + 700] = np.nan
    assert reasons(clean) == ["", "gap", "", ""]


def test_windows_beyond_the_data_are_gaps(clean):
    assert reasons(clean[: 3 * N + 100])[3] == "gap"


def test_short(clean):
    clean[N : N + 1000] = np.nan
    clean[N + 1500 : 2 * N] = np.nan  # five seconds between two gaps
    assert reasons(clean) == ["", "short", "", ""]


@pytest.mark.parametrize("value", [0.0, 123.0])
def test_dead(clean, value):
    clean[N : 2 * N] = value
    clean[2 * N : 2 * N + 600] = value  # a fifth of the window
    clean[3 * N : 3 * N + 590] = value
    assert reasons(clean) == ["", "dead", "dead", ""]


def test_clip(clean):
    part = clean[N : 2 * N]
    clean[N : 2 * N] = np.clip(part, -np.inf, 0.5 * part.max())
    part = clean[2 * N : 3 * N]
    clean[2 * N : 3 * N] = np.maximum(part, 0.5 * part.min())
    assert reasons(clean) == ["", "clip", "clip", ""]


def test_a_rounded_peak_of_small_counts_is_not_clipped():
    time = np.arange(4 * N) / RATE
    swell = np.round(25 * np.sin(2 * np.pi * time / 7.0))
    assert longest_run((swell == swell.max())[None])[0] >= 5
    assert reasons(swell) == [""] * 4


@pytest.mark.parametrize("width", [1, 3])
def test_spike(clean, width):
    clean[N + 1000 : N + 1000 + width] += 1e6
    assert reasons(clean) == ["", "spike", "", ""]


def test_an_earthquake_is_no_spike(clean):
    rng = np.random.default_rng(1)
    clean[N + 1000 : N + 2000] += 3e5 * rng.normal(size=1000) * np.exp(-np.arange(1000) / 100)
    assert reasons(clean) == [""] * 4


def test_step(clean):
    fast = np.round(np.random.default_rng(2).normal(0, 20, 4 * N))
    fast[N + 1500 :] += 5000
    assert reasons(fast) == ["", "step", "", ""]


def test_snr_is_off_unless_asked():
    noise = np.random.default_rng(3).normal(0, 100, 4 * N)
    noise[N + 1000 : N + 1100] *= 30
    assert reasons(noise) == [""] * 4
    assert reasons(noise, Limits(snr_db=20.0)) == ["snr", "", "snr", "snr"]


def test_constant_and_silent_traces_give_no_warning():
    assert reasons(np.zeros(4 * N)) == ["dead"] * 4
    assert reasons(np.full(4 * N, np.nan)) == ["gap"] * 4


def test_longest_runs():
    mask = np.array([[1, 1, 0, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 1, 1]], bool)
    assert longest_run(mask).tolist() == [3, 0, 7]


def test_ranges_and_words():
    assert set(REASONS) == {"missing", "short", "gap", "dead", "clip", "spike", "step", "snr", "edge"}
    for wrong in ({"dead_share": 0.0}, {"clip_samples": 1}, {"spike_sigmas": -1.0}):
        with pytest.raises(DataError, match=next(iter(wrong))):
            Limits(**wrong)


def test_a_step_stands_out_from_the_median_difference_not_from_the_mean():
    """Twenty samples: one step makes the mean difference a nineteenth of itself, the median stays that of the noise."""
    values = np.where(np.arange(20) % 2, 0.001, -0.001)[None]
    assert _stepped(values + (np.arange(20) >= 10), 4.0, Limits()).tolist() == [True]
    assert _stepped(values, 4.0, Limits()).tolist() == [False]
