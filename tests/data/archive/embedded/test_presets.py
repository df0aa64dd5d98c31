"""Where the stations of the embedded archive stand: against ObsPy's ellipsoid, and on the map."""

import pytest
from obspy.geodetics import gps2dist_azimuth

from quakebook.data.archive.embedded.presets import CALDERA, CENTRE_DEG, OUTSIDE, SITES, east_north_km, generator


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
