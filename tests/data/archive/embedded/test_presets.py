"""Where the stations of the embedded archive stand: against ObsPy's ellipsoid, and on the map."""

import pytest
from obspy.geodetics import gps2dist_azimuth

from quakebook.data.archive.embedded.presets import (
    CALDERA,
    CENTRE_DEG,
    OUTSIDE,
    PRESETS,
    SITES,
    east_north_km,
    generator,
)


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.station)
def test_stations_stand_round_the_centre(site):
    """All within 45 km of the centre of the box; the flat earth is half a percent off at most."""
    metres, azimuth_deg, _ = gps2dist_azimuth(*CENTRE_DEG, site.latitude_deg, site.longitude_deg)
    east, north = east_north_km(site)
    assert (east**2 + north**2) ** 0.5 == pytest.approx(metres / 1000, rel=5e-3) and metres < 45_000
    assert (east > 0) == (azimuth_deg < 180) and (north > 0) == (azimuth_deg < 90 or azimuth_deg > 270)


def test_the_others_stand_elsewhere():
    """The caldera lies within 10 km of Kilauea's summit (19.41 N, 155.28 W), the outsider over 400 km away."""
    assert gps2dist_azimuth(19.41, -155.28, CALDERA.latitude_deg, CALDERA.longitude_deg)[0] < 10_000
    assert gps2dist_azimuth(*CENTRE_DEG, OUTSIDE.latitude_deg, OUTSIDE.longitude_deg)[0] > 400_000


def test_streams_belong_to_their_keys():
    first, again, other = (generator(1, *key).random() for key in ((2, 3), (2, 3), (3, 2)))
    assert first == again != other


def test_bands_sample_as_their_letters_say():
    """SEED: B from 10 to 80 Hz, H from 80 Hz on; the book's archive has 40, 100 and 200 Hz."""
    rates = {(site.band, site.rate_hz) for site in (*SITES, OUTSIDE, CALDERA)}
    assert rates == {("BH", 40.0), ("HH", 100.0), ("HH", 200.0)}


def test_sizes_that_were_chosen():
    """Eighteen minutes, eight hours and two days of a network; 12 minutes, 400 minutes and 30 hours of a caldera."""
    hours = {name: size.stations * size.days * size.length_s / 3600 for name, size in PRESETS.items()}
    assert hours == pytest.approx({"test": 0.3, "default": 8, "large": 48})
    assert {name: size.cycles * size.cycle_s / 60 for name, size in PRESETS.items()} == {
        "test": 12, "default": 400, "large": 1800}
    assert {name: (size.stations, size.days, size.cycles) for name, size in PRESETS.items()} == {
        "test": (3, 2, 6), "default": (8, 3, 40), "large": (8, 3, 60)}
    hourly = {name: 3600 / size.days / size.length_s for name, size in PRESETS.items()}
    assert {name: (size.earthquakes * hourly[name], size.tremors * hourly[name]) for name, size in PRESETS.items()} == {
        "test": (60, 10), "default": (60, 4), "large": (60, 4)}


def test_stations_that_were_invented():
    """Height, and noise of Z, N and E between Peterson's models: quiet on mountains, loud in basins."""
    everyone = {site.station: site for site in (*SITES, OUTSIDE, CALDERA)}
    assert {name: site.elevation_m for name, site in everyone.items()} == {
        "GPA00": 820, "GPA01": 1540, "GPB00": 310, "GPA02": 950, "GPA03": 60, "GPB01": 1210, "GPC00": 670,
        "GPD00": 1880, "GPN00": 90, "GPK01": 1120}
    assert {name: [round(100 * level) for level in site.noise] for name, site in everyone.items()} == {
        "GPA00": [25, 30, 32], "GPA01": [20, 24, 22], "GPB00": [40, 46, 44], "GPA02": [30, 33, 36],
        "GPA03": [55, 60, 58], "GPB01": [24, 26, 29], "GPC00": [35, 40, 38], "GPD00": [22, 28, 27],
        "GPN00": [40, 40, 40], "GPK01": [35, 40, 45]}
    assert {(site.station, fault) for site in everyone.values() for fault in site.faults} == {
        ("GPA00", "epoch"), ("GPA00", "gap"), ("GPA01", "clip"), ("GPB00", "missing")}
