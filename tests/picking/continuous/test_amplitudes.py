"""Ground motion of a known wave, against arithmetic and against ObsPy's `remove_response`."""

from __future__ import annotations

import numpy as np
import obspy
import pytest
from obspy.core.inventory import Channel, Inventory, Network, Response, Station

from quakebook.picking.continuous import amplitudes, table
from quakebook.picking.continuous.amplitudes import add_amplitudes, ground_motion
from quakebook.picking.continuous.stream import Segment
from quakebook.picking.continuous.triggers import Peaks

BEGIN = obspy.UTCDateTime("2024-01-01")
DAY = np.timedelta64(1, "D")


@pytest.fixture(scope="module")
def response():
    """A geophone of 1 Hz with 1e9 counts s/m at 10 Hz."""
    omega = 2 * np.pi
    root = np.sqrt(complex(0.7**2 - 1))
    poles = [omega * (-0.7 + root), omega * (-0.7 - root)]
    return Response.from_paz([0j, 0j], poles, 1e9, stage_gain_frequency=10.0, input_units="M/S",
                             output_units="COUNTS", normalization_frequency=10.0,
                             normalization_factor=abs(np.prod([2j * np.pi * 10 - p for p in poles])
                                                      / (2j * np.pi * 10) ** 2))


def burst(response, frequency: float = 5.0, displacement_m: float = 2e-7) -> obspy.Trace:
    """Counts of a wave packet of a known peak displacement, at 60 s."""
    time_s = np.arange(12_000) / 100
    envelope = np.exp(-0.5 * ((time_s - 62) / 0.8) ** 2)
    gain = response.get_evalresp_response_for_frequencies([frequency], output="DISP")[0]
    wave = displacement_m * envelope * np.exp(2j * np.pi * frequency * time_s) * gain
    return obspy.Trace(wave.real + 5000, {"network": "XX", "station": "A", "channel": "EHZ", "sampling_rate": 100.0,
                                          "starttime": BEGIN})


def test_displacement_and_velocity_of_a_wave(response):
    velocity, displacement = ground_motion(burst(response), response)
    assert np.abs(displacement).max() == pytest.approx(2e-7, rel=0.02)
    assert np.abs(velocity).max() == pytest.approx(2e-7 * 2 * np.pi * 5, rel=0.02)


def test_against_obspy(response):
    trace = burst(response, 12.0)
    trace.data += np.random.default_rng(0).normal(size=len(trace))
    velocity, displacement = ground_motion(trace, response)
    trace.stats.response = response
    for output, ours in (("VEL", velocity), ("DISP", displacement)):
        theirs = trace.copy().remove_response(output=output, pre_filt=(0.5, 1.0, 40.0, 45.0), water_level=None,
                                              taper=False, zero_mean=True).data
        np.testing.assert_allclose(ours[500:-500], theirs[500:-500], atol=2e-3 * np.abs(theirs).max())


def picks_at(second: float):
    segment = Segment("XX.A.", "EH", BEGIN, 100.0, None)
    at = np.array([round(second * 100)])
    peaks = Peaks(at, at, at, np.array([0.9], np.float32), np.array([5.0]))
    return table.rows(segment, "P", peaks, BEGIN.ns, 100.0, np.array([10.0]))


def test_largest_of_all_components_after_the_pick(response):
    channels = [Channel(f"EH{c}", "", 0, 0, 0, 0, response=response) for c in "ZN"]
    inventory = Inventory([Network("XX", [Station("A", 0, 0, 0, channels=channels)])])
    small, large = burst(response), burst(response, displacement_m=5e-7)
    small.stats.channel = "EHN"
    stream = obspy.Stream([small, large])
    filled = add_amplitudes(picks_at(60.0), stream, inventory)
    assert filled.displacement_m[0] == pytest.approx(5e-7, rel=0.02)
    assert filled.velocity_m_per_s[0] == pytest.approx(5e-7 * 2 * np.pi * 5, rel=0.02)
    early = add_amplitudes(picks_at(40.0), stream, inventory)
    assert early.displacement_m[0] < 1e-9  # the wave comes later than 4 s after this pick
    with pytest.raises(ValueError, match="no response for XX.A..EHE"):
        small.stats.channel = "EHE"
        add_amplitudes(picks_at(60.0), stream, inventory)


