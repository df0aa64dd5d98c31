"""Where stations are, and when they recorded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quakebook.data.archive.motion.station_days import StationDay
from quakebook.plots.style import PALETTE, WIDTH_INCHES, book_style, subplots

#: Stations farther apart than this, over all others in between, get panels of their own.
NEAR_DEG = 3.0


def station_map(stations: pd.DataFrame, events: pd.DataFrame | None = None) -> Figure:
    """Stations by network, one panel a region, and epicentres that grow with magnitude.

    Parameters
    ----------
    stations : DataFrame
        A station table; each station is drawn once.
    events : DataFrame, optional
        latitude, longitude, magnitude.
    """
    places = stations.drop_duplicates(["network", "station"]).reset_index(drop=True)
    colours = dict(zip(sorted(places["network"].unique()), PALETTE, strict=False))
    groups = regions(places)
    with book_style():
        fig, axes = subplots(1, len(groups), figsize=(WIDTH_INCHES, 3.4), squeeze=False,
                             width_ratios=[3 if len(rows) > 1 else 1 for rows in groups])
        for axis, rows in zip(axes[0], groups, strict=True):
            part = places.iloc[rows]
            if events is not None:
                _epicentres(axis, part, events)
            for network, some in part.groupby("network"):
                axis.scatter(some["longitude"], some["latitude"], marker="^", s=50, color=colours.get(network, "k"),
                             label=network, zorder=2)
            for row in part.itertuples():
                axis.annotate(row.station, (row.longitude, row.latitude), xytext=(4, 4), textcoords="offset points",
                              fontsize="x-small")
            axis.set(xlabel="longitude (degrees)")
            axis.margins(0.15)
            axis.locator_params(nbins=5 if len(rows) > 1 else 2)
            axis.legend(loc="best", fontsize="small")
        axes[0, 0].set_ylabel("latitude (degrees)")
    return fig


def regions(places: pd.DataFrame) -> list[list[int]]:
    """Rows of stations that lie near one another, the largest group first."""
    left, out = set(range(len(places))), []
    points = places[["latitude", "longitude"]].to_numpy(float)
    while left:
        group, edge = [], [min(left)]
        while edge:
            here = edge.pop()
            if here in left:
                left.remove(here)
                group.append(here)
                edge += [other for other in left if np.abs(points[other] - points[here]).max() < NEAR_DEG]
        out.append(sorted(group))
    return sorted(out, key=len, reverse=True)


def _epicentres(axis: Axes, places: pd.DataFrame, events: pd.DataFrame) -> None:
    near = [(np.abs(events[name] - places[name].mean()) < NEAR_DEG) for name in ("latitude", "longitude")]
    inside = events[near[0] & near[1]]
    if len(inside):
        axis.scatter(inside["longitude"], inside["latitude"], s=2 + 6 * inside["magnitude"].clip(lower=0) ** 1.5,
                     color="0.75", label=f"earthquakes ({len(inside)})", zorder=1)


def availability(days: Sequence[StationDay], windows: pd.DataFrame, window_s: float) -> Figure:
    """What was recorded (grey) and what became windows (blue), one row an instrument, one panel a day.

    Parameters
    ----------
    days : sequence of StationDay
    windows : DataFrame
        network, station, location, channel, start_ns of the windows that were kept.
    """
    codes = sorted({day.code for day in days})
    dates = sorted({day.date for day in days})
    kept = windows[["network", "station", "location", "channel"]].astype(str).agg(".".join, axis=1)
    with book_style():
        fig, axes = subplots(1, len(dates), figsize=(WIDTH_INCHES, 0.8 + 0.28 * len(codes)), sharey=True, squeeze=False)
        for axis, date in zip(axes[0], dates, strict=True):
            for day in (day for day in days if day.date == date):
                row = codes.index(day.code)
                starts = windows["start_ns"][kept == day.code].to_numpy()
                starts = starts[(starts >= day.start_ns) & (starts < day.start_ns + 86_400 * 10**9)] - day.start_ns
                spans = [(start / 6e10, window_s / 60) for start in starts]
                axis.broken_barh(_recorded(day), (row - 0.38, 0.76), color="0.8")
                axis.broken_barh(spans, (row - 0.22, 0.44), color=PALETTE[0])
            axis.set(title=date, xlabel="minutes after midnight", yticks=range(len(codes)), yticklabels=codes)
            axis.grid(False, axis="y")
        axes[0, 0].invert_yaxis()
    return fig


def _recorded(day: StationDay) -> list[tuple[float, float]]:
    """Begin and length in minutes, from the first to the last sample of each object."""
    rows = day.rows.drop_duplicates(["start_time", "end_time"])
    midnight = pd.Timestamp(day.start_ns, tz="UTC")
    begin = (rows["start_time"] - midnight).dt.total_seconds() / 60
    end = (rows["end_time"] - midnight).dt.total_seconds() / 60
    return list(zip(begin, end - begin, strict=True))
