"""Two seismometers by poles and zeros: the response itself, and as ObsPy's inventory holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from quakebook.data.archive.embedded.presets import Site

if TYPE_CHECKING:
    from obspy import Inventory, UTCDateTime

#: Poles in rad/s; both have two zeros at 0. A: broadband. B: 1 Hz geophone.
POLES = {"A": (-0.037 + 0.037j, -0.037 - 0.037j, -502.65, -1005.0, -371.2 + 462.8j, -371.2 - 462.8j),
         "B": (-4.443 + 4.443j, -4.443 - 4.443j)}
#: V/(m/s) of the sensor, and counts/V of the digitiser.
SENSOR_GAIN, DIGITISER_GAIN = {"A": 1500.0, "B": 88.0}, 629_145.0
NAMES = {"A": "synthetic broadband sensor", "B": "synthetic 1 Hz geophone"}
NORMAL_HZ = 1.0


def shape(kind: str, frequency_hz: NDArray[np.float64]) -> NDArray[np.complex128]:
    """Product of zeros over product of poles."""
    s = 2j * np.pi * np.asarray(frequency_hz, float)
    return s**2 / np.prod([s - pole for pole in POLES[kind]], axis=0)


def response(kind: str, frequency_hz: NDArray[np.float64], factor: float = 1.0) -> NDArray[np.complex128]:
    """Counts per m/s: gain times the shape, which is 1 at 1 Hz."""
    gain = SENSOR_GAIN[kind] * DIGITISER_GAIN * factor
    return gain * shape(kind, frequency_hz) / abs(shape(kind, np.array([NORMAL_HZ]))[0])


def inventory(sites: list[Site], epochs: dict[str, UTCDateTime]) -> Inventory:
    """Stations as ObsPy's inventory; a station named in `epochs` has twice the gain from that time on."""
    from obspy import UTCDateTime
    from obspy.core.inventory import Channel, Inventory, Network, Station
    from obspy.core.inventory import Site as Place
    from obspy.core.inventory.util import Equipment

    networks: dict[str, list] = {}
    begin = UTCDateTime(2020, 1, 1)
    for site in sites:
        place = {"latitude": site.latitude_deg, "longitude": site.longitude_deg, "elevation": site.elevation_m}
        change = epochs.get(site.code)
        spans = [(begin, change, 1.0), (change, None, 2.0)] if change else [(begin, None, 1.0)]
        channels = [
            Channel(site.band + component, site.location, depth=2.0, azimuth=azimuth, dip=dip, sample_rate=site.rate_hz,
                    start_date=start, end_date=end, response=_response(site.response, factor), **place,
                    sensor=Equipment(description=NAMES[site.response]),
                    data_logger=Equipment(description="synthetic 24-bit digitiser"))
            for start, end, factor in spans
            for component, azimuth, dip in (("Z", 0.0, -90.0), ("N", 0.0, 0.0), ("E", 90.0, 0.0))]
        networks.setdefault(site.network, []).append(
            Station(site.station, channels=channels, site=Place(f"synthetic station {site.code}"), start_date=begin,
                    creation_date=begin, **place))
    return Inventory([Network(code, stations, description="synthetic: no real network") for code, stations in
                      networks.items()], source="quakebook, synthetic")


def _response(kind: str, factor: float):
    from obspy.core.inventory.response import Response

    normal = 1 / float(abs(shape(kind, np.array([NORMAL_HZ]))[0]))
    out = Response.from_paz([0j, 0j], [complex(pole) for pole in POLES[kind]], SENSOR_GAIN[kind] * factor,
                            stage_gain_frequency=NORMAL_HZ, input_units="M/S", output_units="V",
                            normalization_frequency=NORMAL_HZ, normalization_factor=normal)
    out.response_stages.append(_digitiser())
    out.instrument_sensitivity.value = SENSOR_GAIN[kind] * DIGITISER_GAIN * factor
    out.instrument_sensitivity.output_units = "COUNTS"
    return out


def _digitiser():
    from obspy.core.inventory.response import ResponseStage

    return ResponseStage(2, DIGITISER_GAIN, NORMAL_HZ, "V", "COUNTS")
