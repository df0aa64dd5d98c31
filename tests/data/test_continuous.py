"""Continuous mode: hours that fit together, archives that ObsPy reads, responses that are the analytic ones."""

import hashlib

import numpy as np
import pandas as pd
import pytest
from scipy import signal

from quakebook.data import DataError, synthetic
from quakebook.data.synthetic import archive, continuous, presets, sequence, stations
from quakebook.data.synthetic.instrument import SENSORS, response

PRESET = presets.get("continuous")


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
