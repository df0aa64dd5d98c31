"""From an ObsPy stream to arrays: merge, resample, components, gaps, overlaps; SeisBench's grouping does the cuts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from quakebook.picking.continuous.resampling import resample_stream
from quakebook.picking.continuous.rules import Rules

if TYPE_CHECKING:
    from obspy import Stream, Trace, UTCDateTime


@dataclass(frozen=True)
class Segment:
    """A piece of one instrument without a gap common to all components.

    Attributes
    ----------
    trace_id : str
        ``NET.STA.LOC``.
    channel : str
        Band and instrument code, for example "HH".
    start : UTCDateTime
    rate_hz : float
    data : Tensor, shape (component, samples), float32, on the host
        In the model's component order; zero where a component is missing.
    """

    trace_id: str
    channel: str
    start: UTCDateTime
    rate_hz: float
    data: Tensor

    @property
    def n_samples(self) -> int:
        return self.data.shape[1]


def segments(model: Any, stream: Stream, rules: Rules, pin: bool = False) -> Iterator[Segment]:
    """Prepare a stream for a model; the stream itself is left as it is.

    Parameters
    ----------
    model : seisbench.models.WaveformModel
        With grouping by instrument and a fixed component order.
    stream : obspy.Stream
    rules : Rules
    pin : bool
        Give page-locked memory, which is uploaded while the device computes.

    Raises
    ------
    ValueError
        A sample that is not finite; the message names trace and time.
    """
    for part in _instruments(_clean(stream), rules):
        prepared = _prepared(model, part, rules)
        if len(prepared) == 0:
            continue
        components, _ = model._build_comp_dict(prepared, rules.flexible_horizontal_components)
        rate_hz = prepared[0].stats.sampling_rate
        shortest_s = (model.in_samples - 1) / rate_hz if rules.windows == "seisbench" else 0.0
        groups = model._grouping.group_stream(prepared, strict=rules.strict, min_length_s=shortest_s,
                                              comp_dict=components)
        for group in groups:
            traces = [trace for trace in group if trace.stats.channel[-1:] in components]
            if traces:
                yield _array(traces, components, rules.windows == "seisbench", pin)


def _clean(stream: Stream) -> Stream:
    """Shallow copies of the traces, split at masked samples and checked; the samples are not copied."""
    from obspy import Stream as ObsPyStream
    from obspy import Trace

    out = ObsPyStream()
    for trace in stream:
        pieces = trace.split() if np.ma.isMaskedArray(trace.data) else [Trace(trace.data, trace.stats.copy())]
        for piece in pieces:
            if piece.stats.npts == 0:
                continue
            if piece.data.dtype.kind == "f" and not np.isfinite(piece.data).all():
                k = int(np.flatnonzero(~np.isfinite(piece.data))[0])
                raise ValueError(f"{piece.id} holds a sample that is not finite at "
                                 f"{piece.stats.starttime + k * piece.stats.delta}; mask or cut it first")
            out.append(piece)
    return out


def _instruments(stream: Stream, rules: Rules) -> list[Stream]:
    """One stream an instrument (a broadband and an accelerometer apart); SeisBench keeps a station together."""
    from obspy import Stream as ObsPyStream

    if rules.windows == "seisbench":
        return [stream] if len(stream) else []
    parts = defaultdict(list)
    for trace in stream:
        parts[trace.id[:-1]].append(trace)
    return [ObsPyStream(traces) for _, traces in sorted(parts.items())]


def _prepared(model: Any, stream: Stream, rules: Rules) -> Stream:
    """Merged, resampled, filtered as the model asks, without contradictory overlaps."""
    stream.merge(-1)
    filtered = model.filter_args is not None or model.filter_kwargs is not None
    rates_differ = any(trace.stats.sampling_rate != model.sampling_rate for trace in stream)
    if rules.resample == "correct" and model.sampling_rate is not None:
        resample_stream(stream, model.sampling_rate)
    elif filtered or rates_differ:
        stream = stream.copy()
    if filtered or type(model).annotate_stream_pre is not _plain_preparation():
        stream = stream.copy()
    wishes = {**model.default_args, "zerophase_resample": rules.zerophase_resample}
    model.annotate_stream_pre(stream, wishes)
    return model.annotate_stream_validate(stream, wishes)


def _plain_preparation() -> Any:
    from seisbench.models import WaveformModel

    return WaveformModel.annotate_stream_pre


def _array(traces: list[Trace], components: dict[str, int], as_seisbench: bool, pin: bool) -> Segment:
    """Put traces into one array.

    SeisBench finds sample numbers by cutting off (0.29 s at 100 Hz is sample 28); "clock" rounds.
    """
    whole = int if as_seisbench else round
    rate_hz = traces[0].stats.sampling_rate
    start, end = min(t.stats.starttime for t in traces), max(t.stats.endtime for t in traces)
    n_samples = whole((end - start) * rate_hz) + 1
    data = torch.empty(max(components.values()) + 1, n_samples, pin_memory=pin)
    host, offsets_s = data.numpy(), []
    whole_rows = {components[t.stats.channel[-1]] for t in traces if t.stats.npts >= n_samples}
    host[[row for row in range(len(host)) if row not in whole_rows]] = 0
    for trace in traces:
        first = whole((trace.stats.starttime - start) * rate_hz)
        take = min(trace.stats.npts, n_samples - first)
        host[components[trace.stats.channel[-1]], first:first + take] = trace.data[:take]
        offsets_s.append(trace.stats.get("t_offset", 0.0))
    stats, start = traces[0].stats, start + float(np.mean(offsets_s))
    if not as_seisbench:  # the grouping works with times in floating point, good to 0.2 microseconds
        start = type(start)(ns=round(start.ns, -3))
    return Segment(f"{stats.network}.{stats.station}.{stats.location}", stats.channel[:-1], start, rate_hz, data)
