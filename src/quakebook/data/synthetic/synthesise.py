"""Synthesise the records of one or several blocks on a device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from . import draw, faults, measure, noise
from .draw import Block
from .grid import SAMPLING_RATE_HZ
from .transfer import to_device
from .waveforms import Bench, Rows, bench, displacement, noise_spectrum, record, wood_anderson_nm

Table = dict[str, NDArray]

#: Work window of 75 s: the 15 s after the record take the wrap-around of the circular convolution.
NFFT, SAMPLES = 7500, 6000
#: Rows worked on at a time: small enough for the cache of one core, all at once on a GPU.
CPU_ROWS = 16


@dataclass(frozen=True)
class Batch:
    """Finished waveforms of all candidates and what was measured on them.

    Attributes
    ----------
    counts : Tensor, shape (n, 3, 6000), float32
        Whole numbers; of each block the records with an earthquake first.
    measured : Tensor, shape (n, 6), float32
        Per record: SNR of Z, N, E in dB, SNR of S in dB, Wood-Anderson amplitude in nm, 1 where clipped.
        NaN for noise records where a column needs a pick.
    second_nm : Tensor, shape (n_second,)
        Wood-Anderson amplitude of the second events.
    """

    counts: Tensor
    measured: Tensor
    second_nm: Tensor


def synthesise(blocks: Sequence[Block], seed: int, device: str) -> Batch:
    """Make all candidate records of the blocks."""
    b = bench(NFFT, device)
    signal, second, recording = _join(blocks)
    white, white_second, gaussian, white_burst = _gaussians(blocks, seed, device, recording)
    n, where = len(recording["station"]), to_device(signal["row"], device)
    counts = torch.empty(n, 3, SAMPLES, device=device)
    amplitude_nm = torch.full((n,), torch.nan, device=device)
    second_nm = torch.empty(len(second["row"]), device=device)
    rows, rows_second, site = Rows(signal, device), Rows(second, device), _Site(recording, device)
    step = n if device != "cpu" else CPU_ROWS
    for start in range(0, n, step):
        part = slice(start, min(start + step, n))
        ours, theirs = _between(signal["row"], part), _between(second["row"], part)
        spectrum = None
        if ours.stop > ours.start:
            spectrum = displacement(b.grid, rows.slice(ours), white[ours])
            amplitude_nm[where[ours]] = wood_anderson_nm(b, spectrum, SAMPLES)
        if theirs.stop > theirs.start:
            extra = displacement(b.grid, rows_second.slice(theirs), white_second[theirs])
            second_nm[theirs] = wood_anderson_nm(b, extra, SAMPLES)
            spectrum.index_add_(0, to_device(second["parent"][theirs] - ours.start, device), extra)
        counts[part] = _to_counts(b, site, part, spectrum, where[ours] - start, gaussian[part])
    _add_bursts(b, counts, recording, white_burst)
    clipped = faults.apply(counts, recording)
    return Batch(counts, _measure(counts, rows, where, amplitude_nm, clipped), second_nm)


class _Site:
    """Per-record columns of station and noise on the device."""

    def __init__(self, recording: Table, device: str) -> None:
        levels = np.stack([recording["noise_microseism"], recording["noise_cultural"]], 1)
        self.levels = to_device(levels, device)
        self.sensor = to_device(recording["sensor"], device)
        self.sensitivity, self.digitiser, self.horizontal = (
            to_device(recording[name], device)
            for name in ("sensitivity", "digitiser_counts", "horizontal_factor"))


def _to_counts(b: Bench, site: _Site, part: slice, spectrum: Tensor | None, where: Tensor, gaussian: Tensor) -> Tensor:
    amplitude = b.noise.amplitude(site.levels[part], site.sensor[part], site.sensitivity[part], site.digitiser[part],
                                  b.grid.nfft)
    total = noise_spectrum(amplitude, site.horizontal[part], gaussian)
    if spectrum is not None:
        recorded = record(b, spectrum, site.sensor[part][where], site.sensitivity[part][where])
        if len(recorded) == len(total):
            total += recorded
        else:
            total.index_add_(0, where, recorded)
    return torch.fft.irfft(total, n=b.grid.nfft)[..., :SAMPLES]


def _add_bursts(b: Bench, counts: Tensor, recording: Table, white: Tensor) -> None:
    """Cultural noise: 2 to 10 times the noise level, which is the quietest second-long stretch of the record."""
    rows = np.flatnonzero(recording["burst_factor"])
    if not len(rows):
        return
    start, length, factor = (to_device(recording[name][rows], counts.device)
                             for name in ("burst_start_s", "burst_length_s", "burst_factor"))
    index = to_device(rows, counts.device)
    level = counts[index].unflatten(-1, (-1, int(SAMPLING_RATE_HZ))).std(-1).amin(-1)
    shape = noise.burst(b.grid, white, start, length)[..., :SAMPLES]
    counts.index_add_(0, index, shape * (level * factor[:, None])[..., None])


def _measure(counts: Tensor, rows: Rows, where: Tensor, amplitude_nm: Tensor, clipped: Tensor) -> Tensor:
    out = torch.full((len(counts), 6), torch.nan, device=counts.device)
    event = counts if len(where) == len(counts) else counts[where]
    out[where, :3] = measure.component_snr_db(event, rows["p_s"])
    out[where, 3] = measure.s_snr_db(event, rows["p_s"], rows["s_s"])
    out[:, 4], out[:, 5] = amplitude_nm, clipped
    return out


def _gaussians(blocks: Sequence[Block], seed: int, device: str, recording: Table) -> tuple[Tensor, ...]:
    """Unit Gaussians, drawn block by block from the block's own stream."""
    sizes = [(block.n_signal, len(block.second["parent"]), len(block), int(np.count_nonzero(
        block.recording["burst_factor"]))) for block in blocks]
    total = np.sum(sizes, 0)
    shapes = ((3, NFFT), (3, NFFT), (3, NFFT // 2 + 1, 2), (3, NFFT))
    out = tuple(torch.empty(int(n), *shape, device=device) for n, shape in zip(total, shapes, strict=True))
    offset = np.zeros(4, dtype=int)
    for block, size in zip(blocks, sizes, strict=True):
        state = draw.stream(seed, block.index, "waveform").generate_state(1, np.uint64)[0]
        generator = torch.Generator(device).manual_seed(int(state >> np.uint64(1)))
        for tensor, first, count in zip(out, offset, size, strict=True):
            if count:
                tensor[first : first + count].normal_(generator=generator)
        offset += size
    return out


def _join(blocks: Sequence[Block]) -> tuple[Table, Table, Table]:
    """Tables of all blocks; `row` numbers the records, `parent` the signal rows across blocks."""
    first_row = np.cumsum([0, *(len(block) for block in blocks)])
    first_signal = np.cumsum([0, *(block.n_signal for block in blocks)])
    signal = concatenate([block.signal for block in blocks])
    second = concatenate([block.second for block in blocks])
    signal["row"] = np.concatenate([np.arange(block.n_signal) + k for block, k in zip(blocks, first_row, strict=False)])
    second["parent"] = np.concatenate([block.second["parent"] + k
                                       for block, k in zip(blocks, first_signal, strict=False)])
    second["row"] = signal["row"][second["parent"]]
    return signal, second, concatenate([block.recording for block in blocks])


def concatenate(tables: Sequence[Table]) -> Table:
    """Stack tables with equal columns."""
    if len(tables) == 1:
        return dict(tables[0])
    return {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}


def _between(rows: NDArray[np.int64], part: slice) -> slice:
    """Positions in the sorted `rows` whose value lies in `part`."""
    return slice(int(np.searchsorted(rows, part.start)), int(np.searchsorted(rows, part.stop)))
