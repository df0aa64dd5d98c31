"""Forward model: published constants, exact identity, peers, limits, gradients, faults."""

import math

import numpy as np
import pytest
import torch

from quakebook.bugfinv import ForwardModel, forward_model
from quakebook.bugfinv.data import wavelets
from quakebook.bugfinv.data.forward import RHO0_G_CM3, VP0_M_S, VS0_M_S, add_noise, exponents
from quakebook.bugfinv.data.zoeppritz import reflection_pp
from quakebook.data.elastic.checks import ANGLES_DEG

TABLE = {  # from the constants of the Nash code
    "a": (1.007660, 1.031079, 1.071797, 1.132502, 1.217406, 1.333335),
    "b": (-0.015204, -0.060285, -0.133975, -0.233999, -0.357163, -0.500002),
    "c": (0.992398, 0.969858, 0.933012, 0.883000, 0.821419, 0.749999),
}

PEER_IMPORT = "ignore:pkg_resources is deprecated as an API:UserWarning"  # bruges still imports it


def logs(n=80, traces=(), seed=0):
    g = torch.Generator().manual_seed(seed)
    vp = 3000 + 300 * torch.randn(*traces, n, generator=g, dtype=torch.float64)
    vs = vp / (1.8 + 0.05 * torch.randn(*traces, n, generator=g, dtype=torch.float64))
    return vp, vs, 2.3 + 0.05 * torch.randn(*traces, n, generator=g, dtype=torch.float64)


