"""Figures of continuous picking: record section, map, gains of the resamplers, stations with curves and picks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from quakebook.picking.continuous.resampling import gain
from quakebook.plots import PALETTE, PHASE_COLOURS, WIDTH_INCHES, book_style, subplots

if TYPE_CHECKING:
    from obspy import Stream

    from quakebook.picking.continuous.annotation import Annotation
    from quakebook.picking.pages.archive import Archive
    from quakebook.picking.pages.continuous_picking import Located


def record_section(archive: Archive, picks: pd.DataFrame, located: Located, number: int = 0, seconds: float = 40.0
                   ) -> Figure:
    """Vertical records of one event against distance from the located epicentre, with the picks.

    Parameters
    ----------
    number : int
        Which of the events that are in the catalogue, the largest first.
    """
    from quakebook.picking.association import distance_km

    matches = located.matches
    sizes = archive.catalogue["magnitude"].iloc[matches["catalogue"].to_numpy(int)].to_numpy()
    match = matches.iloc[np.argsort(-sizes)[number]]
    event = located.result.events.iloc[int(match["event"])]
    mine = set(located.result.assignments.query("event == @event.event")["pick"])
    with book_style():
        fig, ax = subplots(figsize=(WIDTH_INCHES, 4.6), layout="constrained")
        for station in archive.inventory[0]:
            trace_id = f"{archive.inventory[0].code}.{station.code}."
            away = float(distance_km(event.latitude_deg, event.longitude_deg, station.latitude, station.longitude))
            _wiggle(ax, archive.streams[trace_id], event.time, away, seconds)
            here = picks[(picks["trace_id"] == trace_id)]
            offset = (here["time"] - event.time).dt.total_seconds()
            for row, at in offset[(offset > -3) & (offset < seconds)].items():
                ax.plot([at, at], [away - 3, away + 3], color=PHASE_COLOURS[here.loc[row, "phase"]],
                        lw=1.8 if row in mine else 0.7, ls="-" if row in mine else ":")
        for phase in "PS":
            ax.plot([], [], color=PHASE_COLOURS[phase], lw=1.8, label=f"{phase} pick of the event")
        ax.plot([], [], color="0.4", lw=0.7, ls=":", label="other pick")
        ax.set(xlim=(-3, seconds), xlabel="Time after the origin (s)", ylabel="Epicentral distance (km)")
        ax.legend(loc="lower right")
    return fig


def _wiggle(ax, stream: Stream, origin: pd.Timestamp, away: float, seconds: float) -> None:
    trace = stream.select(channel="??Z")[0]
    first = (origin.value - trace.stats.starttime.ns) / 1e9
    rate = trace.stats.sampling_rate
    low, high = max(0, int((first - 3) * rate)), min(trace.stats.npts, int((first + seconds) * rate))
    values = trace.data[low:high].astype(float)
    if len(values):
        values -= values.mean()
        t = np.arange(low, high) / rate - first
        ax.plot(t, away + 5 * values / max(np.abs(values).max(), 1), color="k", lw=0.4)


def event_map(archive: Archive, located: Located) -> Figure:
    """Stations, true events (circles by magnitude) and located events (crosses), joined where they match."""
    events, truth, matches = located.result.events, archive.catalogue, located.matches
    with book_style():
        fig, ax = subplots(figsize=(5.6, 5.2), layout="constrained")
        for match in matches.itertuples():
            pair = truth.iloc[match.catalogue], events.iloc[match.event]
            ax.plot([p["longitude_deg"] for p in pair], [p["latitude_deg"] for p in pair], color="0.6", lw=0.8)
        ax.scatter(truth["longitude_deg"], truth["latitude_deg"], s=10 * (truth["magnitude"] - 1) ** 2.2,
                   facecolors="none", edgecolors=PALETTE[0], label="true event, size by magnitude")
        ax.scatter(events["longitude_deg"], events["latitude_deg"], marker="x", s=24, color=PALETTE[1],
                   label="located event")
        places = [(station.longitude, station.latitude) for station in archive.inventory[0]]
        ax.scatter(*zip(*places, strict=True), marker="^", s=30, color="k", label="station")
        middle = np.mean([place[1] for place in places])
        ax.set(xlabel="Longitude (degrees)", ylabel="Latitude (degrees)", aspect=1 / np.cos(np.deg2rad(middle)))
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.14), ncols=3, fontsize=7)
    return fig


def resampler_gains(rate_hz: float = 40.0, wanted_hz: float = 100.0) -> Figure:
    """Gain of both resamplers against frequency, measured with sine waves."""
    nyquist = min(rate_hz, wanted_hz) / 2
    frequencies = np.linspace(0.05, 0.98, 30) * nyquist
    with book_style():
        fig, ax = subplots(figsize=(WIDTH_INCHES * 0.7, 2.6), layout="constrained")
        for method, title, colour in (("correct", "band-limited (ours)", PALETTE[0]),
                                      ("seisbench", "as SeisBench", PALETTE[1])):
            ax.plot(frequencies, gain(rate_hz, wanted_hz, frequencies, method, 120), color=colour, label=title)
        ax.axvline(nyquist, color="0.5", lw=0.6, ls=":")
        ax.set(xlabel="Frequency (Hz)", ylabel="Gain", ylim=(0, 1.1), title=f"{rate_hz:g} Hz to {wanted_hz:g} Hz")
        ax.legend(loc="lower left")
    return fig


def stations_with_picks(stream: Stream, annotation: Annotation) -> Figure:
    """For each station the vertical record with its picks, and the P and S curves below it."""
    verticals = stream.select(channel="??Z")
    begin = min(trace.stats.starttime for trace in verticals)
    with book_style():
        fig, axes = subplots(2 * len(verticals), 1, sharex=True, figsize=(WIDTH_INCHES, 1.5 * len(verticals) + 0.6),
                             layout="constrained", height_ratios=[1.2, 0.8] * len(verticals))
        for k, trace in enumerate(verticals):
            top, bottom = axes[2 * k], axes[2 * k + 1]
            top.plot(trace.times() + (trace.stats.starttime - begin), trace.data - trace.data.mean(), "k", lw=0.4)
            top.set_title(f"{trace.id}, {trace.stats.sampling_rate:g} Hz", loc="left", fontsize=8)
            top.set(ylabel="Counts")
            _curves(bottom, annotation, trace.stats.station, begin)
            for pick in annotation.picks[annotation.picks["trace_id"] == trace.id.rpartition(".")[0]].itertuples():
                top.axvline((pick.time.value - begin.ns) / 1e9, color=PHASE_COLOURS[pick.phase], lw=1)
        axes[1].legend(loc="upper right", ncols=2, fontsize=7)
        axes[-1].set_xlabel(f"Time after {str(begin)[:19]} UTC (s)")
    return fig


def _curves(ax, annotation: Annotation, station: str, begin) -> None:
    for phase in "PS":
        for number, curve in enumerate(annotation.select(station=station, channel=f"*_{phase}")):
            ax.plot(curve.times() + (curve.stats.starttime - begin), curve.data, color=PHASE_COLOURS[phase], lw=0.8,
                    label=phase if number == 0 else None)
    ax.set(ylim=(0, 1.05), ylabel="Prob.")
