"""Picks, and events that were made of them, as QuakeML through ObsPy."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from quakebook.picking.continuous.table import COLUMNS, join

if TYPE_CHECKING:
    from obspy.core.event import Catalog, Event, Pick

#: Numbers of a pick for which QuakeML has no place: kept as comments, "name=value".
COMMENTS = ("probability", "snr_db", "velocity_m_per_s", "displacement_m")


def catalogue(picks: pd.DataFrame, events: pd.DataFrame | None = None, assignments: pd.DataFrame | None = None,
              provenance: dict[str, Any] | None = None) -> Catalog:
    """Picks as a catalogue.

    Parameters
    ----------
    picks : DataFrame
        Table of picks.
    events, assignments : DataFrame, optional
        As `quakebook.picking.association.associate` gives them. Without them all picks stand in one event without an
        origin, because QuakeML knows picks in events only; with them, picks of no event are left out.
    provenance : dict, optional
        ``model``, ``identity``, ``version``.
    """
    from obspy.core.event import Arrival, Catalog, CreationInfo, Event, Origin, QuantityError, ResourceIdentifier

    facts = provenance or {}
    info = CreationInfo(author="quakebook annotate", version=str(facts.get("version", "")) or None)
    method = ResourceIdentifier(f"smi:quakebook/picker/{facts.get('model', 'unknown')}/{facts.get('identity', '0')}")
    made = [_pick(row, method, info) for row in picks.itertuples(index=False)]
    if events is None or assignments is None:
        return Catalog([Event(picks=made, creation_info=info, resource_id=_identity("event", picks.to_csv()))])
    out = []
    for event in events.itertuples(index=False):
        mine = assignments[assignments["event"] == event.event]
        origin = Origin(time=_utc(event.time), latitude=event.latitude_deg, longitude=event.longitude_deg,
                        depth=1000 * event.depth_km, evaluation_mode="automatic", creation_info=info,
                        resource_id=_identity("origin", event))
        chosen = [made[k] for k in mine["pick"]]
        origin.arrivals = [Arrival(pick_id=pick.resource_id, phase=pick.phase_hint, time_residual=float(residual),
                                   resource_id=_identity("arrival", (event, str(pick.resource_id))))
                           for pick, residual in zip(chosen, mine["residual_s"], strict=True)]
        origin.time_errors = QuantityError(uncertainty=float(np.std(mine["residual_s"])))
        out.append(Event(picks=chosen, origins=[origin], preferred_origin_id=origin.resource_id, creation_info=info,
                         event_type="earthquake", event_type_certainty="suspected",
                         resource_id=_identity("event", event)))
    return Catalog(out)


def _identity(kind: str, content: Any) -> Any:
    from obspy.core.event import ResourceIdentifier

    digest = hashlib.blake2b(repr(content).encode(), digest_size=10).hexdigest()
    return ResourceIdentifier(f"smi:quakebook/{kind}/{digest}")


def _utc(time: Any) -> Any:
    from obspy import UTCDateTime

    return UTCDateTime(ns=int(pd.Timestamp(time).value))


def _pick(row: Any, method: Any, info: Any) -> Pick:
    from obspy.core.event import Comment, Pick, QuantityError, WaveformStreamID

    network, station, location = row.trace_id.split(".")
    values = {name: getattr(row, name) for name in COMMENTS} | {"start_time": row.start_time.isoformat(),
                                                                "end_time": row.end_time.isoformat()}
    comments = [Comment(text=f"{name}={value}", force_resource_id=False) for name, value in values.items()
                if isinstance(value, str) or np.isfinite(value)]
    return Pick(time=_utc(row.time), time_errors=QuantityError(uncertainty=float(row.uncertainty_s)),
                waveform_id=WaveformStreamID(network, station, location, row.channel or None), phase_hint=row.phase,
                evaluation_mode="automatic", method_id=method, creation_info=info, comments=comments,
                resource_id=_identity("pick", (row.trace_id, row.channel, row.phase, row.time)))


def picks_of_catalogue(catalog: Catalog) -> pd.DataFrame:
    """The table of the picks of a catalogue: the inverse of `catalogue` (times to the microsecond of QuakeML)."""
    rows = [_row(pick) for event in catalog for pick in _picks(event)]
    return join([pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)]) if rows else join([])


def _picks(event: Event) -> list[Pick]:
    return event.picks


def _row(pick: Pick) -> dict[str, Any]:
    noted = dict(comment.text.split("=", 1) for comment in pick.comments if comment.text and "=" in comment.text)
    wave = pick.waveform_id
    time = pd.Timestamp(pick.time.ns)
    return {"trace_id": f"{wave.network_code}.{wave.station_code}.{wave.location_code or ''}",
            "channel": wave.channel_code or "", "phase": pick.phase_hint, "time": time,
            **{name: pd.Timestamp(noted.get(name, time)) for name in ("start_time", "end_time")},
            "uncertainty_s": pick.time_errors.uncertainty,
            **{name: float(noted.get(name, "nan")) for name in COMMENTS}}
