"""Where windows begin: drawn at random for training, fixed for evaluation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import torch
from torch import Tensor

from quakebook.picking.windows import cut, draw_training

#: In evaluation windows for magnitude, P stands at this sample (5 s).
P_AT_SAMPLE = 500


def training_starts(picks_p: Tensor, picks_s: Tensor, npts: int, record: Tensor, generator: torch.Generator,
                    length: int) -> Tensor:
    """Random window inside the two window lengths round a pick drawn from all picks of the record.

    A window chosen round S may miss P. Records without picks give a window of their first two window lengths.
    """
    return draw_training(picks_p, picks_s, npts, record, generator=generator, length=length, before=length,
                         around_share=1.0)


def anchored_starts(picks_p: Tensor, picks_s: Tensor, before: int = P_AT_SAMPLE) -> Tensor:
    """Windows with P (or, without P, the first labelled pick) at sample `before`; 0 for records without picks.

    Parameters
    ----------
    picks_p, picks_s : Tensor, shape (n, k)
        Samples in the record; NaN = none.

    Returns
    -------
    Tensor, shape (n,), int64
        May be negative: `quakebook.picking.windows.cut` fills with zeros.
    """
    first_p, first_s = _first(picks_p), _first(picks_s)
    anchor = torch.where(first_p.isfinite(), first_p, first_s)
    return torch.where(anchor.isfinite(), anchor - before, torch.zeros_like(anchor)).round().long()


def jittered_starts(picks_p: Tensor, picks_s: Tensor, record: Tensor, generator: torch.Generator, before: int,
                    jitter: int) -> Tensor:
    """As `anchored_starts` for the chosen records, moved by up to `jitter` samples either way."""
    shift = torch.randint(-jitter, jitter + 1, (len(record),), generator=generator, device=record.device)
    return anchored_starts(picks_p[record], picks_s[record], before) + shift


def phase_starts(names: Sequence[str], picks_p: Tensor, picks_s: Tensor, npts: int, length: int) -> Tensor:
    """Evaluation windows of pickers: P placed uniformly in the window by a hash of the trace name.

    The window is kept inside the record; the first labelled pick stands in for a missing P, and a record without picks
    gets a window anywhere.
    """
    place = torch.tensor([_uniform(name) for name in names], dtype=picks_p.dtype, device=picks_p.device)
    first_p, first_s = _first(picks_p), _first(picks_s)
    anchor = torch.where(first_p.isfinite(), first_p, first_s)
    room = max(npts - length, 0)
    start = torch.where(anchor.isfinite(), anchor - place * length, place * room)
    return start.round().long().clamp(0, room)


def windows_of_length(waveforms: Tensor, start: Tensor, length: int) -> Tensor:
    """One window of every record, shape (n, 3, length), zero outside the record."""
    return cut(waveforms, torch.arange(len(waveforms), device=waveforms.device), start, length)


def _first(picks: Tensor) -> Tensor:
    if picks.shape[1] == 0:
        return picks.new_full((len(picks),), torch.inf)
    return torch.nan_to_num(picks, nan=torch.inf).amin(dim=1)


def _uniform(name: str) -> float:
    digest = hashlib.blake2b(str(name).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32
