"""Annotate streams: probabilities and picks of any picker with SeisBench's interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from obspy import Stream, Trace, UTCDateTime

from quakebook.picking.continuous import table, triggers
from quakebook.picking.continuous.amplitudes import add_amplitudes
from quakebook.picking.continuous.curves import curves_of, starts_of
from quakebook.picking.continuous.forward import Forward
from quakebook.picking.continuous.quality import snr_db
from quakebook.picking.continuous.resampling import resample_stream
from quakebook.picking.continuous.rules import Rules, phases_of, rules_of
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
        Fields of `Rules` and ``P_threshold``, ``S_threshold``, ...; with ``resample="seisbench"`` the result is
        SeisBench's.

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
    training = model.training
    annotator = Annotator(model, device=device, inventory=inventory, probabilities=probabilities, **options)
    try:
        return annotator.run(annotator.prepare(stream))
    finally:
        model.train(training)


def annotate_each(model: Any, streams: Iterable[Stream | Callable[[], Stream]], **options: Any) -> Iterator[Annotation]:
    """`annotate` for one stream after the other; the next is read and prepared while the device computes.

    Parameters
    ----------
    streams : iterable of Stream, or of functions that return one
        A function is called in the reading thread; at most two streams are in memory.
    **options
        As for `annotate`; `probabilities` is False when not given.
    """
    annotator = Annotator(model, **{"probabilities": False, **options})
    source = iter(streams)

    def step() -> Prepared | None:
        stream = next(source, None)
        return None if stream is None else annotator.prepare(stream if isinstance(stream, Stream) else stream())

    with ThreadPoolExecutor(1, thread_name_prefix="quakebook-read") as pool:
        waiting = pool.submit(step)
        while (ready := waiting.result()) is not None:
            waiting = pool.submit(step)
            yield annotator.run(ready)


@dataclass(frozen=True)
class Prepared:
    """A stream and its segments on the host."""

    stream: Stream
    segments: list[Segment]


class Annotator:
    """A model made ready once for many streams, in eval mode on the device; arguments as for `annotate`.

    `prepare` works on the host and may run in another thread while `run` computes.
    """

    def __init__(self, model: Any, *, device: str | None = None, inventory: Any = None, probabilities: bool = True,
                 **options: Any) -> None:
        self.device = torch.device(device if device is not None else model.device)
        self.rules = rules_of(model, self.device.type, **options)
        self.model = model.to(self.device).eval()
        self.inventory, self.probabilities = inventory, probabilities
        self.forward = Forward(model, self.rules, self.device)

    def prepare(self, stream: Stream) -> Prepared:
        """Cut a stream into arrays."""
        pin = self.device.type == "cuda"
        return Prepared(stream, list(segments(self.model, stream, self.rules, pin)) if fast(self.model) else [])

    def run(self, prepared: Prepared) -> Annotation:
        """Probabilities and picks of a prepared stream."""
        if fast(self.model):
            parts = [_segment(self.forward, segment, self.probabilities) for segment in prepared.segments]
            result = Annotation([trace for traces, _ in parts for trace in traces],
                                table.join([rows for _, rows in parts]))
        else:
            result = _by_seisbench(self.model, prepared.stream, self.rules)
        if self.inventory is not None:
            result.picks = add_amplitudes(result.picks, prepared.stream, self.inventory)
        return result


def fast(model: Any) -> bool:
    """Whether a model answers whole windows of one instrument with curves; the others go through SeisBench itself."""
    return (model.output_type == "array" and model._grouping.grouping == "instrument" and not model.allow_padding
            and model.component_order is not None and not callable(model.labels))


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
    traces, labels = [], model.labels if model.labels is not None else range(len(curves))
    for label, curve in zip(labels, curves, strict=True):
        there = np.flatnonzero(~np.isnan(curve))
        first, last = (there[0], there[-1] + 1) if len(there) else (0, 0)
        header = {"network": network, "station": station, "location": location, "sampling_rate": rate_hz,
                  "channel": f"{type(model).__name__}_{label}", "starttime": begin + first / rate_hz}
        traces.append(Trace(np.ascontiguousarray(curve[first:last]), header))
    return traces


def _by_seisbench(model: Any, stream: Stream, rules: Rules) -> Annotation:
    """SeisBench's own `annotate`, for models of another kind (points, many stations), and our picks of its curves."""
    names = ("overlap", "stacking", "batch_size", "strict", "flexible_horizontal_components")
    wishes = {name: getattr(rules, name) for name in names}
    if rules.resample == "correct" and model.sampling_rate is not None:
        stream = stream.copy()
        resample_stream(stream, model.sampling_rate)
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
    return Annotation(traces.traces, table.join(parts))
