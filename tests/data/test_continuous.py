"""Continuous mode: hours that fit together, archives that ObsPy reads, responses that are the analytic ones."""

import hashlib

import numpy as np
import pandas as pd
import pytest
from scipy import signal
from scipy.integrate import quad

from quakebook.data import DataError, synthetic
from quakebook.data.synthetic import archive, continuous, presets, sequence, stations
from quakebook.data.synthetic.instrument import SENSORS, response

PRESET = presets.get("continuous")
#: Of the hour 0 of station 1 with seed 1: arrivals, sums of P, S, decibels and magnitudes, mean absolute count.
HOUR = [20, 35899, 28697, 278.352, 36.0813, 149.536]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return synthetic.write_archive(tmp_path_factory.mktemp("archive") / "two", hours=2, n_stations=2, seed=1)


def test_catalogue_grows_at_its_end():
    short, long = (sequence.catalogue(PRESET, 3, hours) for hours in (4, 8))
    n = len(short["time_s"])
    early = long["time_s"][long["time_s"] < 4 * 3600]
    assert np.array_equal(short["time_s"], early) and len(long["time_s"]) > n
    assert np.all(np.diff(long["time_s"]) >= 0)


def test_rate_and_omori_decay():
    table = sequence.catalogue(presets.get("continuous", magnitude_min=1.0, b_value=0.6), 1, 48)
    main, after = table["time_s"][~table["aftershock"]], table["aftershock"]
    assert len(main) / 48 == pytest.approx(60, rel=0.1)
    largest = np.argmax(np.where(after, 0, table["magnitude"]))
    near = np.hypot(table["x_km"] - table["x_km"][largest], table["y_km"] - table["y_km"][largest]) < 10
    delay = (table["time_s"] - table["time_s"][largest])[near & after]
    delay = delay[delay > 0]
    assert (delay < 1800).sum() > 5 * ((delay > 36000) & (delay < 37800)).sum()


def test_hours_are_repeatable_and_fit_together():
    first, again = (continuous.hour(PRESET, 1, 1, 0) for _ in range(2))
    assert np.array_equal(first.counts, again.counts) and first.arrivals.equals(again.arrivals)
    following = continuous.hour(PRESET, 1, 1, 1)
    seam = abs(int(following.counts[0, 0]) - int(first.counts[0, -1]))
    assert seam <= np.abs(np.diff(first.counts[0, -2000:])).max() * 1.5


def test_noise_level_is_even_across_the_overlap():
    x = continuous._noise(PRESET, 1, 1, 0)
    short = signal.sosfilt(signal.butter(4, 5, "highpass", fs=100, output="sos"), x[0])[6000:]
    level = short[: 1000 * 350].reshape(350, -1).std(-1)
    assert level.max() / level.min() < 1.6


def test_listed_arrivals_are_there():
    data = continuous.hour(PRESET, 1, 1, 0)
    loud = data.arrivals[(data.arrivals["snr_db"] > 20) & data.arrivals["p_s"].between(10, 3500)]
    assert len(loud)
    for p_s in loud["p_s"]:
        k = int(p_s * 100)
        assert data.counts[0, k : k + 200].std() > 2 * data.counts[0, k - 300 : k - 20].std()


def test_windows_are_records_and_prefix_stable():
    records = synthetic.make("continuous", 130, seed=1)
    assert records.waveforms.shape == (130, 3, 6000) and records.picks("P").isfinite().any()
    few = synthetic.make("continuous", 70, seed=1)
    assert few.waveforms.equal(records.waveforms[:70])


def test_archive_reads_back_as_it_was_made(folder):
    from obspy import read

    table = pd.read_csv(folder / archive.MANIFEST)
    assert len(table) == 2 * 2 * 3
    row = table.iloc[0]
    trace = read(str(folder / row["path"]))[0]
    data = continuous.hour(presets.get("continuous", archive_stations=2), 1, 0, 0)
    assert np.array_equal(trace.data, data.counts[0]) and trace.stats.npts == row["samples"] == 360_000
    assert str(trace.stats.starttime) == row["start_time"] and trace.id.startswith("SY.S001..")
    assert hashlib.sha256((folder / row["path"]).read_bytes()).hexdigest() == row["sha256"]
    assert {"p_s", "s_s", "station"} <= set(pd.read_csv(folder / archive.ARRIVALS).columns)


def test_stationxml_carries_the_analytic_response(folder):
    from obspy import read_inventory

    network, f = stations.draw(PRESET), np.array([0.05, 0.5, 1, 5, 10, 30])
    for k, station in enumerate(read_inventory(str(folder / archive.STATIONS))[0]):
        sensor = SENSORS[network.sensor[k]]
        assert {str(channel.start_date)[:10] for channel in station} == {"2015-01-01"}  # long before the data
        assert [(channel.code[2], channel.azimuth, channel.dip) for channel in station] == [
            ("Z", 0.0, -90.0), ("N", 0.0, 0.0), ("E", 90.0, 0.0)]
        got = station[0].response.get_evalresp_response_for_frequencies(f, output="DISP")
        assert np.allclose(got, response(sensor, f) * network.sensitivity[k], rtol=1e-5)


