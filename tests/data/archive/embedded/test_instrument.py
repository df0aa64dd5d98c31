"""The two seismometers and the digitiser of the synthetic archive, against SciPy."""

import numpy as np
import pytest
from obspy import UTCDateTime
from scipy import signal

from quakebook.data.archive.embedded import channels, instrument
from quakebook.data.archive.embedded.presets import SITES

F = np.array([0.01, 0.1, 1.0, 5.0, 40.0])


@pytest.mark.parametrize(("kind", "sensor", "corner_hz", "damping"), [
    ("A", 1500.0, 1 / 120, 0.7071), ("B", 88.0, 1.0, 0.7071)])
def test_a_broadband_sensor_and_a_geophone(kind, sensor, corner_hz, damping):
    """A pair of poles below: corner and damping of a pendulum; counts for a metre a second at 1 Hz."""
    low = min(instrument.POLES[kind], key=abs)
    assert abs(low) / (2 * np.pi) == pytest.approx(corner_hz, rel=0.005)
    assert -low.real / abs(low) == pytest.approx(damping, abs=1e-3)
    found = instrument.response(kind, F)
    shape = signal.freqs_zpk([0, 0], instrument.POLES[kind], 1.0, 2 * np.pi * F)[1]
    assert found == pytest.approx(sensor * 629_145 * shape / abs(shape[2]), rel=1e-9)
    assert abs(found[2]) == pytest.approx(sensor * 629_145)
    assert instrument.response(kind, F, 2.0) == pytest.approx(2 * found)


def test_the_digitiser():
    """24 bits over 26.67 V from peak to peak: 2^24 / 26.67 counts for a volt."""
    assert pytest.approx(2**24 / 26.667, rel=1e-4) == instrument.DIGITISER_GAIN


def test_poles_above_of_the_broadband_sensor():
    high = sorted(instrument.POLES["A"], key=lambda pole: (pole.real, pole.imag))[:4]
    assert high == [-1005.0, -502.65, -371.2 - 462.8j, -371.2 + 462.8j]


def test_stations_as_obspy_holds_them():
    """Orientations as SEED has them, two metres deep; the gain doubles where the second epoch begins."""
    change = UTCDateTime(2023, 3, 2)
    made = instrument.inventory([SITES[0], SITES[2]], {"CI.GPA00": change})
    first, second = made.select(network="CI")[0][0], made.select(network="AZ")[0][0]
    assert [len(first), len(second)] == [6, 3]
    assert [(c.code, c.azimuth, c.dip, c.depth) for c in second] == [
        ("HHZ", 0, -90, 2), ("HHN", 0, 0, 2), ("HHE", 90, 0, 2)]
    spans = {(str(c.start_date)[:10], c.end_date and str(c.end_date)[:10], c.response.instrument_sensitivity.value)
             for c in first}
    gain = 1500.0 * 629_145
    assert spans == {("2020-01-01", "2023-03-02", gain), ("2023-03-02", None, 2 * gain)}
    assert {c.response.instrument_sensitivity.value for c in second} == {88.0 * 629_145}
    assert (second.latitude, second.longitude, second.elevation, second[0].sample_rate) == (34.22, -118.31, 310, 200)
    stages = first[0].response.response_stages
    assert [stage.stage_gain for stage in stages] == [1500.0, 629_145.0]
    assert (stages[0].input_units, stages[0].output_units, stages[1].output_units) == ("M/S", "V", "COUNTS")


def test_counts_of_a_wave():
    """A sine of 2 Hz for 200 s: its amplitude and phase in the middle are those of the response."""
    site, time = SITES[0], np.arange(20_000) / 100
    wave = 1e-6 * np.sin(2 * np.pi * 2 * time)
    counts = channels.to_counts(np.stack([wave, -wave, 0 * wave]), site, 2.0)
    transfer = instrument.response("A", np.array([2.0]), 2.0)[0]
    expected = 1e-6 * abs(transfer) * np.sin(2 * np.pi * 2 * time + np.angle(transfer))
    middle = slice(9000, 11_000)
    assert counts.dtype == np.int32 and np.abs(counts[0, middle] - expected[middle]).max() < 0.01 * abs(transfer) * 1e-6
    assert np.abs(counts[1] + counts[0]).max() <= 1 and not counts[2].any()


def test_names_of_files(tmp_path):
    """Network, station of five letters, channel, location of two, year and day: as at Southern California's centre."""
    pieces = [(0, np.arange(50, dtype=np.int32)), (70, np.arange(30, dtype=np.int32))]
    start = np.datetime64("2023-12-31T00:00:00", "ns")
    name = channels.write_channel(tmp_path, SITES[0], "Z", start, pieces)
    assert name == "continuous_waveforms/2023/2023_365/CIGPA00HHZ___2023365.ms"
    other = channels.write_channel(tmp_path, SITES[2], "E", np.datetime64("2024-01-09", "ns"), pieces[:1])
    assert other == "continuous_waveforms/2024/2024_009/AZGPB00HHE10_2024009.ms"
    from obspy import read

    first, second = read(str(tmp_path / name))
    assert (first.stats.npts, second.stats.npts) == (50, 30) and first.id == "CI.GPA00..HHZ"
    assert second.stats.starttime - first.stats.starttime == pytest.approx(0.7)
    assert (tmp_path / name).stat().st_size % 512 == 0