def ratio_form(vp, vs, rho, samples):
    """Impedance, ratio of difference to sum, np.convolve: as the paper writes it."""
    out = []
    for a, b, c in exponents().numpy():
        ei = VP0_M_S * RHO0_G_CM3 * (vp / VP0_M_S) ** a * (vs / VS0_M_S) ** b * (rho / RHO0_G_CM3) ** c
        r = np.concatenate([[0.0], (ei[1:] - ei[:-1]) / (ei[1:] + ei[:-1])])
        out.append(np.convolve(r, samples, mode="full")[len(samples) // 2:][:len(vp)])
    return np.stack(out)


def test_exponents():
    assert np.allclose(exponents().numpy().T, list(TABLE.values()), atol=6e-7)
    assert torch.linalg.svdvals(exponents()).tolist() == pytest.approx([3.573, 0.519, 0.012], abs=6e-4)


@pytest.mark.parametrize("wavelet", ["ricker", "ormsby"])
def test_tanh_form_equals_the_ratio_form(wavelet):
    vp, vs, rho = logs()
    found = forward_model(vp, vs, rho, wavelet=wavelet)
    want = ratio_form(vp.numpy(), vs.numpy(), rho.numpy(), wavelets.named(wavelet, 0.001).numpy())
    assert np.abs(found.numpy() - want).max() < 1e-12


def test_constant_logs_reflect_nothing():
    x = torch.full((2, 50), 2.0)
    assert torch.equal(forward_model(x * 1500, x * 700, x), torch.zeros(2, 6, 50))


def test_units_cancel_and_batches_are_traces():
    vp, vs, rho = logs(traces=(3, 2))
    found = forward_model(vp, vs, rho, dt_s=0.002)
    assert found.shape == (3, 2, 6, 80)
    assert torch.allclose(found, forward_model(vp / 1000, vs / 1000, rho * 1000, dt_s=0.002), atol=1e-13)
    assert torch.allclose(found[1, 1], forward_model(vp[1, 1], vs[1, 1], rho[1, 1], dt_s=0.002), atol=1e-14)


def test_time_shift_moves_the_gathers():
    vp, vs, rho = (x.repeat_interleave(1) for x in logs(400))
    for x in (vp, vs, rho):
        x[:150], x[250:] = x[150], x[249]
    shifted = [torch.roll(x, 7) for x in (vp, vs, rho)]
    for x, y in zip(shifted, (vp, vs, rho), strict=True):
        x[:7] = y[0]
    a, b = forward_model(vp, vs, rho), forward_model(*shifted)
    assert torch.allclose(torch.roll(a, 7, -1)[..., 20:], b[..., 20:], atol=1e-12)


def test_resolution_ratio_decimates_after_the_convolution():
    vp, vs, rho = logs(60)
    assert torch.equal(forward_model(vp, vs, rho, resolution_ratio=6), forward_model(vp, vs, rho)[..., ::6])


def test_gradient():
    inputs = [x[:30].clone().requires_grad_() for x in logs()]
    assert torch.autograd.gradcheck(lambda *x: forward_model(*x), inputs, eps=1e-3, atol=1e-7)


def test_normal_incidence_is_the_impedance_contrast():
    vp, vs, rho = logs(20)
    unit = torch.zeros(3, dtype=torch.float64)
    unit[1] = 1
    z = vp * rho
    found = forward_model(vp, vs, rho, angles_deg=[0.0], wavelet=unit)
    assert torch.allclose(found[0, 1:], (z[1:] - z[:-1]) / (z[1:] + z[:-1]), atol=1e-15)
    exact = reflection_pp(vp, vs, rho, torch.zeros(1, dtype=torch.float64))
    assert torch.allclose(exact, found, atol=1e-12)


@pytest.mark.filterwarnings(PEER_IMPORT)
def test_zoeppritz_against_bruges():
    from bruges.reflection import zoeppritz_rpp

    vp, vs, rho = (x[:2] for x in logs())
    theta = torch.deg2rad(torch.tensor(ANGLES_DEG, dtype=torch.float64))
    found = reflection_pp(vp, vs, rho, theta)[:, 1]
    want = zoeppritz_rpp(*(float(x[0]) for x in (vp, vs, rho)), *(float(x[1]) for x in (vp, vs, rho)),
                         theta1=np.array(ANGLES_DEG))
    assert np.abs(found.numpy() - np.real(want).ravel()).max() < 1e-10


def test_wavelets():
    w, o = wavelets.ricker(0.001), wavelets.ormsby(0.001)
    assert len(w) == len(o) == 201 and w[100] == o[100] == 1.0
    assert float(o.min()) == pytest.approx(-0.3417, abs=1e-4)
    frequency = np.fft.rfftfreq(8000, 0.001)
    spectrum = np.abs(np.fft.rfft(w.numpy(), 8000))
    assert frequency[spectrum.argmax()] == pytest.approx(40.0, abs=0.13)
    spectrum = np.abs(np.fft.rfft(o.numpy(), 8000))
    spectrum /= spectrum[(frequency > 20) & (frequency < 50)].mean()
    for hertz, level in ((5, 0.12), (7.5, 0.48), (10, 0.89), (60, 0.98), (70, 0.50), (80, 0.03)):
        assert spectrum[int(hertz * 8)] == pytest.approx(level, abs=0.015)


@pytest.mark.filterwarnings(PEER_IMPORT)
def test_wavelets_equal_bruges():
    from bruges.filters import wavelets as peer

    assert np.abs(np.asarray(peer.ricker(0.2, 0.001, 40)[0]) - wavelets.ricker(0.001).numpy()).max() < 1e-14
    assert np.abs(np.asarray(peer.ormsby(0.2, 0.001, [5, 10, 60, 80])[0]).ravel()
                  - wavelets.ormsby(0.001).numpy()).max() < 1e-14


def test_phase_rotation():
    w = wavelets.ricker(0.001)
    assert torch.allclose(wavelets.rotate_phase(w, 0.0), w, atol=1e-12)
    assert torch.allclose(wavelets.rotate_phase(w, 180.0), -w, atol=1e-12)
    quarter = wavelets.rotate_phase(w, 90.0)
    assert torch.allclose(quarter, -quarter.flip(0), atol=1e-3) and abs(float(quarter[100])) < 1e-6


@pytest.mark.parametrize("band", [None, (10.0, 60.0)])
def test_noise_level(band):
    g = forward_model(*logs(400, traces=(20,)))
    noise = add_noise(g, 15.0, torch.Generator().manual_seed(0), band) - g
    assert 20 * math.log10(float(g.square().mean().sqrt() / noise.square().mean().sqrt())) == pytest.approx(15, abs=0.1)
    assert add_noise(g, None, torch.Generator()) is g


@pytest.mark.parametrize("change, message", [
    (lambda vp, vs, rho: (vp, vp * 1.1, rho), "`vs` must be below `vp`; 80 samples"),
    (lambda vp, vs, rho: (vp, vs * 0, rho), "water"),
    (lambda vp, vs, rho: (vp, vs, -rho), "`rho` must be positive"),
    (lambda vp, vs, rho: (vp * float("nan"), vs, rho), "`vp` holds 80 NaN"),
    (lambda vp, vs, rho: (vp[:-1], vs, rho), "one shape"),
])
def test_bad_logs(change, message):
    with pytest.raises(ValueError, match=message):
        forward_model(*change(*logs()))


@pytest.mark.parametrize("kwargs, message", [
    ({"wavelet": "morlet"}, "known are ricker, ormsby"), ({"angles_deg": [95.0]}, "between -90 and 90"),
    ({"dt_s": 0.0}, "`dt_s`"), ({"resolution_ratio": 0}, "at least 1"), ({"wavelet": torch.ones(4)}, "odd"),
])
def test_bad_settings(kwargs, message):
    with pytest.raises(ValueError, match=message):
        forward_model(*logs(), **kwargs)


def test_one_wavelet_per_angle():
    vp, vs, rho = logs()
    rows = torch.stack([wavelets.ricker(0.001) * (k + 1) for k in range(6)])
    stacked = torch.log(torch.stack([vp, vs, rho]))[None]
    found, plain = ForwardModel(0.001, rows)(stacked)[0], forward_model(vp, vs, rho)
    assert torch.allclose(found, plain * torch.arange(1, 7)[:, None], atol=1e-13)
