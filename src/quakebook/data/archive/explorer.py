"""What the page's explorer of windows shows: which instruments, and the arrivals that are marked."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from quakebook.data.archive.embedded.write import PICKS
from quakebook.data.archive.figures.moments import frames as _frames
from quakebook.data.archive.pages import Road, kept, network_days


def instruments(road: Road, most: int = 4) -> list[str]:
    """NET.STA.LOC.BAND of the first instruments, by name, of the network; the one with most windows comes first."""
    counts = kept(road)
    return sorted(sorted({day.code for day in network_days(road)} & set(counts))[:most], key=lambda code: -counts[code])


def arrivals(road: Road) -> pd.DataFrame | None:
    """Arrivals of the synthetic archive; None for an archive of one's own."""
    return None if road.events is None else pd.read_parquet(Path(road.maker.store.url) / PICKS)


def frames(road: Road) -> tuple[dict[str, list[Figure]], list[str]]:
    """Instrument -> one picture a time, and the times, for `plots.grid_explorer`."""
    return _frames(road.shards, instruments(road), picks=arrivals(road), rate_hz=road.maker.settings.rate_hz)
