"""Put together a batch of records: body waves, scattered waves, surface waves, instrument and noise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from . import envelopes, grid, magnitude, spectra
from .grid import Grid
from .instrument import SENSORS, response
from .noise import NoiseTable
from .paths import HEAD_WAVE_AMPLITUDE
from .transfer import to_device

#: Columns of a row that the synthesis of a signal reads, shape (b,) each.
SIGNAL_COLUMNS = ("p_s", "s_s", "level_p", "level_s", "corner_p_hz", "corner_s_hz", "t_over_q_p", "t_over_q_s",
                  "kappa_s", "tau_p_s", "energy_p", "energy_s", "peak_delay_s", "coda_exponent", "coda_q0", "ramp",
                  "travel_s_s", "direct_s", "surface_amplitude", "distance_km", "origin_s", "azimuth_rad",
                  "direct_delay_s")


class Bench:
    """Everything that stays the same between batches: axes, responses, noise table, on one device."""

    def __init__(self, nfft: int, device: str) -> None:
        self.grid = grid.get(nfft, device)
        f = self.grid.frequency_hz.cpu().numpy().astype(float)
        bank = np.stack([response(sensor, f) for sensor in SENSORS])
        self.responses = torch.as_tensor(bank, dtype=torch.complex64, device=device)
        self.noise = NoiseTable(self.grid)
        self.wood_anderson = magnitude.wood_anderson(self.grid.frequency_hz)


@lru_cache(maxsize=4)
def bench(nfft: int, device: str) -> Bench:
    """The bench of that length and device, made once."""
    return Bench(nfft, device)


class Rows:
    """Columns of a batch as float32 tensors on the device, moved in one transfer."""

    def __init__(self, table: Mapping[str, NDArray], device: str, columns: tuple[str, ...] = SIGNAL_COLUMNS) -> None:
        flat = np.stack([np.asarray(table[name], np.float32) for name in columns])
        vectors = np.concatenate([table["vector_p"], table["vector_s"]], 1).astype(np.float32)
        self.columns = dict(zip(columns, to_device(flat, device), strict=True))
        self.vectors = to_device(vectors, device)
        self.head, self.surface = np.asarray(table["head_wave"], bool), np.asarray(table["surface_amplitude"]) > 0

    def __getitem__(self, name: str) -> Tensor:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.vectors)

    def slice(self, rows: slice) -> Rows:
        """A run of rows, sharing memory."""
        part = object.__new__(Rows)
        part.columns = {name: column[rows] for name, column in self.columns.items()}
        part.vectors, part.head, part.surface = self.vectors[rows], self.head[rows], self.surface[rows]
        return part


def displacement(g: Grid, row: Rows, white: Tensor) -> Tensor:
    """Ground displacement spectra of a batch of records, without noise.

    X = U_P [ d_P exp(-i w tP) + FFT(n e_P) ] + U_S [ q d_S exp(-i w tS) + L FFT(n e_low) + H FFT(n e_high) ] + surface

    Parameters
    ----------
    g : Grid
    row : Rows
    white : Tensor, shape (b, 3, nfft)
        Unit Gaussians.

    Returns
    -------
    Tensor, complex64, shape (b, 3, frequencies)
        In m, scaled so that `irfft` returns metres. Components Z, N, E.
    """
    head = to_device(np.flatnonzero(row.head), g.device)
    s_mag, s_phase = spectra.body_wave(g, row["level_s"], row["corner_s_hz"], row["t_over_q_s"], row["kappa_s"])
    p_mag, p_phase = spectra.body_wave(g, row["level_p"], row["corner_p_hz"], row["t_over_q_p"], row["kappa_s"])
    work = torch.empty((2, *white.shape), device=g.device)
    total = _p_part(g, row, white, head, work[0])
    _shape(total, spectra.unit(p_phase) * p_mag, envelopes.WEIGHTS_P)
    other = _s_part(g, row, white, work)
    _shape(other, spectra.unit(s_phase) * s_mag, envelopes.WEIGHTS_S)
    total += other
    _add_surface_wave(g, row, s_mag, total)
    return total


def _p_part(g: Grid, row: Rows, white: Tensor, head: Tensor, work: Tensor) -> Tensor:
    """d_P exp(-i w tP) / weight + FFT(n e_P); where the head wave comes first, it and the direct P each once."""
    coda = envelopes.p_coda(g, row["p_s"], row["tau_p_s"])
    coda.mul_(envelopes.energy_scale(coda, row["energy_p"]))
    pulse = spectra.delay(g, row["p_s"])
    if len(head):
        later = row["p_s"][head] + row["direct_delay_s"][head]
        second = envelopes.p_coda(g, later, row["tau_p_s"][head])
        second.mul_(envelopes.energy_scale(second, row["energy_p"][head]))
        coda[head] = HEAD_WAVE_AMPLITUDE * coda[head] + second
        pulse[head] = HEAD_WAVE_AMPLITUDE * pulse[head] + spectra.delay(g, later)
    out = torch.fft.rfft(torch.mul(white, coda[:, None], out=work))
    return _add_pulse(out, pulse, row.vectors[:, :3], envelopes.WEIGHTS_P)


def _s_part(g: Grid, row: Rows, white: Tensor, work: Tensor) -> Tensor:
    """q d_S exp(-i w tS) / weight + L FFT(n e_low) + H FFT(n e_high)."""
    low, high = envelopes.s_coda(g, row["p_s"], row["s_s"], row["travel_s_s"], row["peak_delay_s"],
                                 row["coda_exponent"], row["coda_q0"], row["ramp"])
    scale = envelopes.energy_scale(high, row["energy_s"])
    torch.mul(white, low.mul_(scale)[:, None], out=work[0])
    torch.mul(white, high.mul_(scale)[:, None], out=work[1])
    bands = torch.fft.rfft(work)
    out = bands[0].mul_(g.low).addcmul_(bands[1], g.high.to(bands.dtype))
    return _add_pulse(out, spectra.delay(g, row["s_s"]), row.vectors[:, 3:] * row["direct_s"][:, None],
                      envelopes.WEIGHTS_S)


def _add_pulse(out: Tensor, pulse: Tensor, vector: Tensor, weights: tuple[float, ...]) -> Tensor:
    for component, weight in enumerate(weights):
        out[:, component].addcmul_(pulse, (vector[:, component, None] / weight).to(pulse.dtype))
    return out


def _shape(out: Tensor, spectrum: Tensor, weights: tuple[float, ...]) -> None:
    """Multiply the components by their weight and by the spectrum, in place; both horizontals share a weight."""
    out[:, 0] *= spectrum * weights[0]
    out[:, 1:] *= (spectrum * weights[1])[:, None]


def _add_surface_wave(g: Grid, row: Rows, s_magnitude: Tensor, total: Tensor) -> None:
    index = to_device(np.flatnonzero(row.surface), g.device)
    if not len(index):
        return
    wave = spectra.surface_wave(g, s_magnitude[index], row["surface_amplitude"][index], row["distance_km"][index],
                                row["origin_s"][index])
    azimuth, radial = row["azimuth_rad"][index, None], wave * 1j
    components = torch.stack([wave, radial * azimuth.cos(), radial * azimuth.sin()], 1)
    total[:, :, : g.n_surface].index_add_(0, index, components)


def wood_anderson_nm(b: Bench, spectrum: Tensor, samples: int) -> Tensor:
    """Largest absolute Wood-Anderson amplitude of both horizontals inside the window, in nm. Shape (b,)."""
    horizontal = torch.fft.irfft(spectrum[:, 1:] * b.wood_anderson, n=b.grid.nfft)[..., :samples]
    low, high = torch.aminmax(horizontal.flatten(1), dim=1)
    return torch.maximum(-low, high) * 1e9


def record(b: Bench, spectrum: Tensor, sensor: Tensor, sensitivity: Tensor) -> Tensor:
    """Apply the instrument, in place: displacement spectrum to counts."""
    return spectrum.mul_((b.responses[sensor] * sensitivity[:, None])[:, None])


def noise_spectrum(amplitude: Tensor, horizontal_factor: Tensor, gaussian: Tensor) -> Tensor:
    """One realisation of the noise in counts.

    Parameters
    ----------
    amplitude : Tensor, shape (b, frequencies)
    horizontal_factor : Tensor, shape (b,)
    gaussian : Tensor, shape (b, 3, frequencies, 2)
        Unit Gaussians; overwritten.

    Returns
    -------
    Tensor, complex64, shape (b, 3, frequencies)
    """
    gaussian[:, 0].mul_(amplitude[:, :, None])
    gaussian[:, 1:].mul_((amplitude * horizontal_factor[:, None])[:, None, :, None])
    return torch.view_as_complex(gaussian)
