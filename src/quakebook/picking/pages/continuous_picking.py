"""Numbers, tables and sentences of the page about continuous picking."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from obspy import Stream

from quakebook.picking.continuous import table
from quakebook.picking.continuous.annotation import annotate, annotate_each
from quakebook.picking.continuous.resampling import resample_stream
from quakebook.picking.matching import Matches, match_picks
from quakebook.picking.pages.archive import Archive

#: Heights of picks on this page: where the recorded picker's S curves are low, associators still profit from them.
THRESHOLDS = {"P_threshold": 0.3, "S_threshold": 0.2}
#: A pick and an arrival belong together within this time.
NEAR_S = 0.5
#: One P and one S speed for the association; the archive's own P speed grows from 5.5 km/s at the surface.
P_KM_S, S_KM_S = 5.9, 3.41
#: Stations on which resampling and parts of a stream are tried.
TRIED = 6


@dataclass(frozen=True)
class Picked:
    """Picks of an archive and what they cost."""

    picks: pd.DataFrame
    seconds: float
    station_days: float

    @property
    def seconds_per_station_day(self) -> float:
        """Processor seconds, all threads together."""
        return self.seconds / self.station_days


def pick(archive: Archive, model: Any) -> Picked:
    """Picks of all stations, with amplitudes; the clock counts processor time of the annotation."""
    began = time.process_time()
    parts = [found.picks for found in annotate_each(model, archive.streams.values(), inventory=archive.inventory,
                                                    **THRESHOLDS)]
    return Picked(table.join(parts), time.process_time() - began, archive.station_days)


def against_arrivals(picks: pd.DataFrame, arrivals: pd.DataFrame) -> pd.DataFrame:
    """One row a phase: arrivals, those found within 0.5 s, picks without an arrival, and the residuals."""
    rows = []
    for phase in ("P", "S"):
        errors, listed, made = [], 0, 0
        for mine, true, matches in _matched(picks, arrivals, phase):
            listed, made = listed + len(true), made + len(mine)
            errors += matches.error_samples.tolist()
        rows.append({"phase": phase, "arrivals": listed, "found": len(errors), "other picks": made - len(errors),
                     "median_s": float(np.median(errors)) if errors else np.nan,
                     "spread_s": float(np.median(np.abs(errors - np.median(errors)))) if errors else np.nan})
    return pd.DataFrame(rows)


def found_arrivals(picks: pd.DataFrame, arrivals: pd.DataFrame) -> set:
    """Index of the arrivals, P and S, that have a pick within 0.5 s."""
    return {row for phase in ("P", "S") for _, true, matches in _matched(picks, arrivals, phase)
            for row in true.index[matches.labelled]}


def _matched(picks: pd.DataFrame, arrivals: pd.DataFrame, phase: str) -> Iterator[tuple[pd.Series, pd.Series, Matches]]:
    """Station by station: times of its picks and of its arrivals, and how they pair."""
    for station in sorted(set(arrivals["trace_id"])):
        mine, true = (frame[(frame["trace_id"] == station) & (frame["phase"] == phase)]["time"]
                      for frame in (picks, arrivals))
        yield mine, true, match_picks(_seconds(mine), _seconds(true), NEAR_S)


def _seconds(times: pd.Series) -> np.ndarray:
    return (times.to_numpy().astype("datetime64[ns]") - np.datetime64("2024-01-01")).astype(np.int64) / 1e9


def arrivals_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Cells of text."""
    return pd.DataFrame({"Phase": scores["phase"], "Arrivals an analyst sees": scores["arrivals"].astype(str),
                         "found within 0.5 s": [f"{row.found} ({100 * row.found / max(row.arrivals, 1):.0f} %)"
                                                for row in scores.itertuples()],
                         "picks without such an arrival": scores["other picks"].astype(str),
                         "median residual (s)": [f"{value:+.3f}" for value in scores["median_s"]],
                         "median absolute deviation (s)": [f"{value:.3f}" for value in scores["spread_s"]]})


@dataclass(frozen=True)
class Located:
    """Association of the picks and its comparison with the true catalogue."""

    result: Any
    matches: pd.DataFrame


def locate(picks: pd.DataFrame, archive: Archive) -> Located:
    """Events of PyOcto, matched with the catalogue within 3 s and 30 km."""
    from quakebook.picking import association

    result = association.associate(
        picks, association.stations_of(archive.inventory), association.homogeneous(P_KM_S, S_KM_S, 1.5),
        depth_km=(0, 30), longest_s=60.0, margin_deg=0.6, n_picks=5, n_p_picks=3, n_s_picks=0, n_p_and_s_picks=0)
    return Located(result, association.compare(result.events, archive.catalogue))


