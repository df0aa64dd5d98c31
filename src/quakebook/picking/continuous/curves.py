"""Curves of one segment: where its windows begin, batches, the forward, and stacking."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from obspy import UTCDateTime
from torch import Tensor

from quakebook.picking.continuous.forward import Forward
from quakebook.picking.continuous.placement import DAY_S, clock_starts, runs, seisbench_starts, strided
from quakebook.picking.continuous.rules import Rules
from quakebook.picking.continuous.stacking import Stack
from quakebook.picking.continuous.stream import Segment


def starts_of(segment: Segment, in_samples: int, rules: Rules) -> np.ndarray:
    """First samples of the windows of a segment; empty where SeisBench leaves a short segment out."""
    stride = in_samples - rules.overlap
    if rules.windows == "seisbench":
        return seisbench_starts(segment.n_samples, in_samples, stride)
    day = int(np.ceil(DAY_S * segment.rate_hz))
    midnight = UTCDateTime(segment.start.year, segment.start.month, segment.start.day)
    first = round((segment.start - midnight) * segment.rate_hz)
    return clock_starts(segment.n_samples, in_samples, stride, first, day)


@torch.inference_mode()
def curves_of(forward: Forward, segment: Segment, starts: np.ndarray) -> tuple[Tensor, float]:
    """Stacked curves (label, samples) of a segment on the device, and their samples per sample of the input.

    The first curve sample belongs to the first sample of the window plus ``model.pred_sample[0]``.
    """
    model, rules = forward.model, forward.rules
    data = segment.data.to(forward.device, non_blocking=True)
    if data.shape[1] < model.in_samples:
        data = torch.nn.functional.pad(data, (0, model.in_samples - data.shape[1]))
    stack, factor = None, 1.0
    for number, batch in _batches(data, starts, model.in_samples, rules.batch_size):
        curves = forward(batch)
        if stack is None:
            first, last = model.pred_sample
            factor = curves.shape[2] / (last - first)
            length = round(int(starts[-1]) * factor) + curves.shape[2]
            stack = Stack(curves.shape[1], length, rules.stacking, forward.device)
        where = np.round(starts[number:number + len(batch)] * factor).astype(np.int64)
        _add(stack, curves, where, rules, number == 0, number + len(batch) == len(starts))
    return stack.result(), factor


def _batches(data: Tensor, starts: np.ndarray, window: int, size: int) -> Iterator[tuple[int, Tensor]]:
    """Batches of windows, with the number of the first one; one copy on the device joins stretches of one stride."""
    for number in range(0, len(starts), size):
        part = starts[number:number + size]
        views = [strided(data, int(part[a]), b - a, step, window) for a, b, step in runs(part)]
        yield number, views[0] if len(views) == 1 else torch.cat(views)


def _add(stack: Stack, curves: Tensor, where: np.ndarray, rules: Rules, begins: bool, ends: bool) -> None:
    """Add a batch without its blinded samples; "clock" keeps those at the two ends of the segment."""
    left, right = rules.blinding
    stop = curves.shape[2] - right
    keep = rules.windows == "clock"
    if keep and begins and left:
        stack.add(curves[:1, :, :left], where[:1])
    stack.add(curves[:, :, left:stop], where + left)
    if keep and ends and right:
        stack.add(curves[-1:, :, stop:], where[-1:] + stop)
