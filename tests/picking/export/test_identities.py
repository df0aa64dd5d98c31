"""What QuakeML says of picks and events: names made of their content, errors, phases, and who made them."""

import numpy as np
import pandas as pd
import pytest

from quakebook.picking.continuous import table
from quakebook.picking.export.quakeml import catalogue, picks_of_catalogue


@pytest.fixture
def picks():
    times = pd.to_datetime(["2024-01-01T00:00:01.25", "2024-01-01T00:00:03.5"])
    frame = pd.DataFrame({"trace_id": ["XX.A.", "YY.B.00"], "channel": ["HH", ""], "phase": ["P", "S"], "time": times,
                          "probability": [0.5, 0.25], "start_time": times, "end_time": times,
                          "uncertainty_s": [0.125, 0.5], "snr_db": [3.0, np.nan], "velocity_m_per_s": [1.0, np.nan],
                          "displacement_m": [2.0, np.nan]})
    return frame.astype(table.COLUMNS)


EVENTS = pd.DataFrame({"event": [7], "time": pd.to_datetime(["2024-01-01"]), "latitude_deg": [1.0],
                       "longitude_deg": [2.0], "depth_km": [3.0], "picks": [2]})
ASSIGNED = pd.DataFrame({"event": [7, 7, 8], "pick": [1, 0, 0], "residual_s": [0.25, -0.75, 9.0]})


def test_an_event_has_its_own_picks_and_the_deviation_of_their_residuals(picks):
    """0.25 and -0.75 s: half a second from their mean each."""
    event, = catalogue(picks, EVENTS, ASSIGNED)
    origin = event.preferred_origin()
    assert (origin.latitude, origin.longitude, origin.depth) == (1.0, 2.0, 3000.0)
    assert origin.time_errors.uncertainty == 0.5 and str(origin.time).startswith("2024-01-01T00:00:00.000000")
    assert [arrival.phase for arrival in origin.arrivals] == ["S", "P"]
    assert [arrival.pick_id for arrival in origin.arrivals] == [pick.resource_id for pick in event.picks]
    assert (event.event_type, event.event_type_certainty, origin.evaluation_mode) == (
        "earthquake", "suspected", "automatic")


def test_names_follow_the_content_in_twenty_digits(picks):
    first, again = (catalogue(picks)[0] for _ in range(2))
    names = [str(pick.resource_id) for pick in first.picks]
    assert names == [str(pick.resource_id) for pick in again.picks] and len(set(names)) == 2
    assert names[0].startswith("smi:quakebook/pick/") and len(names[0].rpartition("/")[2]) == 20
    later = catalogue(picks.assign(time=picks["time"] + pd.Timedelta("1ms")))[0].picks[0]
    assert str(later.resource_id) != names[0]
    ids = {str(x.resource_id) for event in catalogue(picks, EVENTS, ASSIGNED)
           for x in (event, *event.origins, *event.origins[0].arrivals, *event.picks)}
    assert len(ids) == 6


def test_what_is_not_known_is_left_out(picks):
    """The second pick has neither channel nor amplitudes; without provenance the picker is unknown."""
    full, bare = catalogue(picks)[0].picks
    assert [comment.text.partition("=")[0] for comment in full.comments] == [
        "probability", "snr_db", "velocity_m_per_s", "displacement_m", "start_time", "end_time"]
    assert [comment.text.partition("=")[0] for comment in bare.comments] == ["probability", "start_time", "end_time"]
    assert bare.waveform_id.channel_code is None and str(full.method_id) == "smi:quakebook/picker/unknown/0"
    assert full.creation_info.version is None and full.creation_info.author == "quakebook annotate"
    assert catalogue(picks, provenance={"version": 2})[0].creation_info.version == "2"
    pd.testing.assert_frame_equal(picks_of_catalogue(catalogue(picks)), picks)
