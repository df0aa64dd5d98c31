"""The catalogue as a table with SeisBench's column names."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from . import stations
from .grid import SAMPLING_RATE_HZ
from .instrument import CHANNELS
from .picks import weights
from .presets import Preset

Table = dict[str, NDArray]

SPLITS, SPLIT_SHARES = ("train", "dev", "test"), (0.6, 0.1, 0.3)


def frame(table: Table, preset: Preset, seed: int, samples: int) -> pd.DataFrame:
    """One row per record; quantities that need an earthquake are empty for noise records."""
    network = stations.draw(preset)
    event = table["is_event"]
    columns = _trace(table, seed, samples) | _picks(table) | _quality(table)
    columns |= _source(table, seed) | _station(table, network) | _path(table, event)
    columns["split"], columns["split_station"] = splits(table, seed), station_splits(table)
    return pd.DataFrame(columns)


def splits(table: Table, seed: int) -> NDArray[np.object_]:
    """train, dev or test from a hash of the event's identity (of its own for a noise record): 60, 10, 30 %.

    The split of an event never changes when the set grows; all stations of an event share it.
    """
    position = np.where(table["is_event"], table["event"], 2**20 + table["candidate"])
    return _share_out(np.uint64(seed) * np.uint64(2**32) + _identity(table["block"], position))


def station_splits(table: Table) -> NDArray[np.object_]:
    """train, dev or test from a hash of the station, for tests on unseen stations."""
    return _share_out(np.uint64(2**63) + table["station"].astype(np.uint64))


def _share_out(key: NDArray[np.uint64]) -> NDArray[np.object_]:
    u = _hash(key) / 2.0**64
    return np.array(SPLITS, object)[np.searchsorted(np.cumsum(SPLIT_SHARES)[:-1], u, side="right")]


def _trace(table: Table, seed: int, samples: int) -> Table:
    n, event = len(table["station"]), table["is_event"]
    start = table["noise_time"].copy()
    lead_ms = np.round(1e3 * np.nan_to_num(table["origin_s"])).astype(np.int64).astype("timedelta64[ms]")
    start[event] = (table["origin_time"] - lead_ms)[event]
    name = [f"{seed}_{block}_{k}" for block, k in zip(table["block"].tolist(), table["candidate"].tolist(),
                                                      strict=True)]
    return {"trace_name": name, "trace_name_original": name, "trace_start_time": _iso(start),
            "trace_sampling_rate_hz": np.full(n, SAMPLING_RATE_HZ), "trace_npts": np.full(n, samples),
            "trace_channel": CHANNELS[table["sensor"]].astype(object),
            "trace_category": np.where(event, "earthquake_local", "noise").astype(object),
            "trace_component_order": np.full(n, "ZNE", object)}


def _picks(table: Table) -> Table:
    out = {}
    for phase in "ps":
        pick, sigma = table[f"{phase}_pick_s"], table[f"{phase}_sigma_s"]
        found = np.isfinite(pick)
        out |= {f"trace_{phase}_arrival_sample": pick * SAMPLING_RATE_HZ,
                f"trace_{phase}_status": np.where(found, "manual", None),
                f"trace_{phase}_weight": np.where(found, weights(np.nan_to_num(sigma)), np.nan),
                f"trace_{phase}_uncertainty_s": sigma,
                f"trace_{phase}_true_onset_sample": table[f"{phase}_s"] * SAMPLING_RATE_HZ}
    return out | {"trace_P1_arrival_sample": table["second_p_s"] * SAMPLING_RATE_HZ,
                  "trace_S1_arrival_sample": table["second_s_s"] * SAMPLING_RATE_HZ}


def _quality(table: Table) -> Table:
    snr = {f"trace_{c}_snr_db": table["component_snr_db"][:, k].astype(float) for k, c in enumerate("ZNE")}
    return snr | {"trace_snr_db": table["snr_db"], "trace_s_snr_db": table["snr_s_db"],
                  "trace_completeness": table["completeness"], "trace_has_spikes": table["spike_factor"] != 0,
                  "trace_clipped": table["clipped"]}


def _source(table: Table, seed: int) -> Table:
    event, second = table["is_event"], np.isfinite(table["second_ml"])
    identity = [f"sy{seed}b{block}e{k}" if known else None for block, k, known in
                zip(table["block"].tolist(), table["event"].tolist(), event.tolist(), strict=True)]
    other_type = np.where(second, "ML", np.where(event, "Mw", None))
    return {"source_id": np.array(identity, object), "source_origin_time": _iso(table["origin_time"]),
            "source_latitude_deg": stations.latitude_deg(table["y_km"]),
            "source_longitude_deg": stations.longitude_deg(table["x_km"]), "source_depth_km": table["depth_km"],
            "source_magnitude": table["ml"], "source_magnitude_type": np.where(event, "ML", None),
            "source_magnitude2": np.where(second, table["second_ml"], table["magnitude"]),
            "source_magnitude_type2": other_type, "source_moment_magnitude": table["magnitude"],
            "source_stress_drop_mpa": table["stress_mpa"], "source_corner_frequency_hz": table["corner_s_hz"],
            "source_strike_deg": np.rad2deg(table["strike_rad"]), "source_dip_deg": np.rad2deg(table["dip_rad"]),
            "source_rake_deg": np.rad2deg(table["rake_rad"])}


def _station(table: Table, network: stations.Network) -> Table:
    k = table["station"]
    return {"station_network_code": np.full(len(k), stations.NETWORK_CODE, object),
            "station_code": network.code.astype(object)[k], "station_location_code": np.full(len(k), "", object),
            "station_latitude_deg": network.latitude_deg[k], "station_longitude_deg": network.longitude_deg[k],
            "station_elevation_m": network.elevation_m[k], "station_sensitivity_counts_spm": table["sensitivity"],
            "station_magnitude": table["station_ml"]}


def _path(table: Table, event: NDArray[np.bool_]) -> Table:
    azimuth = np.rad2deg(table["azimuth_rad"])
    return {"path_ep_distance_km": table["distance_km"], "path_hyp_distance_km": table["hyp_km"],
            "path_azimuth_deg": azimuth, "path_back_azimuth_deg": (azimuth + 180) % 360,
            "path_p_travel_s": table["travel_p_s"], "path_s_travel_s": table["travel_s_s"],
            "path_s_peak_delay_s": np.where(event, table["peak_delay_s"], np.nan)}


def _identity(block: NDArray[np.int64], position: NDArray[np.int64]) -> NDArray[np.uint64]:
    return block.astype(np.uint64) * np.uint64(2**22) + position.astype(np.uint64)


def _hash(key: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix 64 bits (the finaliser of the splitmix64 generator)."""
    with np.errstate(over="ignore"):
        key = key + np.uint64(0x9E3779B97F4A7C15)
        key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return key ^ (key >> np.uint64(31))


def _iso(time: NDArray[np.datetime64]) -> NDArray[np.object_]:
    """ISO 8601 with milliseconds and Z; None for NaT."""
    text = np.char.add(np.datetime_as_string(time, unit="ms"), "Z").astype(object)
    text[np.isnat(time)] = None
    return text
