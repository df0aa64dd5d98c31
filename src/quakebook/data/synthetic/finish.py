"""From measured records to a catalogue: which records are kept, their picks and their magnitudes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from . import draw, faults, magnitude, picks
from .draw import WINDOW_S, Block
from .presets import Preset
from .synthesise import SAMPLES

Table = dict[str, NDArray]


def catalogue(block: Block, measured: NDArray[np.float32], second_nm: NDArray[np.float32], preset: Preset,
              seed: int) -> tuple[NDArray[np.int64], Table]:
    """Decide which candidates of a block become records, and describe them.

    Parameters
    ----------
    block : Block
    measured : ndarray, shape (n, 6)
        From `batch.Batch`.
    second_nm : ndarray, shape (n_second,)
    preset : Preset
    seed : int

    Returns
    -------
    rows : ndarray
        Candidates kept, in the order in which they are handed out.
    table : dict of ndarray
        One row per kept record.
    """
    n, n_signal = len(block), block.n_signal
    table = {"block": np.full(n, block.index), "candidate": np.arange(n), **block.recording,
             "is_event": np.arange(n) < n_signal, "clipped": measured[:, 5] > 0, "component_snr_db": measured[:, :3],
             "snr_db": _mean_ignoring_nan(measured[:, :3]),
             "completeness": faults.completeness(block.recording, SAMPLES)}
    event_columns = block.signal | _magnitudes(block, measured, seed) | _picks(block, measured, preset, seed)
    for name, column in event_columns.items():
        if name != "station" and column.ndim == 1:
            table[name] = _pad(column, n)
    table |= _second(block, second_nm, preset, seed)
    keep = ~table["is_event"] | (table["snr_db"] >= preset.snr_min_db)
    rows = block.order[keep[block.order]]
    return rows, {name: column[rows] for name, column in table.items()}


def _magnitudes(block: Block, measured: NDArray[np.float32], seed: int) -> Table:
    rng = np.random.default_rng(draw.stream(seed, block.index, "catalogue"))
    station = magnitude.local_magnitude(measured[: block.n_signal, 4], block.signal["hyp_km"])
    event = magnitude.event_magnitude(station, block.signal["event"], block.n_events)
    event += rng.normal(0, magnitude.CATALOGUE_STD, block.n_events)
    return {"station_ml": station, "ml": event[block.signal["event"]]}


def _picks(block: Block, measured: NDArray[np.float32], preset: Preset, seed: int) -> Table:
    rng = np.random.default_rng(draw.stream(seed, block.index, "picks"))
    n, signal = block.n_signal, block.signal
    snr_p = np.nan_to_num(_mean_ignoring_nan(measured[:n, :3]), nan=0.0)
    snr_s = np.nan_to_num(measured[:n, 3], nan=0.0)
    out = picks.draw(rng, signal["p_s"], signal["s_s"], snr_p, snr_s, signal["peak_delay_s"], preset)
    return out | {"snr_s_db": measured[:n, 3]}


def _second(block: Block, second_nm: NDArray[np.float32], preset: Preset, seed: int) -> Table:
    """Picks and magnitude of the second events; a pick after the end of the record does not exist."""
    n, second = len(block), block.second
    names = ("second_p_s", "second_s_s", "second_ml")
    out = {name: np.full(n, np.nan) for name in names}
    m = len(second["parent"])
    if not m:
        return out
    rng = np.random.default_rng(draw.stream(seed, block.index, "second").spawn(1)[0])
    nominal_db = np.full(m, 15.0)
    pick = picks.draw(rng, second["p_s"], second["s_s"], nominal_db, nominal_db, second["peak_delay_s"], preset)
    ml = magnitude.local_magnitude(second_nm, second["hyp_km"]) + rng.normal(0, magnitude.CATALOGUE_STD, m)
    for name, values in zip(names, (pick["p_pick_s"], pick["s_pick_s"], ml), strict=True):
        inside = values if name == "second_ml" else np.where(values < WINDOW_S, values, np.nan)
        out[name][second["parent"]] = inside
    return out


def _pad(column: NDArray, n: int) -> NDArray:
    """Fill up with NaN, NaT, 0 or False for the noise records at the end."""
    empty = {"f": np.nan, "M": np.datetime64("NaT")}.get(column.dtype.kind, 0)
    return np.concatenate([column, np.full(n - len(column), empty, column.dtype)])


def _mean_ignoring_nan(values: NDArray[np.float32]) -> NDArray[np.float64]:
    live = np.isfinite(values)
    total = np.where(live, values, 0).sum(1, dtype=float)
    return np.where(live.any(1), total / np.maximum(live.sum(1), 1), np.nan)
