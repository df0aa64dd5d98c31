"""Write continuous synthetic data as an archive: miniSEED files, StationXML, a manifest, and the list of arrivals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import signal

from quakebook.data.checksums import sha256, whole_folder, write_checksums

from . import presets, stations
from .continuous import Hour, hour
from .grid import SAMPLING_RATE_HZ
from .instrument import ANTI_ALIAS_HZ, ANTI_ALIAS_POLES, SENSORS

MANIFEST, STATIONS, ARRIVALS = "manifest.csv", "stations.xml", "arrivals.csv"


def write_archive(folder: str | Path, hours: int, n_stations: int = 3, seed: int = 42, **options) -> Path:
    """Write hours of continuous data of the first stations of the virtual network.

    Parameters
    ----------
    folder : str or Path
        Appears only when everything is on disk; must not exist or be empty.
    hours, n_stations, seed : int
    **options
        Settings of the preset ``continuous``, e.g. ``events_per_hour=60.0``.

    Returns
    -------
    Path
        The folder with ``YYYY/DDD/NET.STA..CHA.YYYY.DDD.HH.mseed`` (one file a station, channel and hour, STEIM2),
        ``manifest.csv`` (path, times, samples, bytes, SHA-256), ``stations.xml`` (StationXML with responses),
        ``arrivals.csv`` (P and S of what an analyst could see) and ``checksums.json``.
    """
    preset = presets.get("continuous", archive_stations=n_stations, **options)
    folder = Path(folder).resolve()
    with whole_folder(folder) as temporary:
        rows, arrivals = [], []
        for number in range(hours):
            for station in range(n_stations):
                data = hour(preset, seed, station, number)
                rows += _write_hour(temporary, data)
                begin = data.arrivals.assign(station=data.station, hour_start=f"{data.start}Z")
                arrivals.append(begin)
        pd.DataFrame(rows).to_csv(temporary / MANIFEST, index=False)
        pd.concat(arrivals, ignore_index=True).to_csv(temporary / ARRIVALS, index=False)
        inventory(preset, n_stations).write(str(temporary / STATIONS), format="STATIONXML")
        write_checksums(temporary, [MANIFEST, STATIONS, ARRIVALS, *(row["path"] for row in rows)],
                        source="synthetic:continuous", seed=seed, hours=hours)
    return folder


def _write_hour(folder: Path, data: Hour) -> list[dict]:
    from obspy import Trace, UTCDateTime

    start = UTCDateTime(str(data.start))
    directory = Path(f"{start.year}") / f"{start.julday:03d}"
    (folder / directory).mkdir(parents=True, exist_ok=True)
    rows = []
    for component, counts in zip("ZNE", data.counts, strict=True):
        channel = data.channel + component
        header = {"network": stations.NETWORK_CODE, "station": data.station, "location": "", "channel": channel,
                  "sampling_rate": SAMPLING_RATE_HZ, "starttime": start}
        trace = Trace(np.ascontiguousarray(counts), header)
        path = directory / f"{trace.id}.{start.strftime('%Y.%j.%H')}.mseed"
        trace.write(str(folder / path), format="MSEED", encoding="STEIM2", reclen=512)
        rows.append({"path": path.as_posix(), "network": stations.NETWORK_CODE, "station": data.station, "location": "",
                     "channel": channel, "start_time": str(trace.stats.starttime), "end_time": str(trace.stats.endtime),
                     "sampling_rate_hz": SAMPLING_RATE_HZ, "samples": len(counts),
                     "bytes": (folder / path).stat().st_size, "sha256": sha256(folder / path)})
    return rows


def inventory(preset: presets.Preset, n_stations: int):
    """ObsPy inventory of the first stations, with the response of sensor and anti-alias filter."""
    from obspy import UTCDateTime
    from obspy.core.inventory import Channel, Inventory, Network, Site, Station

    network, begin = stations.draw(preset), UTCDateTime(2015, 1, 1)
    sites = []
    for k in range(n_stations):
        place = {"latitude": float(network.latitude_deg[k]), "longitude": float(network.longitude_deg[k]),
                 "elevation": float(network.elevation_m[k])}
        sensor = SENSORS[network.sensor[k]]
        channels = [Channel(sensor.channel + c, "", depth=0.0, azimuth=azimuth, dip=dip, sample_rate=SAMPLING_RATE_HZ,
                            start_date=begin, response=_response(sensor, float(network.sensitivity[k])), **place)
                    for c, azimuth, dip in (("Z", 0.0, -90.0), ("N", 0.0, 0.0), ("E", 90.0, 0.0))]
        sites.append(Station(str(network.code[k]), channels=channels, site=Site("synthetic"), creation_date=begin,
                             start_date=begin, **place))
    return Inventory([Network(stations.NETWORK_CODE, sites, description="synthetic stations")], source="quakebook")


def _response(sensor, sensitivity: float):
    """Poles and zeros in rad/s, with the gain given where the response is flat."""
    from obspy.core.inventory.response import Response

    poles = list(signal.butter(ANTI_ALIAS_POLES, ANTI_ALIAS_HZ, analog=True, output="zpk")[1] * 2 * np.pi)
    zeros = []
    if sensor.corner_hz is not None:
        omega = 2 * np.pi * sensor.corner_hz
        root = np.sqrt(complex(sensor.damping**2 - 1))
        poles += [omega * (-sensor.damping + root), omega * (-sensor.damping - root)]
        zeros = [0j, 0j]
    at_hz = 10.0
    s = 2j * np.pi * at_hz
    shape = abs(np.prod([s - z for z in zeros]) / np.prod([s - p for p in poles]))
    low_pass = (2 * np.pi * ANTI_ALIAS_HZ) ** ANTI_ALIAS_POLES  # its numerator: 1 far below the corner
    return Response.from_paz([complex(z) for z in zeros], [complex(p) for p in poles], sensitivity * shape * low_pass,
                             stage_gain_frequency=at_hz, input_units="M/S**2" if sensor.accelerometer else "M/S",
                             output_units="COUNTS", normalization_frequency=at_hz, normalization_factor=1 / shape)
