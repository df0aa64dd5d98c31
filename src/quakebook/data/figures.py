"""Figures of the data chapter: records, spectra, signal-to-noise ratios, S over P, magnitudes, the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quakebook.plots import PALETTE, PHASE_COLOURS, WIDTH_INCHES, book_style

from . import compare
from .records import Records
from .synthetic import stations
from .synthetic.instrument import CHANNELS
from .synthetic.presets import Preset

COMPONENTS = ("Z", "N", "E")
MARKERS = ("o", "^", "s", "D")


def side_by_side(columns: Mapping[str, tuple[Records, int]], before_s: float = 2.0, after_s: float = 8.0) -> Figure:
    """One record a column, cut round its P pick; P and S picks as coloured lines.

    Parameters
    ----------
    columns : mapping of title to (records, position)
    before_s, after_s : float
        Cut relative to the P pick, after_s counted from the S pick.
    """
    with book_style():
        fig, axes = _subplots(3, len(columns), figsize=(WIDTH_INCHES, 4.0), squeeze=False, sharey="row")
        for letter, column, (title, (records, row)) in zip("abcdefgh", axes.T, columns.items(), strict=False):
            _record(column, records, row, before_s, after_s)
            column[0].set_title(f"({letter}) {title}")
            column[-1].set_xlabel("time after P (s)")
        for axis, component in zip(axes[:, 0], COMPONENTS, strict=True):
            axis.set_ylabel(component)
        lines = {line.get_label(): line for axis in axes[0] for line in axis.lines if line.get_label() in PHASE_COLOURS}
        if lines:
            axes[0, -1].legend(lines.values(), lines, loc="upper right", ncols=2)
    return fig


def _subplots(*args: Any, **options: Any) -> tuple[Figure, Any]:
    """A figure that pyplot does not keep, so that nothing is shown twice and nothing stays open."""
    fig, axes = plt.subplots(*args, **options)
    plt.close(fig)
    return fig, axes


def _record(column: Sequence[Axes], records: Records, row: int, before_s: float, after_s: float) -> None:
    rate = records.sampling_rate_hz
    p_s, s_s = (float(compare.onsets_s(records.subset([row]), phase)[0]) for phase in "PS")
    origin = p_s if np.isfinite(p_s) else before_s
    end_s = (s_s if np.isfinite(s_s) else origin) + after_s
    first, last = max(0, int((origin - before_s) * rate)), int(end_s * rate)
    cut = records.waveforms[row, :, first:last].cpu().numpy().astype(float)
    cut -= cut.mean(1, keepdims=True)
    time = np.arange(first, first + cut.shape[1]) / rate - origin
    for axis, trace in zip(column, cut, strict=True):
        axis.plot(time, trace / max(np.abs(cut).max(), 1.0), "k", lw=0.6)
        for phase, at_s in (("P", p_s), ("S", s_s)):
            if np.isfinite(at_s):
                axis.axvline(at_s - origin, color=PHASE_COLOURS[phase], label=phase, lw=1.2)
        axis.set(xlim=(time[0], time[-1]), ylim=(-1.1, 1.1), yticks=[])


def spectra(sets: Mapping[str, Records]) -> Figure:
    """Median normalised spectra of P, S and noise, one panel each, one line a set."""
    with book_style():
        fig, axes = _subplots(1, 3, figsize=(WIDTH_INCHES, 2.9), sharey=True)
        for colour, (name, records) in zip(PALETTE, sets.items(), strict=False):
            found = compare.spectra(compare.comparable(records))
            for axis, values in zip(axes, (found.p, found.s, found.noise), strict=True):
                axis.semilogx(found.frequency_hz, values, color=colour, label=f"{name} ({found.records})")
        for axis, title in zip(axes, ("(a) P, vertical", "(b) S, horizontals", "(c) noise, vertical"), strict=True):
            axis.set(title=title, xlabel="frequency (Hz)", xlim=(0.5, 50))
        axes[0].set_ylabel("log10 amplitude, normalised")
        axes[1].legend(loc="lower left")
    return fig


def distributions(sets: Mapping[str, Records]) -> Figure:
    """Cumulative distributions of the P signal-to-noise ratio and of S minus P."""
    with book_style():
        fig, axes = _subplots(1, 2, figsize=(WIDTH_INCHES, 2.9), sharey=True)
        for colour, (name, records) in zip(PALETTE, sets.items(), strict=False):
            good = compare.comparable(records)
            for axis, values in zip(axes, (compare.p_snr_db(good), compare.s_minus_p_s(good)), strict=True):
                values = np.sort(values[np.isfinite(values)])
                axis.step(values, (np.arange(len(values)) + 1) / max(len(values), 1), color=colour, label=name)
        axes[0].set(title="(a) signal-to-noise ratio", xlabel="P signal-to-noise ratio (dB)", ylabel="share of records",
                    ylim=(0, 1))
        axes[1].set(title="(b) S minus P time", xlabel="S minus P (s)", xscale="log", xlim=(0.2, 30))
        axes[1].legend(loc="lower right")
    return fig


def s_over_p(sets: Mapping[str, Records]) -> Figure:
    """How much larger S is than P on each component, and the horizontal envelope round S."""
    with book_style():
        fig, axes = _subplots(1, 2, figsize=(WIDTH_INCHES, 2.9), width_ratios=(1, 1.3))
        for k, (name, records) in enumerate(sets.items()):
            good = compare.comparable(records)
            low, middle, high = np.nanpercentile(compare.log_s_over_p(good), (25, 50, 75), axis=0)
            axes[0].errorbar(np.arange(3) + 0.15 * k, middle, [middle - low, high - middle], fmt=MARKERS[k % 4],
                             color=PALETTE[k], capsize=2, label=name)
            axes[1].plot(*compare.horizontal_envelope(good), color=PALETTE[k], label=name)
        axes[0].set(title="(a) S over P", xticks=np.arange(3) + 0.1, xticklabels=COMPONENTS,
                    ylabel="log10 ratio of standard deviations")
        axes[0].axhline(0, color="0.7", lw=0.8)
        axes[1].axvline(0, color=PHASE_COLOURS["S"], lw=0.8)
        axes[1].set(title="(b) horizontal envelope", xlabel="time after S (s)", ylabel="log10 level")
        axes[1].legend(loc="upper right")
    return fig


def magnitudes(records: Records) -> Figure:
    """Which magnitudes are recorded how far away, and local against moment magnitude."""
    table = records.metadata[records.metadata["source_moment_magnitude"].notna()]
    moment, local = table["source_moment_magnitude"], table["source_magnitude"]
    with book_style():
        fig, axes = _subplots(1, 2, figsize=(WIDTH_INCHES, 3.2))
        axes[0].scatter(table["path_hyp_distance_km"], local, s=4, color=PALETTE[0], alpha=0.5)
        axes[0].set(title="(a) magnitude and distance", xlabel="hypocentral distance (km)", ylabel="local magnitude ML",
                    xscale="log")
        axes[1].scatter(moment, local, s=4, color=PALETTE[0], alpha=0.5)
        limits = (min(moment.min(), local.min()), max(moment.max(), local.max()))
        axes[1].plot(limits, limits, color="0.4", lw=0.8, label="1:1")
        axes[1].set(title="(b) two magnitudes of one event", xlabel="moment magnitude Mw", ylabel="local magnitude ML",
                    xlim=limits, ylim=limits, aspect="equal")
        axes[1].legend(loc="upper left")
    return fig


def network_map(preset: Preset, records: Records | None = None) -> Figure:
    """The virtual network by sensor type, with the epicentres of `records`."""
    network = stations.draw(preset)
    with book_style():
        fig, axis = _subplots(figsize=(WIDTH_INCHES * 0.65, WIDTH_INCHES * 0.6))
        if records is not None and "source_latitude_deg" in records.metadata:
            axis.scatter(records.metadata["source_longitude_deg"], records.metadata["source_latitude_deg"], s=3,
                         color="0.6", label="epicentre")
        for k, channel in enumerate(CHANNELS):
            here = network.sensor == k
            axis.scatter(network.longitude_deg[here], network.latitude_deg[here], marker=MARKERS[k], s=32,
                         color=PALETTE[k], edgecolor="white", lw=0.5, label=f"{channel} station")
        axis.set(xlabel="longitude (degrees east)", ylabel="latitude (degrees north)")
        axis.set_aspect(1 / np.cos(np.deg2rad(stations.REFERENCE_LATITUDE_DEG)))
        axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return fig


def continuous_hour(time_s: np.ndarray, counts: np.ndarray, arrivals_s: Sequence[float], title: str) -> Figure:
    """An hour of one component as a stack of five-minute lines; P arrivals as ticks.

    Parameters
    ----------
    time_s, counts : ndarray, shape (samples,)
    arrivals_s : sequence of float
    title : str
    """
    line_s = 300.0
    scale = 4 * np.median(np.abs(counts - np.median(counts))) + 1e-12
    with book_style():
        fig, axis = _subplots(figsize=(WIDTH_INCHES, 4.2))
        for k in range(int(np.ceil((time_s[-1] + 1e-6) / line_s))):
            here = (time_s >= k * line_s) & (time_s < (k + 1) * line_s)
            wiggle = np.clip((counts[here] - np.median(counts)) / scale, -3, 3)
            axis.plot((time_s[here] - k * line_s)[::2], k - 0.3 * wiggle[::2], "k", lw=0.3, rasterized=True)
        for arrival in arrivals_s:
            k = int(arrival // line_s)
            axis.plot([arrival - k * line_s] * 2, [k - 0.5, k + 0.5], color=PHASE_COLOURS["P"])
        axis.set(xlabel="seconds", ylabel="minutes after the start", xlim=(0, line_s), title=title)
        axis.set_yticks(range(0, 12, 2), [str(5 * k) for k in range(0, 12, 2)])
        axis.invert_yaxis()
    return fig
