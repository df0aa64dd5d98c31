"""Shuffled passes over a data set that depend on seed and step only."""

from __future__ import annotations

import torch
from torch import Tensor


def shuffled(n: int, batch: int, step: int, seed: int, device: torch.device | str = "cpu") -> Tensor:
    """Records (batch,) of a step: whole shuffled passes over n records, decided by (seed, step) alone.

    A pass is drawn on the host, the same for every device, and moved once; a step takes a piece of it where it lies.
    """
    first, last = step * batch, (step + 1) * batch
    parts = [_permutation(n, seed, epoch, str(device))[max(first - epoch * n, 0) : last - epoch * n]
             for epoch in range(first // n, (last - 1) // n + 1)]
    return parts[0] if len(parts) == 1 else torch.cat(parts)


_LAST: dict[tuple[int, int, int, str], Tensor] = {}


def _permutation(n: int, seed: int, epoch: int, device: str) -> Tensor:
    key = (n, seed, epoch, device)
    if key not in _LAST:
        while len(_LAST) > 1:
            _LAST.pop(next(iter(_LAST)))
        drawn = torch.randperm(n, generator=torch.Generator().manual_seed(mix(seed, epoch, 1)))
        _LAST[key] = drawn.to(device)
    return _LAST[key]


def mix(seed: int, step: int, stream: int = 0) -> int:
    """One 63-bit number from seed, step and stream; near ones give unlike numbers (splitmix64)."""
    value = (seed * 0x9E3779B97F4A7C15 + step * 0xBF58476D1CE4E5B9 + stream * 0x94D049BB133111EB) % 2**64
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        value = ((value ^ (value >> shift)) * factor) % 2**64
    return (value ^ (value >> 31)) >> 1
