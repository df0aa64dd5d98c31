"""Planted faults and picks of the synthetic archive, sample by sample, without writing a file."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from quakebook.data.archive.embedded import caldera, write
from quakebook.data.archive.embedded.presets import CALDERA, SITES, START, Preset

SITE = replace(SITES[3], rate_hz=10.0, faults=())
SIZE = Preset(1, 3, 300.0, 0, 0, 1, 20.0)


@pytest.fixture
def written(monkeypatch):
    """Pieces by component and day of what would be written."""
    out = {}
    monkeypatch.setattr(write, "write_channel", lambda place, site, component, start, pieces: out.setdefault(
        (component, int((start - START) / np.timedelta64(1, "D"))), pieces) and f"{component}.ms")
    return out


def counts():
    """3000 samples a component, odd numbers of both signs."""
    return np.arange(9000, dtype=np.int32).reshape(3, 3000) * 2 - 4001


def test_a_gap_of_four_seconds_at_two_fifths_of_the_last_day(written):
    site = replace(SITE, faults=("gap",))
    for day in range(3):
        write._write_day(None, site, day, counts(), SIZE)
    for component, whole in zip("ZNE", counts(), strict=True):
        assert [len(written[component, day]) for day in range(3)] == [1, 1, 2]
        (first, before), (second, after) = written[component, 2]
        assert (first, second, len(before)) == (0, 1240, 1200)
        assert np.array_equal(before, whole[:1200]) and np.array_equal(after, whole[1240:])


def test_a_clipped_minute_from_a_third_of_the_second_day_on(written):
    """At one and a half medians of the absolute values of that minute."""
    site = replace(SITE, faults=("clip",))
    for day in range(3):
        write._write_day(None, site, day, counts(), SIZE)
    for component, whole in zip("ZNE", counts(), strict=True):
        for day in (0, 2):
            assert np.array_equal(written[component, day][0][1], whole)
        found = written[component, 1][0][1]
        limit = int(1.5 * np.median(np.abs(whole[1000:1600].astype(float))))
        assert np.array_equal(found[1000:1600], np.clip(whole[1000:1600], -limit, limit))
        assert np.array_equal(found[:1000], whole[:1000]) and np.array_equal(found[1600:], whole[1600:])


def test_a_silent_minute_keeps_a_limit_of_one_count(written):
    still = np.zeros((3, 3000), np.int32)
    still[:, 1200] = 7
    write._write_day(None, replace(SITE, faults=("clip",)), 1, still, SIZE)
    assert written["Z", 1][0][1][1200] == 1


def test_east_is_missing_on_the_first_day(written):
    site = replace(SITE, faults=("missing",))
    for day in range(2):
        assert len(write._write_day(None, site, day, counts(), SIZE)) == 2 + day
    assert set(written) == {("Z", 0), ("N", 0), ("Z", 1), ("N", 1), ("E", 1)}


@pytest.mark.parametrize(("hz", "inside"), [(5.0, True), (12.0, True), (0.7, False), (30.0, False)])
def test_ratios_are_those_of_two_seconds_from_2_to_18_hz(hz, inside):
    """Waves of 10 and 100 times the noise: 20 and 40 dB, P on Z and S on N; E, louder still, counts for nothing."""
    site = replace(SITE, rate_hz=100.0)
    time = np.arange(6000) / 100
    quiet = np.sin(2 * np.pi * 5.0 * time)
    wave = np.sin(2 * np.pi * hz * time)
    background, shaking = np.stack([quiet, quiet, 1e3 * quiet]), np.zeros((3, 6000))
    shaking[0], shaking[1], shaking[2] = 10 * wave, 100 * wave, 1e4 * wave
    shaking[0, 3600:], shaking[1, :3600] = 0, 0
    rows = write._picks(background, shaking, [(7, {"P": 20.0, "S": 40.0})], site, 1)
    assert [row[:4] for row in rows] == [(7, site.network, site.station, phase) for phase in "PS"]
    midnight = pd.Timestamp("2023-03-02", tz="UTC")
    assert [(row[4] - midnight).total_seconds() for row in rows] == [20.0, 40.0]
    found = [row[5] for row in rows]
    if inside:
        assert found == pytest.approx([20, 40], abs=1.5)
    else:
        assert max(found[0], found[1] - 20) < 8


def test_what_comes_after_two_seconds_does_not_count():
    site, time = replace(SITE, rate_hz=100.0), np.arange(6000) / 100
    wave = np.sin(2 * np.pi * 5.0 * time)
    background, shaking = np.stack([wave] * 3), np.stack([10 * wave] * 3)
    level = []
    for first in (2205, 2300):  # a twentieth and a second behind the end
        shaking[0, first:] = 300 * wave[first:]
        level.append(write._picks(background, shaking, [(1, {"P": 20.0, "S": 20.0})], site, 0)[0][5])
        shaking[0] = 10 * wave
    assert level[1] == pytest.approx(20, abs=0.2) and level[0] < 29
    shaking[0, 2150:] = 300 * wave[2150:]
    assert write._picks(background, shaking, [(1, {"P": 20.0, "S": 20.0})], site, 0)[0][5] > 38
    assert write._picks(background, shaking, [(1, {"P": 70.0, "S": 20.0})], site, 0)[0][3] == "S"  # P beyond the end


def test_a_caldera_of_more_than_a_day_is_written_day_by_day(tmp_path, written, monkeypatch):
    """Two days and a half at one sample in 36 s: 2400 a day, and the rest of the third day."""
    site = replace(CALDERA, rate_hz=1 / 36)
    seconds = 36 * 6000
    state = caldera.Cycles(np.linspace(0, 1, seconds), np.zeros(seconds, np.int64), np.arange(seconds, dtype=float),
                           np.full(seconds, 0.25), np.array([5.0, 90_000.0]))
    monkeypatch.setattr(write, "CALDERA", site)
    monkeypatch.setattr(caldera, "cycles", lambda preset, seed: state)
    monkeypatch.setattr(caldera, "shaking", lambda state, seed: np.zeros((3, 6000)))
    whole = np.arange(18_000, dtype=np.int32).reshape(3, 6000)
    monkeypatch.setattr(write, "to_counts", lambda velocity, site: whole)
    names = write._caldera(tmp_path, SIZE, 1)
    assert len(names) == 9 + 2 and set(written) == {(c, day) for c in "ZNE" for day in range(3)}
    for component, row in zip("ZNE", whole, strict=True):
        pieces = [written[component, day] for day in range(3)]
        assert [len(data) for ((first, data),) in pieces] == [2400, 2400, 1200]
        assert np.array_equal(np.concatenate([data for ((_, data),) in pieces]), row)
    table, failures = (pd.read_parquet(tmp_path / name) for name in (write.DISPLACEMENT, write.COLLAPSES))
    midnight = pd.Timestamp("2023-03-01", tz="UTC")
    assert (table["time"].iloc[-1] - midnight).total_seconds() == seconds - 1 and len(table) == seconds
    assert [(at - midnight).total_seconds() for at in failures["time"]] == [5.0, 90_000.0]
