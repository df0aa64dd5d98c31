"""Draw the parameters of one block of at most 256 candidate records.

Blocks are independent: each has its own random streams, seeded by (seed, block, purpose) alone. So a data set does not
depend on how many blocks are made at a time, and a longer one starts with the shorter one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from . import events, faults, paths, stations
from .noise import BURST_FACTOR, BURST_LENGTH_S
from .presets import EMERGENCE, Preset
from .screening import expected_snr_db

Table = dict[str, NDArray]

BLOCK = 256
WINDOW_S = 60.0
FIRST_ARRIVAL_S = (4.0, 20.0)
LAST_S_S = 57.0
#: A pulse later than this would wrap round the end of the 75 s work window.
LAST_PULSE_S = 70.0
SECOND_DELAY_S, SECOND_MAGNITUDE_STEP, SECOND_LATEST_P_S = (3.0, 25.0), (-0.3, 1.5), 55.0

_PURPOSES = ("source", "path", "window", "second", "recording", "faults", "picks", "catalogue", "waveform")


def stream(seed: int, block: int, purpose: str) -> np.random.SeedSequence:
    """The seed of one purpose in one block. Presets that differ in their picks only share their waveforms."""
    return np.random.SeedSequence(seed, spawn_key=(block, _PURPOSES.index(purpose)))


@dataclass(frozen=True)
class Block:
    """Parameters of one block.

    Attributes
    ----------
    index : int
    signal : dict of ndarray, each (n_signal, ...)
        Rows of records with an earthquake; `event` numbers the events in the block.
    second : dict of ndarray
        Rows of second events; `parent` is the signal row that they are added to.
    recording : dict of ndarray, each (n_signal + n_noise, ...)
        Station, noise and faults of all records, those with an earthquake first.
    order : ndarray, shape (n_signal + n_noise,)
        The order in which the records are handed out: noise among events, stations of an event side by side.
    n_events : int
    """

    index: int
    signal: Table
    second: Table
    recording: Table
    order: NDArray[np.int64]
    n_events: int

    @property
    def n_signal(self) -> int:
        return len(self.signal["station"])

    def __len__(self) -> int:
        return len(self.order)


def draw(preset: Preset, seed: int, block: int) -> Block:
    """All parameters of block number `block`."""
    rng = {purpose: np.random.default_rng(stream(seed, block, purpose)) for purpose in _PURPOSES[:6]}
    network = stations.draw(preset)
    n_noise = round(BLOCK * preset.noise_fraction)
    n_events = max(1, int((BLOCK - n_noise) / events.stations_per_event(preset)))
    signal = _signal(rng, n_events, network, preset)
    noise_station = rng["recording"].integers(0, len(network), n_noise)
    station = np.concatenate([signal["station"], noise_station])
    recording = _recording(rng["recording"], station, network, preset)
    if preset.stations_per_event == 1:
        keep = expected_snr_db(signal, recording) > 0
        signal = {name: column[keep] for name, column in signal.items()}
        recording = {name: column[np.concatenate([keep, np.ones(n_noise, bool)])] for name, column in recording.items()}
    n_all = len(recording["station"])
    second = _second(rng["second"], signal, network, preset)
    recording |= faults.draw(rng["faults"], n_all, _pick_guard(signal, second, n_all), network, recording["station"],
                             preset)
    key = np.concatenate([rng["window"].random(n_events)[signal["event"]], rng["window"].random(n_noise)])
    return Block(block, signal, second, recording, np.lexsort((np.arange(n_all), key)), n_events)


def _signal(rng: dict[str, np.random.Generator], n_events: int, network: stations.Network, preset: Preset) -> Table:
    source = events.draw(rng["source"], n_events, preset)
    source["origin_time"] = events.origin_times(rng["source"], n_events, preset)
    reach = events.reach_km(source["magnitude"], preset)
    x_km, y_km, anchor = paths.epicentres(rng["source"], reach, network)
    event, station = paths.choose_stations(rng["source"], x_km, y_km, anchor, reach, network,
                                           preset.stations_per_event)
    rows = {name: column[event] for name, column in source.items()} | {"event": event}
    row = paths.connect(rng["path"], rows, x_km[event], y_km[event], station, network, preset)
    return _place(rng["window"], row, preset)


def _place(rng: np.random.Generator, row: Table, preset: Preset) -> Table:
    """Choose the first arrival in the window; records whose S could not come before 57 s are left out."""
    first, last = FIRST_ARRIVAL_S
    sp_s = row["travel_s_s"] - row["travel_p_s"]
    latest = np.minimum(last, LAST_S_S - sp_s)
    p_s = first + rng.random(len(sp_s)) * np.maximum(latest - first, 0)
    return {name: column[latest >= first] for name, column in at(row, p_s, preset).items()}


def at(row: Table, p_s: NDArray[np.float64], preset: Preset) -> Table:
    """Put the first arrival of each row at `p_s` seconds after the start of the window."""
    s_s = p_s + row["travel_s_s"] - row["travel_p_s"]
    return row | {"p_s": p_s, "s_s": s_s, "origin_s": p_s - row["travel_p_s"],
                  "direct_s": EMERGENCE[preset.emergence].direct * (s_s < LAST_PULSE_S)}


def _recording(rng: np.random.Generator, station: NDArray[np.int64], network: stations.Network,
               preset: Preset) -> Table:
    """Sensor, gain and noise of each record, bursts of cultural noise, and the start time of noise records."""
    n = len(station)
    low, high = BURST_LENGTH_S
    return {
        "station": station, "sensor": network.sensor[station], "sensitivity": network.sensitivity[station],
        "noise_microseism": network.noise_microseism[station] + rng.normal(0, 0.05, n),
        "noise_cultural": network.noise_cultural[station] + rng.normal(0, 0.05, n),
        "horizontal_factor": 10 ** (rng.normal(2, 2, n) / 20), "digitiser_counts": 10 ** rng.normal(-0.1, 0.3, n),
        "burst_factor": rng.uniform(*BURST_FACTOR, n) * (rng.random(n) < preset.cultural_burst),
        "burst_length_s": rng.uniform(low, high, n), "burst_start_s": rng.uniform(0, WINDOW_S - high, n),
        "noise_time": events.origin_times(rng, n, preset)}


def _second(rng: np.random.Generator, signal: Table, network: stations.Network, preset: Preset) -> Table:
    """A second event at the same station, its P 3 to 25 s after the first S."""
    n = len(signal["station"])
    if preset.second_event == 0:
        return {name: column[:0] for name, column in signal.items()} | {"parent": np.zeros(0, np.int64)}
    chosen = rng.random(n) < preset.second_event
    span = np.minimum(SECOND_DELAY_S[1], SECOND_LATEST_P_S - signal["s_s"])
    p_s = signal["s_s"] + SECOND_DELAY_S[0] + rng.random(n) * (span - SECOND_DELAY_S[0])
    parent = np.flatnonzero(chosen & (span > SECOND_DELAY_S[0]))
    magnitude = signal["magnitude"] - rng.uniform(*SECOND_MAGNITUDE_STEP, n)
    source = events.draw(rng, n, preset, magnitude)
    source["depth_km"], source["vp_vs"] = signal["depth_km"], signal["vp_vs"]
    source = {name: column[parent] for name, column in events.with_corners(source).items()}
    row = paths.connect(rng, source, signal["x_km"][parent], signal["y_km"][parent], signal["station"][parent], network,
                        replace(preset, second_event=0.0))
    return at(row, p_s[parent], preset) | {"parent": parent}


def _pick_guard(signal: Table, second: Table, n_all: int) -> NDArray[np.float64]:
    """Onset times (n_all, 4) around which no gap may be placed; NaN where there is none."""
    guard = np.full((n_all, 4), np.nan)
    guard[: len(signal["p_s"]), 0], guard[: len(signal["p_s"]), 1] = signal["p_s"], signal["s_s"]
    guard[second["parent"], 2], guard[second["parent"], 3] = second["p_s"], second["s_s"]
    return guard


