"""Which part of a record the network sees: drawn at random for training, fixed by the trace name for evaluation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import torch
from torch import Tensor

#: BlueDisc, data set and windows: 3001 samples, cut from the 6000 samples that begin 3000 before a pick.
LENGTH, BEFORE = 3001, 3000
#: Two of three windows are cut around a pick, one anywhere in the trace.
AROUND_SHARE = 2 / 3


def cut(waveforms: Tensor, record: Tensor, start: Tensor, length: int = LENGTH) -> Tensor:
    """Cut one window out of each chosen record, on the device.

    Parameters
    ----------
    waveforms : Tensor, shape (n, component, sample)
    record, start : Tensor, shape (b,), int64
        Row of `waveforms` and first sample of the window. The start may lie outside the record.
    length : int
        Samples per window.

    Returns
    -------
    Tensor, shape (b, component, length)
        Zero where the window reaches beyond the record; what lies inside is then without its mean, so that raw counts
        with an offset make no step there.
    """
    return levelled(raw(waveforms, record, start, length), start, waveforms.shape[-1])


def raw(waveforms: Tensor, record: Tensor, start: Tensor, length: int) -> Tensor:
    """As `cut`, with anything where the window reaches beyond the record.

    On the CPU each window is one slice that is copied: a tensor of sample numbers costs several times as much there.
    """
    if waveforms.ndim != 3:
        raise ValueError(f"`waveforms` must have shape (n, component, sample); found {tuple(waveforms.shape)}")
    if not isinstance(waveforms, Tensor):  # records that stay on disk cut their own windows
        return waveforms.cut(record, start, length)
    if waveforms.device.type == "cpu" and not waveforms.requires_grad:
        return _slices(waveforms, record, start, length)
    n, n_components, n_samples = waveforms.shape
    sample = start[:, None] + torch.arange(length, device=start.device)  # (b, length)
    trace = record[:, None] * n_components + torch.arange(n_components, device=record.device)  # (b, component)
    flat = trace[:, :, None] * n_samples + sample.clamp(0, n_samples - 1)[:, None, :]  # (b, component, length)
    return waveforms.reshape(-1).take(flat) if n else waveforms.new_zeros(flat.shape)


def _slices(waveforms: Tensor, record: Tensor, start: Tensor, length: int) -> Tensor:
    n_samples = waveforms.shape[-1]
    out = waveforms.new_zeros(len(record), waveforms.shape[1], length)
    for window, row, first in zip(out, record.tolist(), start.tolist(), strict=True):
        low, high = max(first, 0), min(first + length, n_samples)
        if high > low:
            window[:, low - first : high - first] = waveforms[row, :, low:high]
    return out


def levelled(windows: Tensor, start: Tensor, n_samples: int) -> Tensor:
    """Windows with zeros beyond their record, and without the mean of what lies inside where there is such a part.

    Parameters
    ----------
    windows : Tensor, shape (b, component, length)
        Anything beyond the record.
    start : Tensor, shape (b,)
        First sample of each window in its record.
    n_samples : int
        Length of the records.
    """
    if start.device.type == "cpu" and bool(((start >= 0) & (start <= n_samples - windows.shape[-1])).all()):
        return windows  # nothing reaches beyond its record; a look at the starts of a GPU would make it wait
    sample = start.to(windows.device)[:, None] + torch.arange(windows.shape[-1], device=windows.device)
    inside = ((sample >= 0) & (sample < n_samples))[:, None, :]  # (b, 1, length)
    windows = windows.where(inside, windows.new_zeros(()))
    count = inside.sum(dim=-1, keepdim=True)
    mean = (windows.sum(dim=-1, keepdim=True, dtype=torch.float64) / count.clamp(min=1)).to(windows.dtype)
    return torch.where(inside & (count < windows.shape[-1]), windows - mean, windows)


def relative(picks: Tensor, record: Tensor, start: Tensor) -> Tensor:
    """Picks of the chosen records, counted from the window start: (n, k), (b,), (b,) -> (b, k); NaN stays NaN."""
    return picks[record] - start[:, None].to(picks.dtype)


def inside(picks: Tensor, n_samples: int) -> Tensor:
    """Keep picks strictly between the first and the last sample of the window; the others become NaN."""
    return picks.where((picks > 0) & (picks < n_samples - 1), torch.nan)


def draw_training(picks_p: Tensor, picks_s: Tensor, npts: int | Tensor, record: Tensor,
                  generator: torch.Generator | None = None, length: int = LENGTH, before: int = BEFORE,
                  around_share: float = AROUND_SHARE) -> Tensor:
    """Draw random training windows by BlueDisc's rule.

    With probability `around_share` the window is drawn inside the stretch of ``2 * before`` samples that begins
    `before` samples ahead of one pick, itself drawn uniformly from all P and S picks of the trace (the first stretch
    of a trace without picks); otherwise anywhere in the trace. A trace shorter than the window is padded on random
    sides, so that the start may be negative.

    Parameters
    ----------
    picks_p, picks_s : Tensor, shape (n, k)
        Sample indices of the picks of all records; NaN = none.
    npts : int or Tensor, shape (n,)
        Samples of the records.
    record : Tensor, shape (b,), int64
        Which records to draw from.
    generator : torch.Generator, optional
        On the device of the picks.

    Returns
    -------
    Tensor, shape (b,), int64
        First sample of each window.
    """
    uniforms = torch.rand(len(record), 3, generator=generator, device=picks_p.device)
    picks = torch.cat([picks_p, picks_s], dim=1)[record]
    return _starts(uniforms, picks, _row(npts, record), length, before, around_share)


def fixed(names: Sequence[str], picks_p: Tensor, picks_s: Tensor, npts: int | Tensor, length: int = LENGTH,
          before: int = BEFORE, around_share: float = AROUND_SHARE, draw: int = 0) -> Tensor:
    """Evaluation windows, one per trace: the rule of `draw_training`, with the hash of the trace name as the dice.

    The same trace has the same window on every machine, in every order and beside any other traces.

    Parameters
    ----------
    names : sequence of str, length n
        Trace names, as in the metadata column ``trace_name``.
    picks_p, picks_s : Tensor, shape (n, k)
    npts : int or Tensor, shape (n,)
    draw : int
        Another number gives another window of the same trace.

    Returns
    -------
    Tensor, shape (n,), int64
    """
    if len(names) != len(picks_p):
        raise ValueError(f"`names` must name each trace once; found {len(names)} names for {len(picks_p)} traces")
    device = picks_p.device
    uniforms = torch.tensor([_dice(str(name), draw) for name in names], dtype=torch.float32).reshape(-1, 3)
    record = torch.arange(len(names), device=device)
    picks = torch.cat([picks_p, picks_s], dim=1)
    return _starts(uniforms.to(device), picks, _row(npts, record), length, before, around_share)


def _row(npts: int | Tensor, record: Tensor) -> Tensor:
    return npts[record] if isinstance(npts, Tensor) else torch.full_like(record, npts)


def _dice(name: str, draw: int) -> list[float]:
    """Three numbers in [0, 1) with 24 bits each, exact in float32, from a hash of the name."""
    digest = hashlib.blake2b(f"{draw}:{name}".encode(), digest_size=9).digest()
    return [int.from_bytes(digest[i:i + 3], "big") / 2**24 for i in (0, 3, 6)]


def _starts(uniforms: Tensor, picks: Tensor, npts: Tensor, length: int, before: int, around_share: float) -> Tensor:
    low, high = torch.zeros_like(npts), npts
    around = uniforms[:, 0] < around_share
    begin = _choose(uniforms[:, 1], picks, before).sub(before).trunc().long()  # stretch round the pick, uncut
    low = torch.where(around, begin.clamp(min=0).minimum(npts), low)
    high = torch.where(around, (begin + 2 * before).minimum(npts), high)
    room = high - low - length  # negative: padded on random sides
    offset = (uniforms[:, 2] * (room.abs() + 1)).long().minimum(room.abs())
    return low + room.sign() * offset


def _choose(uniform: Tensor, picks: Tensor, default: float) -> Tensor:
    """One pick of each row (b, k), every pick that is present being equally likely."""
    present = ~picks.isnan()
    count = present.sum(dim=1)
    wanted = (uniform * count).long().minimum((count - 1).clamp(min=0))
    chosen = present & (present.cumsum(dim=1) - 1 == wanted[:, None])
    pick = picks.where(chosen, torch.zeros_like(picks)).sum(dim=1)
    return pick.where(count > 0, torch.full_like(pick, default))
