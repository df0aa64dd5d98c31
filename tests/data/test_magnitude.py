"""Wood-Anderson response, local magnitude, and the ML - Mw relation that follows from the simulated motion."""

import numpy as np
import pytest
import torch

from quakebook.data.synthetic import magnitude

TABLE = (-0.41, -0.21, -0.02, 0.12, 0.30, 0.45, 0.50, 0.52, 0.43)


@pytest.mark.parametrize(("frequency_hz", "gain"), [(1.0, 0.544), (1.25, 0.714), (10.0, 1.000)])
def test_wood_anderson_gain_on_a_sine(frequency_hz, gain):
    n, rate = 6000, 100.0
    x = torch.sin(2 * torch.pi * frequency_hz * torch.arange(n) / rate)
    response = magnitude.wood_anderson(torch.fft.rfftfreq(n, 1 / rate))
    out = torch.fft.irfft(torch.fft.rfft(x) * response, n=n)
    assert float(out.std()) * 2**0.5 == pytest.approx(gain, abs=2e-3)


def test_local_magnitude_of_the_standard():
    # 1 mm on paper at 100 km is magnitude 3; with magnification 2080 that is 1e6 / 2080 nm of ground
    assert magnitude.local_magnitude(np.array([1e6 / 2080]), np.array([100.0]))[0] == pytest.approx(3.0, abs=0.02)


def test_event_magnitude_is_the_median():
    values, event = np.array([1.0, 3.0, 2.0, 7.0, 5.0]), np.array([0, 0, 0, 2, 2])
    out = magnitude.event_magnitude(values, event, 3)
    assert out[0] == 2 and np.isnan(out[1]) and out[2] == 6


def test_ml_minus_mw_follows_the_table(stratified):
    table = stratified.metadata
    bins = ((table["source_moment_magnitude"] - 0.5) // 0.5).astype(int)
    difference = (table["source_magnitude"] - table["source_moment_magnitude"]).groupby(bins).mean()
    assert len(difference) == len(TABLE)
    assert np.abs(difference.to_numpy() - TABLE).max() < 0.15


def test_station_scatter(stratified):
    table = stratified.metadata
    shared = table[table.groupby("source_id")["source_id"].transform("size") >= 4]
    assert 0.18 < (shared["station_magnitude"] - shared["source_magnitude"]).std() < 0.28
