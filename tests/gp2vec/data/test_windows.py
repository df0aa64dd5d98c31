import numpy as np
import pytest
import torch
from scipy.signal import butter, sosfiltfilt

from quakebook.gp2vec.data.augment import CHANCES, augment
from quakebook.gp2vec.data.windows import bandpass, cut, log_rms, resized, standardise


def test_bandpass_equals_scipy_inside():
    x = np.random.default_rng(0).normal(size=(2, 3, 4000))
    sos = butter(4, (1.0, 45.0), "bandpass", fs=100.0, output="sos")
    ours, peer = bandpass(torch.from_numpy(x), 1.0, 45.0).numpy(), sosfiltfilt(sos, x)
    # the bilinear transform of SciPy's digital filter bends frequencies near 50 Hz, so compare below 20 Hz
    spectra = [np.fft.rfft(y[..., 500:3500] * np.hanning(3000)) for y in (ours, peer)]
    inside = slice(int(2 * 30), int(20 * 30))
    assert np.abs(spectra[0] - spectra[1])[..., inside].max() < 0.03 * np.abs(spectra[1])[..., inside].max()


@pytest.mark.parametrize(("hz", "gain"), [(0.2, 0.0), (1.0, 0.5), (10.0, 1.0), (30.0, 0.962)])
def test_bandpass_gain(hz, gain):
    t = torch.arange(6000) / 100
    x = torch.sin(2 * torch.pi * hz * t)[None, None]
    y = bandpass(x, 1.0, 45.0)[0, 0, 1000:5000]
    assert float(y.abs().max()) == pytest.approx(gain, abs=0.05)


def test_no_corner_changes_only_the_mean():
    x = torch.randn(1, 3, 500)
    torch.testing.assert_close(bandpass(x, 0.0, 0.0), x - x.mean(-1, keepdim=True), rtol=1e-4, atol=1e-5)


def test_standardise_keeps_ratios_and_zeros():
    x = torch.randn(2, 3, 1000) * torch.tensor([1.0, 2.0, 4.0])[:, None] + 7
    y = standardise(x)
    torch.testing.assert_close(y.mean(-1), torch.zeros(2, 3), atol=1e-5, rtol=0)
    assert float(y.square().mean()) == pytest.approx(1.0, rel=1e-5)
    assert float(y[0, 2].std() / y[0, 0].std()) == pytest.approx(float(x[0, 2].std() / x[0, 0].std()), rel=1e-4)
    torch.testing.assert_close(standardise(1e6 * x), y, rtol=1e-3, atol=1e-4)
    assert not standardise(torch.zeros(1, 3, 50)).any()
    torch.testing.assert_close(log_rms(10 * x), log_rms(x) + 1)


def test_cut_is_indexing():
    x = torch.randn(4, 3, 100)
    windows = cut(x, torch.tensor([2, 0]), torch.tensor([5, 60]), 30)
    assert torch.equal(windows[0], x[2, :, 5:35]) and torch.equal(windows[1], x[0, :, 60:90])


def test_event_windows_hold_p_between_two_and_twenty_five_seconds(pool):
    event = torch.nonzero(pool.kind == 2)[:, 0]
    for start in (pool.fixed_starts(3000)[event],
                  pool.random_starts(event, 3000, torch.Generator().manual_seed(0))):
        p = (pool.p[event] - start) / 100
        inside = (pool.p[event] > 2500) & (pool.p[event] < 5500)
        assert ((p[inside] >= 1.9) & (p[inside] <= 25.1)).all()
        assert ((start >= 0) & (start <= 3000)).all()


@pytest.mark.parametrize("hz", [2.0, 8.0, 15.0])
def test_resampling_keeps_a_sine_below_the_lower_nyquist(hz):
    t = torch.arange(1200) / 40
    y = resized(torch.sin(2 * torch.pi * hz * t)[None, None].float(), 40.0, 100.0)
    assert y.shape[-1] == 3000
    assert float(y[0, 0, 500:2500].abs().max()) == pytest.approx(1.0, abs=0.012)


@pytest.mark.parametrize("name", CHANCES)
def test_each_change_changes_and_keeps_shape(name):
    x = torch.randn(6, 3, 600)
    only = {each: float(each == name) for each in CHANCES}
    y = augment(x, 1.0, torch.Generator().manual_seed(0), only)
    assert y.shape == x.shape and y.dtype == x.dtype and torch.isfinite(y).all()
    assert not torch.equal(x, y)
    assert torch.equal(augment(x, 1.0, torch.Generator().manual_seed(0), only), y)
    assert torch.equal(augment(x, 0.0, torch.Generator().manual_seed(0)), x)


def test_added_noise_has_the_promised_ratio():
    x = torch.randn(200, 3, 2000)
    y = augment(x, 1.0, torch.Generator().manual_seed(0), {each: float(each == "noise") for each in CHANCES})
    db = 10 * torch.log10(x.square().mean((1, 2)) / (y - x).square().mean((1, 2)))
    assert float(db.min()) > 9.7 and float(db.max()) < 40.3 and float(db.mean()) == pytest.approx(25, abs=2)
