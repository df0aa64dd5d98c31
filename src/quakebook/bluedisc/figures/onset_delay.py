"""P and S alignment: traces of one event lined up on one phase, and the delay of the strong onset behind the pick."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quakebook.bluedisc.studies.onset_delay import SAMPLING_RATE_HZ, OnsetDelays, section
from quakebook.data.records import Records
from quakebook.plots import PHASE_COLOURS, book_style, detached


def phase_alignment(records: Records, source_id: Any, half_width_s: float = 10.0) -> Figure:
    """Vertical traces of one event by distance, aligned on P (left) and on S (right); ticks mark the other phase.

    Each is divided by its peak inside the panel.
    """
    rows = section(records, source_id)
    distance = records.metadata["path_ep_distance_km"].to_numpy(float)[rows]
    step = np.median(np.diff(distance)) if len(rows) > 1 else 5.0
    with book_style():
        fig, axes = plt.subplots(1, 2, sharex=True, sharey=True, figsize=(7.5, 5.5), layout="constrained")
        for ax, phase, other, letter in zip(axes, "PS", "SP", "ab", strict=True):
            for row, kilometres in zip(rows, distance, strict=True):
                _trace(ax, records, int(row), float(kilometres), 0.8 * max(step, 1.0), phase, other, half_width_s)
            ax.axvline(0, color=PHASE_COLOURS[phase], lw=0.8)
            ax.set(xlim=(-half_width_s, half_width_s), xlabel=f"Time after {phase} pick (s)")
            ax.set_title(f"({letter}) aligned on {phase}", loc="left")
        axes[0].set_ylabel("Epicentral distance (km)")
        fig.suptitle(f"{records.source}, source {source_id}", fontsize=9)
    return detached(fig)


def _trace(ax: Axes, records: Records, row: int, kilometres: float, scale: float, phase: str, other: str,
           half_width_s: float) -> None:
    trace = records.waveforms[row, 0].cpu().numpy().astype(float)
    trace = trace - trace.mean()
    pick, mark = (float(np.nanmin(records.picks(name)[row].cpu().numpy())) for name in (phase, other))
    t = (np.arange(len(trace)) - pick) / SAMPLING_RATE_HZ
    shown = np.abs(t) <= half_width_s
    ax.plot(t[shown], kilometres + scale * trace[shown] / (np.abs(trace[shown]).max() + 1e-10), color="black", lw=0.4)
    tick = (mark - pick) / SAMPLING_RATE_HZ
    ax.plot([tick, tick], [kilometres - scale / 2, kilometres + scale / 2], color=PHASE_COLOURS[other], lw=1.5)


def onset_delay_figure(delays: OnsetDelays) -> Figure:
    """Histogram of the delay of the strong onset behind the pick, P beside S, and S against distance."""
    with book_style():
        fig, (left, right) = plt.subplots(1, 2, figsize=(7.5, 2.9), layout="constrained")
        bins = np.linspace(-0.6, 1.6, 56)
        for phase, values in (("P", delays.p_s), ("S", delays.s_s)):
            left.hist(values[np.isfinite(values)], bins, density=True, color=PHASE_COLOURS[phase], alpha=0.55,
                      label=f"{phase}, middle half spans {delays.spread(phase):.2f} s")
        left.set(xlabel="Half-maximum of amplitude minus pick (s)", ylabel="Density (1/s)")
        left.legend(fontsize=7)
        known = np.isfinite(delays.s_s) & np.isfinite(delays.distance_km)
        right.scatter(delays.distance_km[known], delays.s_s[known], s=3, color=PHASE_COLOURS["S"], alpha=0.4, lw=0)
        right.set(xlabel="Epicentral distance (km)", ylabel="S onset delay (s)", ylim=(-0.8, 2.2))
    return detached(fig)
