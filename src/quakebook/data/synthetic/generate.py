"""`make`: any number of synthetic records of a preset, the same for the same seed on the same kind of device."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakebook.data.errors import DataError
from quakebook.data.records import Records

from . import metadata, presets
from .draw import Block, draw
from .finish import catalogue
from .grid import SAMPLING_RATE_HZ
from .identity import fingerprint
from .presets import Preset
from .synthesise import SAMPLES, Batch, concatenate, synthesise
from .transfer import to_device

Table = dict[str, NDArray]

#: Blocks per batch on a GPU; does not change the result.
GPU_BLOCKS = 8
#: Blocks in a row without a single record: the settings leave nothing.
MAX_EMPTY_BLOCKS = 8


def make(preset: str | Preset, n: int, seed: int, device: str | torch.device = "cpu", **options: Any) -> Records:
    """Make `n` synthetic three-component records of 60 s at 100 Hz.

    Parameters
    ----------
    preset : str
        tiny, picker, picker_strong, picker_exact, magnitude, near, default or continuous.
    n : int
        Number of records, noise records included.
    seed : int
        The same preset and seed give the same records; ``make(preset, 100, seed)`` is the start of
        ``make(preset, 200, seed)``.
    device : str or torch.device
        Where the waveforms are computed and stay. CPU and GPU draw different noise.
    **options
        Single settings of the preset, e.g. ``emergence="strong"`` or ``second_event=0.1``.

    Returns
    -------
    Records
        Waveforms (n, 3, 6000) in counts, components Z, N, E, and metadata with SeisBench's column names.

    Examples
    --------
    >>> make("tiny", 3, seed=0).waveforms.shape
    torch.Size([3, 3, 6000])
    """
    setting = presets.get(preset, **options)
    _check(n, seed)
    where = _device(device)
    if setting.name == "continuous":
        from .continuous import windows

        return windows(setting, n, seed).to(where)
    out = torch.empty(n, 3, SAMPLES, device=where)
    tables, filled = [], 0
    for counts, table in _finished(setting, seed, where):
        take = min(len(counts), n - filled)
        out[filled : filled + take] = counts[:take]
        tables.append({name: column[:take] for name, column in table.items()})
        filled += take
        if filled == n:
            break
    described = metadata.frame(concatenate(tables), setting, seed, SAMPLES)
    return Records(out, described, SAMPLING_RATE_HZ, f"synthetic:{setting.name}",
                   fingerprint(setting, n, seed, where))


def _finished(preset: Preset, seed: int, device: str) -> Iterator[tuple[Tensor, Table]]:
    """Kept records of one batch after another; the next batch is under way on the GPU while this one is described."""
    waiting: tuple[list[Block], Batch] | None = None
    empty, size = 0, GPU_BLOCKS if device != "cpu" else 1
    for first in count(0, size):
        blocks = [draw(preset, seed, index) for index in range(first, first + size)]
        started = (blocks, synthesise(blocks, seed, device))
        if device == "cpu":
            waiting = started
        if waiting is not None:
            counts, table = _collect(*waiting, preset, seed)
            empty = 0 if len(counts) else empty + size
            if empty >= MAX_EMPTY_BLOCKS:
                raise DataError(f"preset {preset.name!r} with these settings keeps no record in {empty} blocks")
            if len(counts):
                yield counts, table
        waiting = started


def _collect(blocks: list[Block], batch: Batch, preset: Preset, seed: int) -> tuple[Tensor, Table]:
    measured, second_nm = batch.measured.cpu().numpy(), batch.second_nm.cpu().numpy()
    rows, tables, first, first_second = [], [], 0, 0
    for block in blocks:
        stop, stop_second = first + len(block), first_second + len(block.second["parent"])
        kept, table = catalogue(block, measured[first:stop], second_nm[first_second:stop_second], preset, seed)
        rows.append(kept + first)
        tables.append(table)
        first, first_second = stop, stop_second
    index = to_device(np.concatenate(rows), batch.counts.device)
    return batch.counts.index_select(0, index), concatenate(tables)


def _check(n: int, seed: int) -> None:
    if not isinstance(n, (int, np.integer)) or n < 1:
        raise DataError(f"`n` must be a positive number of records; found {n!r}")
    if not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**31:
        raise DataError(f"`seed` must be an integer from 0 to 2^31 - 1; found {seed!r}")


def _device(device: str | torch.device) -> str:
    wanted = torch.device(device)
    if wanted.type == "cuda" and not torch.cuda.is_available():
        raise DataError(f"device {str(device)!r} was asked for, but torch finds no CUDA device")
    return str(wanted)


