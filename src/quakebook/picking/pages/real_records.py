"""Real continuous records that come with ObsPy: four stations in Bavaria, four minutes, several small earthquakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import obspy
import pandas as pd
from obspy import Stream, UTCDateTime
from obspy.signal.trigger import coincidence_trigger

from quakebook.picking import annotate
from quakebook.picking.continuous.annotation import Annotation

PATTERN = "BW.UH*147.cut.slist.gz"
THRESHOLDS = {"P_threshold": 0.3, "S_threshold": 0.3}
#: An event: P picks of at least so many stations within this time.
STATIONS, WITHIN_S = 3, 3.0


def records() -> Stream:
    """The records, 50 and 100 Hz, one station with three components and three with the vertical only."""
    folder = Path(obspy.__file__).parent / "signal" / "tests" / "data"
    files = sorted(folder.glob(PATTERN))
    if not files:
        raise FileNotFoundError(f"this ObsPy lacks its records {PATTERN} in {folder}")
    return Stream([trace for file in files for trace in obspy.read(str(file))])


def annotations(pickers: dict[str, Any], stream: Stream) -> dict[str, Annotation]:
    """Curves and picks of each picker."""
    return {name: annotate(model, stream, **THRESHOLDS) for name, model in pickers.items()}


def coincidences(picks: pd.DataFrame) -> list[UTCDateTime]:
    """Times at which P picks of `STATIONS` stations begin to fall within `WITHIN_S`."""
    found: list[UTCDateTime] = []
    p = picks[picks["phase"] == "P"].sort_values("time")
    times = p["time"].to_numpy().astype("datetime64[ns]").astype(np.int64) / 1e9
    for k, begin in enumerate(times):
        near = p["trace_id"].to_numpy()[(times >= begin) & (times <= begin + WITHIN_S)]
        if len(set(near)) >= STATIONS and (not found or begin - found[-1].timestamp > WITHIN_S):
            found.append(UTCDateTime(float(times[k])))
    return found


def by_sta_lta(stream: Stream) -> list[UTCDateTime]:
    """Events of ObsPy's coincidence trigger (recursive STA/LTA, 10 to 20 Hz), settings as in its tutorial."""
    vertical = stream.select(channel="??Z").copy()
    vertical.filter("bandpass", freqmin=10, freqmax=20)
    triggers = coincidence_trigger("recstalta", 3.5, 1, vertical, STATIONS, sta=0.5, lta=10)
    return [trigger["time"] for trigger in triggers]


def event_table(found: dict[str, Annotation], stream: Stream) -> pd.DataFrame:
    """Events of every way, one row an event, as text."""
    ways = {"STA/LTA of ObsPy": by_sta_lta(stream)} | {name: coincidences(a.picks) for name, a in found.items()}
    times: list[float] = []
    for moment in sorted(t.timestamp for way in ways.values() for t in way):
        if not times or moment - times[-1] > 5:
            times.append(moment)
    rows = []
    for moment in times:
        row = {"Time (UTC)": str(UTCDateTime(moment))[11:19]}
        for name, way in ways.items():
            row[name] = "yes" if any(abs(t.timestamp - moment) <= 5 for t in way) else "–"
        rows.append(row)
    return pd.DataFrame(rows)


def metrics(table: pd.DataFrame) -> dict[str, float]:
    """Numbers of events for the claims: those of all ways together, and those on which all ways agree."""
    return {"real.events": float(len(table)), "real.agreed": float((table.iloc[:, 1:] == "yes").all(axis=1).sum())}


def pick_table(pickers: dict[str, Any], found: dict[str, Annotation], stream: Stream) -> pd.DataFrame:
    """Picks of each phase with either resampler (three of the stations have 50 Hz), as text."""
    rows = []
    for name, model in pickers.items():
        theirs = annotate(model, stream, resample="seisbench", windows="clock", probabilities=False, **THRESHOLDS)
        ours = found[name].picks
        rows.append({"Picker": name} | {f"{phase}, {title}": str(int((picks["phase"] == phase).sum()))
                                        for phase in "PS" for title, picks in (("band-limited", ours),
                                                                               ("as SeisBench", theirs.picks))}
                    | {"median SNR of P (dB)": f"{ours[ours['phase'] == 'P']['snr_db'].median():.1f}"})
    return pd.DataFrame(rows)


def first_sentence(table: pd.DataFrame) -> str:
    """What the page found."""
    names = list(table.columns[1:])
    counts = {name: int((table[name] == "yes").sum()) for name in names}
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    shared = int((table[names] == "yes").all(axis=1).sum())
    return (f"Events at three stations or more: {told}; all agree on {shared}. Nobody has labelled these minutes, so "
            "this says what the ways find, not who is right.")
