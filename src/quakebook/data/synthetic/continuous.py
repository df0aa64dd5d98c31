"""Continuous data of single stations, hour by hour: noise that never ends, and events at their times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from quakebook.data.records import SPLITS, Records

from . import paths, picks, stations
from .draw import EMERGENCE
from .grid import SAMPLING_RATE_HZ
from .instrument import CHANNELS, MAX_COUNTS
from .noise import decibel_table
from .presets import Preset
from .screening import expected_snr_db
from .sequence import HOUR_S, catalogue, hour_stream
from .waveforms import Rows, bench, displacement, noise_spectrum, record

HOUR_SAMPLES = int(HOUR_S * SAMPLING_RATE_HZ)
#: Noise: blocks of 600 s, half overlapping, sine window (power-complementary).
NOISE_S, NOISE_SAMPLES = 600.0, 60_000
EVENT_S, EVENT_SAMPLES, EVENT_P_S = 120.0, 12_000, 10.0
DAILY_DB, DAILY_AT_HZ, WALK_STD = 4.0, 5.0, 0.02
#: An arrival is listed when its expected signal-to-noise ratio reaches this.
LISTED_SNR_DB = 3.0
START = np.datetime64("2024-01-01T00:00:00", "ms")


@dataclass(frozen=True)
class Hour:
    """One hour of one station.

    Attributes
    ----------
    counts : ndarray, shape (3, 360000), int32
        Components Z, N, E.
    arrivals : DataFrame
        event, magnitude, p_s, s_s (seconds after the start of the hour, may lie outside; NaN for a pick that
        the analyst did not make), snr_db; only events that an analyst could see.
    """

    station: str
    channel: str
    start: np.datetime64
    counts: NDArray[np.int32]
    arrivals: pd.DataFrame


def hour(preset: Preset, seed: int, station: int, number: int) -> Hour:
    """Synthesise hour `number` of station `station` (index into the network)."""
    network = stations.draw(preset)
    x = _noise(preset, seed, station, number)
    arrivals = _add_events(x, preset, seed, station, number)
    counts = np.clip(np.round(x), -MAX_COUNTS, MAX_COUNTS).astype(np.int32)
    return Hour(str(network.code[station]), str(CHANNELS[network.sensor[station]]),
                START + np.timedelta64(number * int(HOUR_S), "s"), counts, arrivals)


def windows(preset: Preset, n: int, seed: int) -> Records:
    """The first `n` windows of 60 s, hour after hour, in each hour station after station, as `Records`."""
    from .identity import fingerprint

    samples, per_hour = int(60 * SAMPLING_RATE_HZ), HOUR_SAMPLES // int(60 * SAMPLING_RATE_HZ)
    waveforms, rows = [], []
    for k in range(-(-n // per_hour)):
        number, station = divmod(k, preset.archive_stations)
        data = hour(preset, seed, station, number)
        take = min(per_hour, n - k * per_hour)
        cut = data.counts[:, : take * samples].reshape(3, take, samples).swapaxes(0, 1)
        waveforms.append(torch.from_numpy(cut.astype(np.float32)))
        rows += [_window_row(data, station, preset, number, w) for w in range(take)]
    return Records(torch.cat(waveforms), pd.DataFrame(rows), SAMPLING_RATE_HZ, "synthetic:continuous",
                   fingerprint(preset, n, seed, "cpu"))


def _noise(preset: Preset, seed: int, station: int, number: int) -> NDArray[np.float64]:
    """Overlap-add of noise blocks, each with its own stream, so that neighbouring hours fit together."""
    network, b = stations.draw(preset), bench(NOISE_SAMPLES, "cpu")
    half = NOISE_SAMPLES // 2
    blocks = range(number * HOUR_SAMPLES // half - 1, (number + 1) * HOUR_SAMPLES // half)
    span_db = decibel_table(np.array([DAILY_AT_HZ]))[2, 0]
    walk = np.cumsum([hour_stream(seed, 1, station, h).normal(0, WALK_STD) for h in range(number + 2)])
    out = np.zeros((3, HOUR_SAMPLES + 2 * half))
    window = np.sin(np.pi * (np.arange(NOISE_SAMPLES) + 0.5) / NOISE_SAMPLES)
    sensor = torch.as_tensor(network.sensor[[station]])
    for position, block in enumerate(blocks):
        time_s = (block + 1) * half / SAMPLING_RATE_HZ
        daily = DAILY_DB / span_db * np.sin(2 * np.pi * (time_s / (24 * HOUR_S) - 0.25))
        slow = np.interp(time_s / HOUR_S, np.arange(number + 2), walk)
        levels = torch.tensor([[network.noise_microseism[station] + slow, network.noise_cultural[station] + daily]],
                              dtype=torch.float32)
        amplitude = b.noise.amplitude(levels, sensor, torch.tensor(network.sensitivity[[station]], dtype=torch.float32),
                                      torch.tensor([0.8]), NOISE_SAMPLES)
        gaussian = torch.randn(1, 3, NOISE_SAMPLES // 2 + 1, 2, generator=_generator(seed, 2, station, block + 1))
        spectrum = noise_spectrum(amplitude, torch.tensor([10 ** (2 / 20)]), gaussian)
        first = position * half
        out[:, first : first + NOISE_SAMPLES] += torch.fft.irfft(spectrum, n=NOISE_SAMPLES)[0].numpy() * window
    return out[:, half : half + HOUR_SAMPLES]


def _add_events(x: NDArray[np.float64], preset: Preset, seed: int, station: int, number: int) -> pd.DataFrame:
    """Add every event that reaches into this hour, in place; returns its arrivals."""
    listed = catalogue(preset, seed, number + 1)
    begin_s = number * HOUR_S
    here = np.flatnonzero(listed["time_s"] > begin_s - EVENT_S)
    network, rows = stations.draw(preset), []
    for event in here.tolist():
        source = {name: column[[event]] for name, column in listed.items()}
        row = paths.connect(hour_stream(seed, 3, station, event), source, source["x_km"], source["y_km"],
                            np.array([station]), network, preset)
        arrival_s = float(source["time_s"][0] + row["travel_p_s"][0] - begin_s)
        first = int(np.floor((arrival_s - EVENT_P_S) * SAMPLING_RATE_HZ))
        p_s = np.array([arrival_s - first / SAMPLING_RATE_HZ])
        sp_s = row["travel_s_s"] - row["travel_p_s"]
        row |= {"p_s": p_s, "s_s": p_s + sp_s, "origin_s": p_s - row["travel_p_s"],
                "direct_s": np.array([EMERGENCE[preset.emergence].direct])}
        signal = _event(preset, seed, station, event, row)
        low, high = max(first, 0), min(first + EVENT_SAMPLES, HOUR_SAMPLES)
        if high > low:
            x[:, low:high] += signal[:, low - first : high - first]
        rows.append(_arrival(preset, seed, station, event, row, arrival_s))
    table = pd.DataFrame(rows, columns=["event", "magnitude", "p_s", "s_s", "snr_db"])
    elsewhere = (table["p_s"] >= HOUR_S) | (table["s_s"] <= 0)  # a missing pick (NaN) is neither
    return table[(table["snr_db"] >= LISTED_SNR_DB) & ~elsewhere].reset_index(drop=True)


def _event(preset: Preset, seed: int, station: int, event: int, row: dict[str, NDArray]) -> NDArray[np.float64]:
    b, network = bench(EVENT_SAMPLES, "cpu"), stations.draw(preset)
    white = torch.randn(1, 3, EVENT_SAMPLES, generator=_generator(seed, 4, station, event))
    spectrum = displacement(b.grid, Rows(row, "cpu"), white)
    sensitivity = torch.tensor(network.sensitivity[[station]], dtype=torch.float32)
    counts = record(b, spectrum, torch.as_tensor(network.sensor[[station]]), sensitivity)
    return torch.fft.irfft(counts, n=EVENT_SAMPLES)[0].double().numpy()


def _arrival(preset: Preset, seed: int, station: int, event: int, row: dict[str, NDArray], p_s: float) -> tuple:
    network = stations.draw(preset)
    recording = {"sensor": network.sensor[[station]], "sensitivity": network.sensitivity[[station]],
                 "noise_microseism": network.noise_microseism[[station]],
                 "noise_cultural": network.noise_cultural[[station]], "digitiser_counts": np.array([0.8])}
    snr = expected_snr_db(row, recording)
    pick = picks.draw(hour_stream(seed, 5, station, event), np.array([p_s]), p_s + row["s_s"] - row["p_s"], snr,
                      np.array([10.0]), row["peak_delay_s"], preset)
    return event, float(row["magnitude"][0]), float(pick["p_pick_s"][0]), float(pick["s_pick_s"][0]), float(snr[0])


def _generator(seed: int, *key: int) -> torch.Generator:
    return torch.Generator().manual_seed(int(hour_stream(seed, *key).integers(2**63)))


def _window_row(data: Hour, station: int, preset: Preset, number: int, w: int) -> dict:
    network, start_s = stations.draw(preset), 60.0 * w
    row = {"trace_name": f"{data.station}_{number}_{w}", "trace_sampling_rate_hz": SAMPLING_RATE_HZ,
           "trace_start_time": f"{data.start + np.timedelta64(int(60 * w), 's')}Z", "trace_npts": 6000,
           "trace_channel": data.channel, "trace_component_order": "ZNE", "station_network_code": stations.NETWORK_CODE,
           "station_code": data.station, "station_latitude_deg": network.latitude_deg[station],
           "station_longitude_deg": network.longitude_deg[station],
           "station_elevation_m": network.elevation_m[station],
           "station_sensitivity_counts_spm": network.sensitivity[station], "split": SPLITS[number % 3]}
    for phase in ("p", "s"):
        times = data.arrivals[f"{phase}_s"].to_numpy() - start_s
        inside = np.sort(times[(times >= 0) & (times < 60)])[:2]
        names = (f"trace_{phase}_arrival_sample", f"trace_{phase.upper()}1_arrival_sample")
        for k, name in enumerate(names):
            row[name] = inside[k] * SAMPLING_RATE_HZ if k < len(inside) else np.nan
    held = np.isfinite(row["trace_p_arrival_sample"]) or np.isfinite(row["trace_s_arrival_sample"])
    return row | {"trace_category": "earthquake_local" if held else "noise"}
