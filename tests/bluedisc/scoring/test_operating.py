"""Detections and precision where peaks are early."""

import numpy as np
import pytest

from quakebook.bluedisc.scoring.operating import operating_curve
from quakebook.bluedisc.scoring.peaks import Peaks


def test_early_peaks_are_as_wrong_as_late_ones():
    """Of errors -50, -10, 10 and 11 samples two are precise; four labels."""
    zero = np.zeros(4, np.float32)
    error = np.array([-50, -10, 10, 11], np.float32)
    peaks = Peaks(zero.astype(np.int32), zero, zero + 0.9, error, np.abs(error), zero, zero, np.ones(4, np.int32))
    assert operating_curve(peaks).at(0.7) == (50.0, 50.0) and operating_curve(peaks).at(0.9) == (50.0, 50.0)
    assert operating_curve(peaks).at(0.95)[0] == 0.0 and np.isnan(operating_curve(peaks).at(0.95)[1])


@pytest.mark.parametrize(("threshold", "detected"), [(0.604, 100.0), (0.606, 0.0)])
def test_the_nearest_threshold_is_taken(threshold, detected):
    zero = np.zeros(1, np.float32)
    peaks = Peaks(zero.astype(np.int32), zero, zero + 0.6, zero, zero, zero, zero, np.ones(1, np.int32))
    assert operating_curve(peaks).at(threshold)[0] == detected
