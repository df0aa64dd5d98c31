"""One planted defect for each reason."""

import numpy as np
import pytest
from scipy import signal

from quakebook.data import DataError
from quakebook.data.archive import Limits
from quakebook.data.archive.motion.merging import Channel
from quakebook.data.archive.motion.quality import REASONS, _clipped, _quiet, _spiked, _stepped, assess, longest_run

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


def test_limits_that_were_chosen():
    """Our own choices: who changes one changes which windows there are."""
    assert Limits() == Limits(shortest_s=10.0, dead_std=1e-12, dead_share=0.2, clip_samples=5, spike_sigmas=100.0,
                              step_sigmas=10.0, snr_db=None)
    Limits(shortest_s=0.0, dead_std=0.0, dead_share=1.0, clip_samples=2, spike_sigmas=0.0, step_sigmas=0.0)


@pytest.mark.parametrize(("height", "before", "after", "clipped"), [
    (40, 0, 0, True), (39, 0, 0, False),  # forty times the smallest step, which is 1
    (40, 0, 3, True), (40, 3, 0, True), (40, 3, 3, False)])
def test_a_flat_top_falls_by_forty_steps_within_its_own_length(height, before, after, clipped):
    """Five samples at the top; one sample five before it and one five after it decide, their neighbours are higher."""
    values = np.where(np.arange(40) % 2, 2.0, 3.0)
    values[20:25] = height
    values[14:20:2], values[25:30:2] = 4.0, 4.0
    values[15], values[29] = before, after
    assert _clipped(values[None], Limits()).tolist() == [clipped]
    assert _clipped(-values[None], Limits()).tolist() == [clipped]
    assert _clipped(values[None], Limits(clip_samples=6)).tolist() == [False]


@pytest.mark.parametrize(("outside", "spiked"), [
    ([149.0], True), ([148.0], False),  # a median distance of 1 is 1.4826 standard deviations, of which a hundred
    ([1000.0, -1000.0, 1000.0], True), ([1000.0, 1000.0, 1000.0, 1000.0], False),
    ([1000.0, 1000.0, 99.0, 99.0], True), ([1000.0, 1000.0, 101.0, 101.0], False)])
def test_spikes_by_hand(outside, spiked):
    values = np.where(np.arange(3000) % 2, 1.0, -1.0)
    values[:40] = 0.0  # the median, wherever the few samples outside lie
    values[700 : 700 + len(outside)] = outside
    assert _spiked(values[None], Limits()).tolist() == [spiked]


@pytest.mark.parametrize(("jump", "stepped"), [(9.9, False), (10.1, True), (-10.1, True)])
def test_a_step_by_hand(jump, stepped):
    """A second of standard deviation 1 on both sides, in which hardly any neighbours differ; two samples more."""
    second = np.repeat([-1.0, 1.0], 4) * np.sign(jump)
    values = np.concatenate([second, second + jump, [jump, jump]])
    assert _stepped(values[None], 8.0, Limits()).tolist() == [stepped]
    assert _stepped(values[None, :17], 8.0, Limits()).tolist() == [False]  # too short to tell


@pytest.mark.parametrize(("jump", "stepped"), [(30.6, False), (30.7, True)])
def test_a_step_is_20_robust_deviations_of_the_differences(jump, stepped):
    """Differences of 1, and one of `jump` - 1: more than 20 times 1.4826."""
    values = np.tile([0.0, 1.0], 6)
    values[6:] += jump - 1
    values[6:] = values[6:][::-1]
    assert np.abs(np.diff(values)).max() == pytest.approx(jump - 1)
    assert _stepped(values[None], 4.0, Limits()).tolist() == [stepped]


@pytest.mark.parametrize(("asked_db", "quiet"), [(19.9, False), (20.1, True)])
def test_ten_times_louder_are_20_decibels(asked_db, quiet):
    values = np.tile([1.0, -1.0], 10)
    values[4:8] *= 10
    values = np.append(values, [900.0, -900.0])  # no whole second
    assert _quiet(values[None], 4.0, Limits(snr_db=asked_db)).tolist() == [quiet]


def test_windows_before_and_after_the_first_sample(clean):
    """Data begin 45 s late: the first window lies before them, the second half; later ones alone are as before."""
    late = Channel("CI.A..HHZ", 45 * 10**9, RATE, clean)
    assert assess(late, STARTS, 30.0, Limits()).tolist() == ["gap", "gap", "", ""]
    assert assess(late, STARTS[2:], 30.0, Limits()).tolist() == ["", ""]
    assert assess(Channel("CI.A..HHZ", 0, RATE, clean), STARTS[1:], 30.0, Limits()).tolist() == [""] * 3


@pytest.mark.parametrize("bad", [0, 255, 256, 299])
def test_many_windows_are_judged_one_by_one(bad):
    samples = np.random.default_rng(0).normal(0, 100, 30_000)
    samples[100 * bad : 100 * bad + 100] = 7.0
    found = assess(Channel("CI.A..HHZ", 0, RATE, samples), np.arange(300) * 10**9, 1.0, Limits())
    assert np.flatnonzero(found != "").tolist() == [bad] and found[bad] == "dead"
