"""Annotate streams: probabilities and picks of any picker with SeisBench's interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import torch
from obspy import Stream, Trace, UTCDateTime
from torch import Tensor

from quakebook.picking.continuous import table, triggers
from quakebook.picking.continuous.amplitudes import add_amplitudes
from quakebook.picking.continuous.forward import Forward
from quakebook.picking.continuous.placement import DAY_S, clock_starts, runs, seisbench_starts, strided
from quakebook.picking.continuous.quality import snr_db
from quakebook.picking.continuous.rules import Rules, phases_of, rules_of
from quakebook.picking.continuous.stacking import Stack
from quakebook.picking.continuous.stream import Segment, segments


class Annotation(Stream):
    """Probabilities as an ObsPy stream, as SeisBench's `annotate` gives it, and the picks beside them.

    Attributes
    ----------
    picks : DataFrame
        Columns of `table.COLUMNS`.
    """

    def __init__(self, traces: Any = None, picks: pd.DataFrame | None = None) -> None:
        super().__init__(traces)
        self.picks = table.empty() if picks is None else picks


def annotate(model: Any, stream: Stream, *, device: str | None = None, inventory: Any = None,
             probabilities: bool = True, **options: Any) -> Annotation:
    """Probabilities and picks of a continuous stream.

    Parameters
    ----------
    model : seisbench.models.WaveformModel
        A picker of this book or any model of SeisBench.
    stream : obspy.Stream
        Any number of stations, gaps, overlaps, sampling rates; it is not changed.
    device : str, optional
        "cpu" or "cuda"; where the model lies when not given.
    inventory : obspy.Inventory, optional
        Responses; adds velocity and displacement to the picks.
    probabilities : bool
        False: only picks, and the curves never leave the device.
    **options
        Fields of `Rules` and ``P_threshold``, ``S_threshold``, ...; ``resample="seisbench"`` gives what SeisBench gives.

    Returns
    -------
    Annotation
        A stream with one trace for each label and segment, and its `picks`.

    Examples
    --------
    >>> import obspy, seisbench.models
    >>> annotation = annotate(seisbench.models.PhaseNet(phases="PSN"), obspy.read())
    >>> [trace.stats.channel for trace in annotation]
    ['PhaseNet_P', 'PhaseNet_S', 'PhaseNet_N']
    """
    return next(annotate_each(model, [stream], device=device, inventory=inventory, probabilities=probabilities,
                              **options))


def annotate_each(model: Any, streams: Iterable[Stream | Callable[[], Stream]], *, device: str | None = None,
                  inventory: Any = None, probabilities: bool = False, **options: Any) -> Iterator[Annotation]:
    """`annotate` for one stream after the other; the next is read and prepared while the device computes.

    Parameters
    ----------
    streams : iterable of Stream, or of functions that return one
        A function is called in the reading thread; at most two streams are in memory.
    """
    where = torch.device(device if device is not None else model.device)
    rules = rules_of(model, where.type, **options)
    if not fast(model):
        yield from (_by_seisbench(model, _read(stream), rules, inventory) for stream in streams)
        return
    training = model.training
    model.to(where).eval()
    forward = Forward(model, rules, where)
    try:
        for stream, prepared in _ahead(streams, lambda stream: list(segments(model, stream, rules,
                                                                              pin=where.type == "cuda"))):
            parts = [_segment(forward, segment, probabilities) for segment in prepared]
            picks = table.join([rows for _, rows in parts])
            if inventory is not None:
                picks = add_amplitudes(picks, stream, inventory)
            yield Annotation([trace for traces, _ in parts for trace in traces], picks)
    finally:
        model.train(training)


def fast(model: Any) -> bool:
    """Whether a model answers whole windows of one instrument with curves; the others go through SeisBench itself."""
    return (model.output_type == "array" and model._grouping.grouping == "instrument" and not model.allow_padding
            and model.component_order is not None and not callable(model.labels))


def _read(stream: Stream | Callable[[], Stream]) -> Stream:
    return stream if isinstance(stream, Stream) else stream()


def _ahead(streams: Iterable[Any], prepare: Callable[[Stream], list[Segment]]) -> Iterator[tuple[Stream, list]]:
    """Streams and their segments, one ahead, prepared in a thread."""
    source = iter(streams)

    def step() -> tuple[Stream, list] | None:
        stream = next(source, None)
        if stream is None:
            return None
        stream = _read(stream)
        return stream, prepare(stream)

    with ThreadPoolExecutor(1, thread_name_prefix="quakebook-read") as pool:
        waiting = pool.submit(step)
        while (ready := waiting.result()) is not None:
            waiting = pool.submit(step)
            yield ready


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


def _segment(forward: Forward, segment: Segment, probabilities: bool) -> tuple[list[Trace], pd.DataFrame]:
    """Traces and picks of one segment."""
    model, rules = forward.model, forward.rules
    starts = starts_of(segment, model.in_samples, rules)
    if not len(starts):
        return [], table.empty()
    curves, factor = curves_of(forward, segment, starts)
    if segment.n_samples < model.in_samples:
        curves = curves[:, :max(1, int(segment.n_samples * factor))]
    rate_hz = segment.rate_hz * factor
    begin = segment.start + model.pred_sample[0] / segment.rate_hz
    rows = []
    for phase in phases_of(model):
        peaks = triggers.find(curves[list(model.labels).index(phase)], rules.thresholds[phase], rules.picker,
                              rules.distance)
        place = np.round(peaks.peak / factor).astype(np.int64) + model.pred_sample[0]
        rows.append(table.rows(segment, phase, peaks, begin.ns, rate_hz, snr_db(segment.data, segment.rate_hz, place)))
    traces = _traces(model, segment, curves.cpu().numpy(), begin, rate_hz) if probabilities else []
    return traces, table.join(rows)


def _traces(model: Any, segment: Segment, curves: np.ndarray, begin: UTCDateTime, rate_hz: float) -> list[Trace]:
    """One trace a label, without the samples at both ends that no window reached."""
    network, station, location = segment.trace_id.split(".")
    traces = []
    labels = model.labels if model.labels is not None else range(len(curves))
    for label, curve in zip(labels, curves, strict=True):
        there = np.flatnonzero(~np.isnan(curve))
        first, last = (there[0], there[-1] + 1) if len(there) else (0, 0)
        header = {"network": network, "station": station, "location": location, "sampling_rate": rate_hz,
                  "channel": f"{type(model).__name__}_{label}", "starttime": begin + first / rate_hz}
        traces.append(Trace(np.ascontiguousarray(curve[first:last]), header))
    return traces


def _by_seisbench(model: Any, stream: Stream, rules: Rules, inventory: Any) -> Annotation:
    """SeisBench's own `annotate`, for models of another kind (points, many stations), and our picks of its curves."""
    wishes = {"overlap": rules.overlap, "stacking": rules.stacking, "batch_size": rules.batch_size,
              "strict": rules.strict, "flexible_horizontal_components": rules.flexible_horizontal_components}
    traces = model.annotate(stream, **{name: value for name, value in wishes.items() if name in model._annotate_args})
    parts = []
    for trace in traces:
        phase = trace.stats.channel.rpartition("_")[2]
        if phase in rules.thresholds:
            peaks = triggers.find(torch.from_numpy(trace.data), rules.thresholds[phase], rules.picker, rules.distance)
            parent = Segment(trace.id.rpartition(".")[0], "", trace.stats.starttime, trace.stats.sampling_rate,
                             torch.zeros(1, 0))
            nothing = np.full(len(peaks.peak), np.nan)
            parts.append(table.rows(parent, phase, peaks, trace.stats.starttime.ns, trace.stats.sampling_rate, nothing))
    picks = table.join(parts)
    return Annotation(traces.traces, picks if inventory is None else add_amplitudes(picks, stream, inventory))
