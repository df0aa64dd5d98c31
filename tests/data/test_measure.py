"""Signal-to-noise ratios of records whose level is a step function: the edges of every window."""

import numpy as np
import pytest
import torch

from quakebook.data.synthetic import measure


def _alternating(levels, n=4000):
    """Samples +level, -level, ...: mean 0 and standard deviation `level` over even windows; levels by first sample."""
    level = torch.zeros(n)
    for first, value in sorted(levels.items()):
        level[first:] = value
    sign = torch.ones(n)
    sign[1::2] = -1
    return (level * sign).expand(1, 3, n).clone()


def test_variance_of_five_numbers():
    values = torch.tensor([9.0, 1.0, 2.0, 4.0, 8.0, 5.0, 9.0]).expand(1, 3, 7)
    variance = measure.window_variance(values, torch.tensor([1]), torch.tensor([6]), 5)
    assert variance[0].tolist() == pytest.approx([np.var([1, 2, 4, 8, 5])] * 3)  # 6.0
    assert float(variance[0, 0]) == pytest.approx(6.0)


@pytest.mark.parametrize(("start", "stop", "expected"), [(-3, 2, np.var([9, 1])), (5, 99, np.var([5, 9])),
                                                         (6, 99, np.nan), (4, 4, np.nan)])
def test_windows_are_cut_to_the_record(start, stop, expected):
    values = torch.tensor([9.0, 1.0, 2.0, 4.0, 8.0, 5.0, 9.0]).expand(1, 3, 7)
    variance = measure.window_variance(values, torch.tensor([start]), torch.tensor([stop]), 100)
    assert variance[0, 0].numpy() == pytest.approx(expected, nan_ok=True)


def test_p_signal_over_noise_of_a_tenfold_step_is_20_db():
    waves = _alternating({0: 1.0, 2000: 10.0})
    assert measure.component_snr_db(waves, torch.tensor([20.0]))[0].tolist() == pytest.approx([20.0] * 3, abs=1e-4)


@pytest.mark.parametrize(("levels", "expected"), [
    ({0: 1.0, 2000: 10.0, 2200: 100.0}, 20.0),  # 2 s after P are in, the next sample is not
    ({0: 7.0, 1550: 1.0, 2000: 10.0}, 20.0),  # 4.5 s before P are in, the sample before is not
    ({0: 1.0, 1950: 7.0, 2000: 10.0}, 20.0),  # the last 0.5 s before P are out
])
def test_windows_of_p(levels, expected):
    snr = measure.component_snr_db(_alternating(levels), torch.tensor([20.0]))
    assert float(snr[0, 0]) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("levels", [{0: 1.0, 2000: 10.0, 2198: 0.0}, {0: 7.0, 1552: 1.0, 2000: 10.0},
                                    {0: 1.0, 1948: 7.0, 2000: 10.0}])
def test_windows_of_p_reach_to_their_edges(levels):
    snr = measure.component_snr_db(_alternating(levels), torch.tensor([20.0]))
    assert abs(float(snr[0, 0]) - 20) > 0.01


def test_silent_side_has_no_ratio():
    waves = _alternating({2000: 10.0})
    assert bool(measure.component_snr_db(waves, torch.tensor([20.0])).isnan().all())


@pytest.mark.parametrize(("levels", "differs"), [
    ({0: 1.0, 2000: 10.0}, False),
    ({0: 1.0, 2000: 10.0, 2150: 99.0}, False), ({0: 1.0, 2000: 10.0, 2149: 99.0}, True),  # 1.5 s after S
    ({0: 9.0, 1900: 1.0, 2000: 10.0}, False), ({0: 9.0, 1902: 1.0, 2000: 10.0}, True),  # 1 s before S
    ({0: 1.0, 1995: 9.0, 2000: 10.0}, False), ({0: 1.0, 1992: 9.0, 2000: 10.0}, True),  # 0.05 s before S
])
def test_windows_of_s(levels, differs):
    """P 8 s earlier. The 95 samples before S have a mean of 1/95, which changes their variance by 1e-4."""
    snr = measure.s_snr_db(_alternating(levels), torch.tensor([12.0]), torch.tensor([20.0]))
    assert (abs(float(snr[0]) - 20) > 0.02) == differs


def test_near_s_the_window_before_it_begins_half_way_to_p():
    """P 0.4 s before S: the window before S begins 0.2 s before it."""
    inside, outside = ({0: 9.0, first: 1.0, 2000: 10.0} for first in (1982, 1980))
    snr = [float(measure.s_snr_db(_alternating(levels), torch.tensor([19.6]), torch.tensor([20.0]))[0])
           for levels in (inside, outside)]
    assert abs(snr[0] - 20) > 0.5 and snr[1] == pytest.approx(20, abs=0.05)


def test_s_counts_horizontals_only():
    waves = _alternating({0: 1.0, 2000: 10.0})
    waves[:, 0] *= 50
    assert float(measure.s_snr_db(waves, torch.tensor([12.0]), torch.tensor([20.0]))[0]) == pytest.approx(20, abs=0.02)


@pytest.mark.parametrize(("second", "sample"), [(20.004, 2000), (20.006, 2001), (19.996, 2000), (19.994, 1999)])
def test_times_are_those_of_the_nearest_sample(second, sample):
    """Where the level rises there, P and S stand 20 dB above what comes before."""
    waves = _alternating({0: 1.0, sample: 10.0})
    p = measure.component_snr_db(waves, torch.tensor([second]))
    assert float(p[0, 0]) == pytest.approx(20, abs=1e-2)
    s = measure.s_snr_db(waves, torch.tensor([12.0]), torch.tensor([second]))
    assert float(s[0]) == pytest.approx(20, abs=0.02)
