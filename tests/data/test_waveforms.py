"""Head waves, pulses and the Wood-Anderson peak of single records."""

import numpy as np
import pytest
import torch

from quakebook.data.synthetic import envelopes, grid, waveforms
from quakebook.data.synthetic.waveforms import Rows

NFFT = 8192


def _row(head, direct_delay_s=4.0):
    table = {name: np.array([1.0]) for name in waveforms.SIGNAL_COLUMNS}
    table |= {"p_s": np.array([10.0]), "s_s": np.array([30.0]), "tau_p_s": np.array([2.0]),
              "energy_p": np.array([2.5]), "direct_delay_s": np.array([direct_delay_s]),
              "vector_p": np.array([[0.52, 0.0, 0.0]]), "vector_s": np.zeros((1, 3)), "head_wave": np.array([head]),
              "surface_amplitude": np.zeros(1)}
    return Rows(table, "cpu")


def _vertical(head):
    g = grid.get(NFFT, "cpu")
    first = torch.arange(1 if head else 0)
    white = torch.zeros(1, 3, NFFT)
    out = waveforms._p_part(g, _row(head), white, first, torch.empty_like(white))
    return torch.fft.irfft(out, n=NFFT)[0, 0]


def test_direct_p_is_one_pulse_of_its_polarisation():
    """Without noise there is no coda: a unit pulse at 10 s, 0.52 over the weight 0.52."""
    trace = _vertical(False)
    assert int(trace.abs().argmax()) == 1000 and float(trace[1000]) == pytest.approx(1.0, abs=0.02)


def test_head_wave_comes_first_with_a_quarter_of_the_amplitude():
    trace = _vertical(True)
    assert float(trace[1000]) == pytest.approx(0.25, abs=0.01)
    assert float(trace[1400]) == pytest.approx(1.0, abs=0.02)


def test_coda_of_a_head_wave_has_a_quarter_too():
    """White noise of one: the coda is its envelope; 0.5 s after the head wave a quarter of that after the direct P."""
    g = grid.get(NFFT, "cpu")
    white, none = torch.ones(1, 3, NFFT), torch.zeros(1, 3, NFFT)
    head = torch.arange(1)
    row = _row(True)
    row.vectors = torch.zeros_like(row.vectors)
    first = torch.fft.irfft(waveforms._p_part(g, row, white, head, torch.empty_like(none)), n=NFFT)[0, 0]
    single = envelopes.p_coda(g, torch.tensor([10.0]), torch.tensor([2.0]))
    single *= envelopes.energy_scale(single, torch.tensor([2.5]))
    assert float(first[1050]) == pytest.approx(0.25 * float(single[0, 1050]), rel=1e-3)
    assert float(first[1450]) == pytest.approx(0.25 * float(single[0, 1450]) + float(single[0, 1050]), rel=1e-3)


def test_energy_of_an_envelope_is_its_sum_of_squares():
    envelope = torch.tensor([[3.0, 4.0], [0.0, 0.0]])
    scale = envelopes.energy_scale(envelope, torch.tensor([100.0, 5.0]))
    assert scale[:, 0].tolist() == [2.0, 0.0]


def test_p_coda_rises_in_a_twentieth_of_a_second_and_decays_with_tau():
    g = grid.get(NFFT, "cpu")
    coda = envelopes.p_coda(g, torch.tensor([10.0]), torch.tensor([2.0]))[0]
    assert float(coda[999]) == 0 and float(coda[1005]) == pytest.approx((1 - np.exp(-1)) * np.exp(-0.025), rel=1e-4)
    assert float(coda[1400] / coda[1200]) == pytest.approx(np.exp(-1), rel=1e-4)


def test_wood_anderson_peak_is_the_larger_horizontal_inside_the_window():
    bench = waveforms.bench(NFFT, "cpu")
    trace = torch.zeros(1, 3, NFFT)
    time = torch.arange(NFFT) / 100
    wave = torch.sin(2 * torch.pi * 10 * time) * torch.exp(-0.5 * ((time - 20) / 2) ** 2)
    trace[0, 0], trace[0, 1], trace[0, 2] = 9e-9 * wave, 1e-9 * wave, -3e-9 * wave
    spectrum = torch.fft.rfft(trace)
    assert float(waveforms.wood_anderson_nm(bench, spectrum, 6000)) == pytest.approx(3.0, rel=0.01)  # gain 1 at 10 Hz
    assert float(waveforms.wood_anderson_nm(bench, spectrum, 500)) < 1e-3
