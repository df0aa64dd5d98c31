"""A catalogue in time for the continuous mode: Poisson background and Omori aftershocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from . import events
from .events import REGION_KM
from .presets import Preset

Table = dict[str, NDArray]

HOUR_S = 3600.0
#: Aftershocks: mean number 10^(0.8 (M - 3)), times after Omori's law with p = 1.1 and c = 300 s, within two days,
#: scattered by 2 km, none larger than the main shock (chosen).
PRODUCTIVITY, PRODUCTIVE_MAGNITUDE = 0.8, 3.0
OMORI_P, OMORI_C_S, LONGEST_S, CLUSTER_KM = 1.1, 300.0, 172_800.0, 2.0
_KEY = 2**30


def hour_stream(seed: int, *key: int) -> np.random.Generator:
    """Random numbers of the continuous mode, by purpose, hour and station; no other part of the generator uses them."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_KEY, *key)))


def catalogue(preset: Preset, seed: int, hours: int) -> Table:
    """All events of the first hours, in order of time.

    Returns
    -------
    dict of ndarray, each shape (n,)
        Source columns of `events.draw`, `x_km`, `y_km`, `time_s` after the start, `aftershock`. A longer catalogue
        starts with the same events: each hour has its own random stream.
    """
    parts = [_hour(preset, seed, hour) for hour in range(hours)]
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(table["time_s"], kind="stable")
    order = order[table["time_s"][order] < hours * HOUR_S]
    return {name: column[order] for name, column in table.items()}


def _hour(preset: Preset, seed: int, hour: int) -> Table:
    rng = hour_stream(seed, 0, hour)
    n = rng.poisson(preset.events_per_hour)
    main = events.draw(rng, n, preset)
    main["x_km"], main["y_km"] = rng.uniform(-0.5, 0.5, (2, n)) * REGION_KM
    main["time_s"], main["aftershock"] = HOUR_S * (hour + rng.random(n)), np.zeros(n, bool)
    count = rng.poisson(10 ** (PRODUCTIVITY * (main["magnitude"] - PRODUCTIVE_MAGNITUDE)))
    parent = np.repeat(np.arange(n), count)
    after = _aftershocks(rng, {name: column[parent] for name, column in main.items()}, preset)
    return {name: np.concatenate([main[name], after[name]]) for name in main}


def _aftershocks(rng: np.random.Generator, main: Table, preset: Preset) -> Table:
    n = len(main["time_s"])
    drawn = events.magnitudes(rng, n, preset)
    table = events.draw(rng, n, preset, np.minimum(drawn, main["magnitude"]))
    table["depth_km"] = np.clip(main["depth_km"] + rng.normal(0, CLUSTER_KM, n), 1, 25)
    table = events.with_corners(table)
    shift = rng.normal(0, CLUSTER_KM, (2, n))
    q = 1 - OMORI_P
    top = (LONGEST_S + OMORI_C_S) ** q
    delay = (OMORI_C_S**q + rng.random(n) * (top - OMORI_C_S**q)) ** (1 / q) - OMORI_C_S
    return table | {"x_km": main["x_km"] + shift[0], "y_km": main["y_km"] + shift[1],
                    "time_s": main["time_s"] + delay, "aftershock": np.ones(n, bool)}
