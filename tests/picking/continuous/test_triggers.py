"""Picks of curves that can be read by eye, and of noise against ObsPy's trigger."""

import numpy as np
import pytest
import torch
from obspy.signal.trigger import trigger_onset

from quakebook.picking.continuous.triggers import FWHM, find


def curve(**at):
    """A curve of 30 samples, zero but for some."""
    values = torch.zeros(30)
    for place, height in at.items():
        values[int(place[1:])] = height
    return values


def test_a_stretch_begins_at_the_threshold_and_ends_at_half_of_it():
    """0.2 0.3 0.6 0.9 0.4 0.15 0.14, threshold 0.3: on at 0.3, off at 0.15; 0.6 and 0.9 are at least half of 0.9."""
    found = find(curve(s4=0.2, s5=0.3, s6=0.6, s7=0.9, s8=0.4, s9=0.15, s10=0.14), 0.3)
    assert (found.on.tolist(), found.off.tolist(), found.peak.tolist()) == ([5], [9], [7])
    assert found.height.tolist() == pytest.approx([0.9]) and found.width.tolist() == pytest.approx([2 / 2.3548])


def test_stretches_below_the_threshold_are_none_and_two_are_two():
    found = find(curve(s2=0.29, s8=0.5, s9=0.16, s10=0.4, s12=0.35, s29=0.8), 0.3)
    assert (found.on.tolist(), found.off.tolist(), found.peak.tolist()) == ([8, 12, 29], [10, 12, 29], [8, 12, 29])
    assert (found.width * FWHM).tolist() == pytest.approx([1, 1, 1])


def test_the_other_picker_keeps_its_distance():
    values = curve(s8=0.5, s9=0.2, s10=0.4)
    assert find(values, 0.3, "peaks", distance=1).peak.tolist() == [8, 10]
    near = find(values, 0.3, "peaks", distance=3)
    assert (near.on.tolist(), near.off.tolist(), near.peak.tolist()) == ([8], [10], [8])


@pytest.mark.parametrize("threshold", [0.4, 0.6])
def test_stretches_are_those_of_obspy(threshold):
    noise = np.convolve(np.random.default_rng(0).random(20_000), np.ones(5) / 5, mode="same")
    noise = ((noise - noise.min()) / np.ptp(noise)).astype(np.float32)
    found = find(torch.from_numpy(noise), threshold)
    expected = trigger_onset(noise, threshold, threshold / 2)
    assert len(expected) > 100
    np.testing.assert_array_equal(np.stack([found.on, found.off], 1), expected)
    np.testing.assert_array_equal(found.peak, [a + noise[a : b + 1].argmax() for a, b in expected])


def test_missing_samples_end_a_stretch():
    values = curve(s5=0.5, s6=0.9, s8=0.8)
    values[7] = torch.nan
    assert find(values, 0.3).peak.tolist() == [6, 8]
