"""Windows of some instruments at some times: pictures for an explorer with a choice of station and of time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy import signal

from quakebook.data.archive.shards.reader import ShardSet
from quakebook.numerals import numeral
from quakebook.plots.style import PHASE_COLOURS, WIDTH_INCHES, book_style, subplots

#: Corner of the high-pass of the pictures: below it the microseism hides everything else.
LOW_HZ = 1.0


def frames(shards: ShardSet, codes: Sequence[str], times: int = 6, picks: pd.DataFrame | None = None,
           rate_hz: float = 100.0) -> tuple[dict[str, list[Figure]], list[str]]:
    """Code of an instrument -> one picture a time, and what stands beside the slider: the times in UTC.

    The times are spread evenly over those at which any of the instruments has a window. An instrument without a window
    at a time gets an empty picture that says so.

    Parameters
    ----------
    codes : sequence of str
        NET.STA.LOC.BAND, as in `pages.kept`.
    picks : DataFrame, optional
        network, station, phase, time: marked where they fall into a window.
    """
    table = shards.table
    names = table[["network", "station", "location", "channel"]].astype(str).agg(".".join, axis=1)
    starts = np.unique(table["start_ns"][names.isin(codes)])
    chosen = starts[np.unique(np.linspace(0, len(starts) - 1, times).round().astype(int))]
    row_of = {(code, int(start)): row for row, (code, start) in enumerate(zip(names, table["start_ns"], strict=True))}
    length = shards.waveform(0).shape[1] / rate_hz
    out = {code: [_frame(code, int(start), None if (code, int(start)) not in row_of else
                         shards.waveform(row_of[code, int(start)]), _inside(picks, code, int(start), length), length)
                  for start in chosen] for code in codes}
    return out, [f"{pd.Timestamp(int(start)):%d %b %H:%M:%S}" for start in chosen]


def _inside(picks: pd.DataFrame | None, code: str, start_ns: int, length_s: float) -> list[tuple[str, float]]:
    """Phase and seconds after the start of the picks that fall into a window."""
    if picks is None:
        return []
    network, station = code.split(".")[:2]
    own = picks[(picks["network"] == network) & (picks["station"] == station)]
    after = (own["time"] - pd.Timestamp(start_ns, tz="UTC")).dt.total_seconds()
    inside = (after >= 0) & (after < length_s)
    return list(zip(own["phase"][inside], after[inside], strict=True))


def _frame(code: str, start_ns: int, waveform: NDArray[np.float32] | None, onsets: Sequence[tuple[str, float]],
           length_s: float) -> Figure:
    """Z, N and E of one window on one scale; lines mark arrivals."""
    with book_style():
        fig, axis = subplots(figsize=(WIDTH_INCHES, 2.6))
        title = f"{code}, {pd.Timestamp(start_ns):%Y-%m-%d %H:%M:%S}"
        if waveform is None:
            axis.text(0.5 * length_s, -1, "no window was kept here", ha="center", va="center")
        else:
            rate_hz = waveform.shape[1] / length_s
            traces = signal.sosfiltfilt(signal.butter(4, LOW_HZ, "highpass", fs=rate_hz, output="sos"), waveform)
            largest = max(float(np.abs(traces).max()), 1e-30)
            for row, trace in enumerate(traces):
                axis.plot(np.arange(len(trace)) / rate_hz, 0.5 * trace / largest - row, "k", lw=0.5)
            for phase, second in onsets:
                axis.axvline(second, color=PHASE_COLOURS[phase], lw=1)
                axis.annotate(phase, (second, 0.55), xytext=(2, 0), textcoords="offset points", va="top",
                              color=PHASE_COLOURS[phase])
            title += f", largest value {numeral(largest, 3)} counts"
        axis.set(title=title, xlabel="time (s)", xlim=(0, length_s), ylim=(-2.6, 0.6), yticks=[0, -1, -2],
                 yticklabels=list("ZNE"))
    return fig