def test_picks_of_other_stations_and_other_times_keep_no_amplitude(response):
    """The trace is of XX.A and two minutes long: not B, not before it, not after it."""
    channels = [Channel("EHZ", "", 0, 0, 0, 0, response=response)]
    inventory = Inventory([Network("XX", [Station("A", 0, 0, 0, channels=channels)])])
    here = picks_at(60.0)
    for other in (here.assign(trace_id="XX.B."), here.assign(channel="HH"), here.assign(time=here["time"] - DAY),
                  here.assign(time=here["time"] + DAY)):
        filled = add_amplitudes(other, obspy.Stream([burst(response)]), inventory)
        assert filled.displacement_m.isna().all() and filled.velocity_m_per_s.isna().all()
    assert add_amplitudes(here, obspy.Stream([burst(response)]), inventory).displacement_m.notna().all()


def test_edges_of_the_band():
    """Half way between its corners a squared sine is a half: 0.5 to 1 Hz, 0.8 to 0.9 of the Nyquist frequency."""
    at_hz = np.array([0.5, 0.75, 1.0, 5.0, 40.0, 42.5, 45.0])
    assert amplitudes._band(at_hz, 50.0) == pytest.approx([0, 0.5, 1, 1, 1, 0.5, 0], abs=1e-12)


@pytest.mark.parametrize(("at", "seen"), [(5999, False), (6000, True), (6399, True), (6400, False)])
def test_four_seconds_from_the_pick_on(response, monkeypatch, at, seen):
    """A motion of one sample, 7 m/s and 3 m, round a pick at sample 6000 of 100 Hz."""
    motion = np.zeros(12_000)
    motion[at] = 1.0
    monkeypatch.setattr(amplitudes, "ground_motion", lambda trace, response: (-7 * motion, 3 * motion))
    channels = [Channel("EHZ", "", 0, 0, 0, 0, response=response)]
    inventory = Inventory([Network("XX", [Station("A", 0, 0, 0, channels=channels)])])
    filled = add_amplitudes(picks_at(60.0), obspy.Stream([burst(response)]), inventory)
    assert (filled.velocity_m_per_s[0], filled.displacement_m[0]) == ((7.0, 3.0) if seen else (0.0, 0.0))


class Flat:
    """Two counts for each metre per second at every frequency; it remembers what it was asked."""

    def get_evalresp_response_for_frequencies(self, points, output):
        self.points, self.output = points, output
        return np.full(len(points), 2.0 + 0.0j)


def test_where_the_response_is_asked_for():
    """3,000 frequencies in equal ratios, from the lower corner of 0.5 Hz to the Nyquist frequency of 50 Hz."""
    flat = Flat()
    ground_motion(obspy.Trace(np.zeros(500), {"sampling_rate": 100.0}), flat)
    assert (len(flat.points), flat.output) == (3000, "VEL")
    assert flat.points[[0, -1]] == pytest.approx([0.5, 50.0])
    assert np.diff(np.log(flat.points)) == pytest.approx(np.full(2999, np.log(100) / 2999))


@pytest.mark.parametrize(("n", "size"), [(12_000, 18_000), (3_000, 9_000)])
def test_a_minute_of_zeros_stands_behind_a_trace(monkeypatch, n, size):
    asked = []
    monkeypatch.setattr(amplitudes, "rfft", lambda values, size: asked.append(size) or np.fft.rfft(values, size))
    ground_motion(obspy.Trace(np.zeros(n), {"sampling_rate": 100.0}), Flat())
    assert asked == [size]


def test_the_end_of_a_trace_does_not_reach_its_beginning():
    """A pulse in the last second of twenty; 5 m/s for 10 counts of a tone of 5 Hz in the middle of the same record."""
    counts = np.zeros(2000)
    counts[1900:] = 1000 * np.hanning(100) * np.sin(np.pi * np.arange(100) / 10)
    velocity, _ = ground_motion(obspy.Trace(counts, {"sampling_rate": 100.0}), Flat())
    assert np.abs(velocity[:200]).max() < 1e-3 * np.abs(velocity).max()
    tone = 10 * np.sin(2 * np.pi * 5 * np.arange(2000) / 100)
    velocity, displacement = ground_motion(obspy.Trace(tone + 40, {"sampling_rate": 100.0}), Flat())
    assert velocity[600:1400] == pytest.approx(tone[600:1400] / 2, abs=0.02)
    assert np.abs(displacement[600:1400]).max() == pytest.approx(5 / (10 * np.pi), rel=0.01)
