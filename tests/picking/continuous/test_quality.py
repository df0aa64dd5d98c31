"""Signal-to-noise ratios by arithmetic: a tone at the Nyquist frequency passes the high-pass as it is."""

import numpy as np
import pytest
import torch

from quakebook.picking.continuous.quality import snr_db

PICK = 1000
TONE = np.where(np.arange(2000) % 2, 1.0, -1.0)


@pytest.mark.parametrize(("at", "ratio"), [
    (-422, 1.0), (-420, 400 / (398 + 2e4)), (-22, 400 / (398 + 2e4)), (-20, 1.0), (-2, 1.0),
    (0, (198 + 2e4) / 200), (198, (198 + 2e4) / 200), (200, 1.0)])
def test_two_seconds_after_against_four_that_end_a_fifth_before(at, ratio):
    """Two samples a hundred times as large, at the edges of the windows at 100 Hz."""
    tone = TONE.copy()
    tone[PICK + at : PICK + at + 2] *= 100
    found = snr_db(torch.from_numpy(np.stack([tone] * 3)), 100.0, np.array([PICK]))
    assert found[0] == pytest.approx(10 * np.log10(ratio), abs=0.1)


def test_two_poles_at_one_hertz():
    """Butterworth: 0.5 Hz keeps 1 / 17 of its power, here 50 in whole periods; the tone has 1 before and 100 after."""
    tone = TONE * np.where(np.arange(2000) < PICK, 1, 10) + 10 * np.sin(np.pi * np.arange(2000) / 100)
    found = snr_db(torch.from_numpy(tone[None]), 100.0, np.array([PICK]))
    assert found[0] == pytest.approx(10 * np.log10((100 + 50 / 17) / (1 + 50 / 17)), abs=0.1)


@pytest.mark.parametrize(("pick", "there"), [(219, False), (220, True), (1900, True), (1901, False)])
def test_half_of_a_window_must_be_there(pick, there):
    """Before the first of 220 samples lie 200 of the 400 of noise; after 1900 come 100 of the 200 of signal."""
    assert np.isfinite(snr_db(torch.from_numpy(TONE[None]), 100.0, np.array([pick]))[0]) == there


@pytest.mark.parametrize(("jump", "heard"), [(-825, False), (-815, True)])
def test_the_filter_settles_for_four_seconds_before_the_noise(jump, heard):
    """4 + 4 + 0.2 s are 820 samples: a step of 1e10 inside them rings on, one before them is gone."""
    tone = TONE + 1e10 * (np.arange(2000) >= PICK + jump)
    found = snr_db(torch.from_numpy(tone[None]), 100.0, np.array([PICK]))
    assert (found[0] < -10) if heard else found[0] == pytest.approx(0.0, abs=0.1)