def metrics(located: Located, archive: Archive, parts: Mapping[str, int]) -> dict[str, float]:
    """Numbers for the claims: share of the visible events found, error of their epicentres, picks that parts change."""
    matches, visible = located.matches, archive.catalogue["stations"] >= 5
    found = visible.iloc[matches["catalogue"].to_numpy(int)].sum()
    return {"continuous.recall": float(found / max(visible.sum(), 1)),
            "continuous.epicentre_km": float(matches["epicentre_km"].median()) if len(matches) else float("nan"),
            "continuous.parts_differ": float(sum(count for name, count in parts.items() if name != "whole"))}


def located_table(located: Located, archive: Archive) -> pd.DataFrame:
    """Recall and errors, as cells of text."""
    matches, visible = located.matches, archive.catalogue["stations"] >= 5
    found = visible.iloc[matches["catalogue"].to_numpy(int)].sum()

    def quantiles(values: pd.Series, unit: str) -> str:
        return "–" if not len(values) else f"{values.median():.2f} {unit} (90 %: {values.quantile(0.9):.2f} {unit})"

    rows = [("true events that five stations or more recorded visibly", f"{visible.sum()} of {len(visible)}"),
            ("of these found (recall)", f"{found} ({100 * found / max(visible.sum(), 1):.0f} %)"),
            ("events made of picks", str(len(located.result.events))),
            ("of these not in the catalogue", str(len(located.result.events) - len(matches))),
            ("error of the epicentre, median", quantiles(matches["epicentre_km"], "km")),
            ("error of the depth, median of absolute values", quantiles(matches["depth_km"].abs(), "km")),
            ("error of the origin time, median of absolute values", quantiles(matches["time_s"].abs(), "s"))]
    return pd.DataFrame(rows, columns=["", "PyOcto on these picks"])


def resampled(archive: Archive, model: Any) -> pd.DataFrame:
    """Picks of a few stations at 100 Hz, and of the same data at 40 Hz brought back to 100 Hz by either resampler.

    ``alone`` counts the arrivals that are found with a resampler and not with the other one.
    """
    chosen = dict(list(archive.streams.items())[:TRIED])
    arrivals = archive.arrivals[archive.arrivals["trace_id"].isin(chosen)]
    rows, hits = [], []
    for title, method, at_hz in (("100 Hz as recorded", "correct", 100.0),
                                 ("40 Hz, band-limited (ours)", "correct", 40.0),
                                 ("40 Hz, as SeisBench", "seisbench", 40.0)):
        streams = [_at(stream, at_hz) for stream in chosen.values()]
        picks = table.join([found.picks for found in annotate_each(model, streams, resample=method, windows="clock",
                                                                  **THRESHOLDS)])
        scores = against_arrivals(picks, arrivals).set_index("phase")
        rows.append({"data": title, **{f"{phase} {name}": int(scores.loc[phase, name]) for phase in "PS"
                                       for name in ("arrivals", "found", "other picks")}})
        hits.append(found_arrivals(picks, arrivals))
    return pd.DataFrame(rows).assign(alone=[0, len(hits[1] - hits[2]), len(hits[2] - hits[1])])


def _at(stream: Stream, rate_hz: float) -> Stream:
    if rate_hz == stream[0].stats.sampling_rate:
        return stream
    slow = stream.copy()
    resample_stream(slow, rate_hz)
    return slow


def resampled_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Cells of text."""
    return pd.DataFrame({"Data": rows["data"], **{
        f"{phase} picks": (rows[f"{phase} found"] + rows[f"{phase} other picks"]).astype(str) for phase in "PS"}, **{
        f"{phase} arrivals found": [f"{row[f'{phase} found']} of {row[f'{phase} arrivals']}"
                                    for _, row in rows.iterrows()] for phase in "PS"}})


def parts_of(archive: Archive, model: Any, margin_s: float = 90.0) -> dict[str, int]:
    """Picks of a station's whole stream, of its halves and of its ten-minute pieces: how many differ."""
    stream = next(iter(archive.streams.values()))
    begin, end = stream[0].stats.starttime, stream[0].stats.endtime
    whole = annotate(model, stream, probabilities=False, **THRESHOLDS).picks
    counts = {"whole": len(whole)}
    for name, length in (("halves", (end - begin) / 2), ("ten-minute pieces", 600.0)):
        first, owned = begin, []
        while first < end:
            last = first + length
            part = stream.slice(first - margin_s, last + margin_s)
            found = annotate(model, part, probabilities=False, **THRESHOLDS).picks
            owned.append(table.inside(found, first.datetime, last.datetime))
            first = last
        columns = ["trace_id", "phase", "time"]
        merged = table.join(owned)[columns].merge(whole[columns], how="outer", indicator=True)
        counts[name] = int((merged["_merge"] != "both").sum())
    return counts
