import numpy as np
import pytest
import torch
from scipy import signal

from quakebook.data.synthetic import noise
from quakebook.data.synthetic.instrument import SENSORS, response
from quakebook.data.synthetic.waveforms import bench, noise_spectrum


@pytest.mark.parametrize("sensor", [0, 1])
def test_spectrum_of_the_noise_is_the_target(sensor):
    """Welch over 20 records of one station, the instrument removed, within 1.5 dB from 0.1 to 20 Hz."""
    b, n = bench(7500, "cpu"), 20
    levels, which = torch.full((n, 2), 0.5), torch.full((n,), sensor)
    sensitivity = torch.full((n,), SENSORS[sensor].sensitivity)
    amplitude = b.noise.amplitude(levels, which, sensitivity, torch.zeros(n), 7500)
    gaussian = torch.randn(n, 3, 3751, 2, generator=torch.Generator().manual_seed(1))
    x = torch.fft.irfft(noise_spectrum(amplitude, torch.ones(n), gaussian), n=7500).double().numpy()
    f, counts = signal.welch(x.reshape(-1, 7500), 100, "hann", 4096)
    band = (f >= 0.1) & (f <= 20)
    gain = SENSORS[sensor].sensitivity * np.abs(response(SENSORS[sensor], f[band])) / (2 * np.pi * f[band]) ** 2
    found = 10 * np.log10(counts.mean(0)[band] / gain**2)
    smooth = np.convolve(found - noise.acceleration_db(f[band], 0.5, 0.5), np.ones(5) / 5, mode="valid")
    assert np.abs(smooth).max() < 1.5


def test_levels_lie_between_petersons_models():
    f = np.geomspace(0.05, 9, 50)
    grid, low, high = noise.peterson_models()
    assert np.allclose(noise.acceleration_db(f, 0, 0), np.interp(np.log(f), np.log(grid), low), atol=1e-9)
    assert np.allclose(noise.acceleration_db(f, 1, 1), np.interp(np.log(f), np.log(grid), high), atol=1e-9)
    assert noise.acceleration_db(np.array([45.0]), 0, 0) == pytest.approx(noise.acceleration_db(np.array([10.0]), 0, 0))


def test_digitiser_noise_alone_has_its_standard_deviation():
    b = bench(7500, "cpu")
    zero, sensor = torch.zeros(1), torch.zeros(1, dtype=torch.int64)
    amplitude = b.noise.amplitude(torch.zeros(1, 2), sensor, zero, torch.tensor([3.0]), 7500)
    gaussian = torch.randn(1, 3, 3751, 2, generator=torch.Generator().manual_seed(2))
    x = torch.fft.irfft(noise_spectrum(amplitude, torch.ones(1), gaussian), n=7500)
    assert float(x.std()) == pytest.approx(3.0, rel=0.03)


def test_burst_has_unit_level_and_its_length():
    b = bench(7500, "cpu")
    white = torch.randn(1, 3, 7500, generator=torch.Generator().manual_seed(3))
    x = noise.burst(b.grid, white, torch.tensor([10.0]), torch.tensor([5.0]))
    assert float(x[..., 1150:1350].std()) == pytest.approx(1, abs=0.15)
    assert x[..., :1000].abs().max() == 0 and x[..., 1500:].abs().max() == 0
