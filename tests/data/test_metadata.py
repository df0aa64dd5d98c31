"""Shares of the splits, weights and angles in the table of synthetic records."""

import numpy as np
import pytest

from quakebook.data.synthetic import metadata


def test_hashes_are_those_of_splitmix64():
    """First outputs of the published generator with the seeds 0 and 1234567."""
    assert metadata._hash(np.array([0, 1234567], np.uint64)).tolist() == [0xE220A8397B1DCDAF, 6457827717110365317]


def test_shares_of_many_keys():
    found = metadata._share_out(np.arange(100_000, dtype=np.uint64))
    assert [(found == name).mean() for name in ("train", "dev", "test")] == pytest.approx([0.6, 0.1, 0.3], abs=0.005)


def table(**columns):
    return {name: np.array(values) for name, values in columns.items()}


def test_an_event_keeps_its_split_and_noise_has_its_own():
    rows = table(is_event=[True, True, False, False], event=[5, 5, 5, 5], candidate=[1, 2, 3, 4], block=[0, 0, 0, 0])
    found = [metadata.splits(rows, seed).tolist() for seed in range(60)]
    assert all(row[0] == row[1] for row in found) and any(row[2] != row[3] for row in found)
    assert len({row[0] for row in found}) == 3  # the seed counts


def test_back_azimuth_and_distances():
    rows = table(azimuth_rad=np.deg2rad([90.0, 270.0]), distance_km=[1.0, 2.0], hyp_km=[3.0, 4.0],
                 travel_p_s=[5.0, 6.0], travel_s_s=[7.0, 8.0], peak_delay_s=[0.1, 0.2])
    found = metadata._path(rows, np.array([True, False]))
    assert found["path_azimuth_deg"] == pytest.approx([90, 270])
    assert found["path_back_azimuth_deg"] == pytest.approx([270, 90])
    assert found["path_s_peak_delay_s"] == pytest.approx([0.1, np.nan], nan_ok=True)
    assert (found["path_ep_distance_km"][0], found["path_hyp_distance_km"][0]) == (1, 3)
    assert (found["path_p_travel_s"][0], found["path_s_travel_s"][0]) == (5, 7)


def test_times_are_written_to_the_millisecond():
    times = np.array(["2020-01-02T03:04:05.678", "NaT"], "datetime64[ms]")
    assert metadata._iso(times).tolist() == ["2020-01-02T03:04:05.678Z", None]


def test_splits_stay_what_they_were():
    """Keys by hand: seed 2^32 + block 2^22 + event, and 2^20 more for noise records, which count on their own."""
    rows = table(is_event=[True, False, True, False], event=[7, 0, 255, 0], candidate=[0, 9, 1, 255],
                 block=[0, 0, 3, 3])
    keys = [5 * 2**32 + 7, 5 * 2**32 + 1_048_576 + 9, 5 * 2**32 + 3 * 4_194_304 + 255,
            5 * 2**32 + 3 * 4_194_304 + 1_048_576 + 255]
    assert metadata.splits(rows, 5).tolist() == metadata._share_out(np.array(keys, np.uint64)).tolist()
    identities = metadata._identity(np.array([0, 3]), np.array([7, 2**20 + 255]))
    assert identities.tolist() == [7, 3 * 4_194_304 + 1_048_576 + 255]
    position = {}
    for seed in range(64):  # many seeds: one key off by little is another split in some of them
        expected = np.array([seed * 2**32 + 2**20 + 9], np.uint64)
        position[seed] = metadata._share_out(expected)[0]
        assert metadata.splits(table(is_event=[False], event=[0], candidate=[9], block=[0]), seed)[0] == position[seed]
    assert set(position.values()) == {"train", "dev", "test"}


def test_stations_keep_their_split():
    stations = np.arange(60)
    expected = metadata._share_out(2**63 + stations.astype(np.uint64))
    assert metadata.station_splits({"station": stations}).tolist() == expected.tolist()