def test_an_existing_archive_is_left_alone(folder):
    with pytest.raises(DataError, match="exists already"):
        synthetic.write_archive(folder, hours=1)


def test_rows_of_windows_by_hand():
    """Arrivals at 5, 59.99, 60, 130 and 131 s of the hour: in the first, first, second, third and third minute."""
    arrivals = pd.DataFrame({"p_s": [130.0, 59.99, 5.0, 60.0, 131.0], "s_s": [np.nan, 70.0, 9.5, 61.0, -3.0]})
    begin = continuous.START + np.timedelta64(5, "h")
    hour = continuous.Hour("S002", "HH", begin, np.zeros((3, 360_000), np.int32), arrivals)
    rows = [continuous._window_row(hour, 1, PRESET, 5, w) for w in range(4)]
    names = [f"trace_{name}_arrival_sample" for name in ("p", "P1", "s", "S1")]
    expected = [[500, 5999, 950, np.nan], [0, np.nan, 100, 1000], [1000, 1100, np.nan, np.nan], [np.nan] * 4]
    for row, wanted in zip(rows, expected, strict=True):
        assert [row[name] for name in names] == pytest.approx(wanted, nan_ok=True)
    assert [row["trace_category"] for row in rows] == ["earthquake_local"] * 3 + ["noise"]
    assert [row["trace_start_time"] for row in rows[:2]] == ["2024-01-01T05:00:00.000Z", "2024-01-01T05:01:00.000Z"]
    assert rows[3]["trace_name"] == "S002_5_3" and rows[3]["split"] == "test" and rows[3]["trace_npts"] == 6000


def test_aftershocks_follow_omori(monkeypatch):
    """The share of (t + 300 s)^-1.1 up to each delay, of that up to two days, is the number that was drawn."""
    drawn = np.array([0.0, 0.2, 0.5, 0.9, 1.0])

    class Fixed:
        def normal(self, mean, std, size):
            assert (mean, std) == (0, 2.0)  # kilometres, chosen
            return np.zeros(size)

        def random(self, n):
            return drawn[:n]

    main = {"time_s": np.full(5, 1e3), "magnitude": np.full(5, 4.0), "x_km": np.full(5, 3.0), "y_km": np.full(5, -2.0),
            "depth_km": np.array([0.5, 1.0, 8.0, 25.0, 26.0])}
    monkeypatch.setattr(sequence.events, "magnitudes", lambda rng, n, preset: np.array([3.0, 5.0, 1.0, 4.5, 2.0]))
    monkeypatch.setattr(sequence.events, "draw", lambda rng, n, preset, magnitude: {"magnitude": magnitude})
    monkeypatch.setattr(sequence.events, "with_corners", lambda table: table)
    after = sequence._aftershocks(Fixed(), main, PRESET)
    rate = lambda t: (t + 300) ** -1.1  # noqa: E731
    delays = after["time_s"] - 1e3
    shares = [quad(rate, 0, delay)[0] / quad(rate, 0, 2 * 86_400, limit=200)[0] for delay in delays]
    assert shares == pytest.approx(drawn, abs=1e-6) and delays[-1] == pytest.approx(2 * 86_400)
    assert after["magnitude"].tolist() == [3.0, 4.0, 1.0, 4.0, 2.0] and after["aftershock"].all()
    assert after["depth_km"].tolist() == [1, 1, 8, 25, 25] and after["x_km"].tolist() == [3.0] * 5


def test_productivity_and_places(monkeypatch):
    """60 events an hour over 200 km; an event of magnitude 3 has one aftershock in the mean, of 4 has 10^0.8."""
    asked = []

    class Counting(np.random.Generator):
        def poisson(self, mean):
            asked.append(np.asarray(mean, float))
            return super().poisson(mean)

    monkeypatch.setattr(sequence, "hour_stream", lambda seed, *key: Counting(np.random.PCG64(seed)))
    table = sequence._hour(PRESET, 3, 7)
    n = int((~table["aftershock"]).sum())
    assert asked[0] == 60 and asked[1] == pytest.approx(10 ** (0.8 * (table["magnitude"][:n] - 3)))
    assert np.abs(table["x_km"][:n]).max() <= 100 and np.abs(table["y_km"][:n]).max() > 80
    assert (table["time_s"][:n] >= 7 * 3600).all() and (table["time_s"][:n] < 8 * 3600).all()


def test_orientations_are_those_of_seed():
    """Dip is measured down from the horizontal: a vertical component that counts upwards has -90 degrees."""
    channels = archive.inventory(PRESET, 1)[0][0].channels
    assert {each.code[-1]: (each.azimuth, each.dip) for each in channels} == {
        "Z": (0, -90), "N": (0, 0), "E": (90, 0)}
    assert {(each.sample_rate, each.depth, str(each.start_date)[:10]) for each in channels} == {(100, 0, "2015-01-01")}


def test_an_hour_is_pinned():
    """Numbers of the generator, which change only with it: arrivals, and the level of the counts."""
    data = continuous.hour(PRESET, 1, 1, 0)
    found = [len(data.arrivals), *(np.nansum(data.arrivals[name]) for name in ("p_s", "s_s", "snr_db", "magnitude")),
             np.abs(data.counts.astype(float)).mean()]
    assert found == pytest.approx(HOUR, rel=1e-4)
