"""Windows of the synthetic archive: the planted faults, the alignment, the facts."""

import shutil
from collections import Counter

import numpy as np
import obspy
import pytest

from quakebook.data.archive import DamagedError, Processing, WindowMaker, open_store, station_days


def day_of(days, code, date):
    return next(day for day in days if (day.code, day.date) == (code, date))


def test_planted_faults_are_counted(days, maker):
    results = {(day.code, day.date): maker(day) for day in days}
    assert results["AZ.GPB00.10.HH", "2023-03-01"].rejected == Counter(missing=11)
    gap = results["CI.GPA00..HH", "2023-03-02"]
    assert gap.rejected["gap"] >= 2 and len(gap.waveforms) > 0
    clipped = results["CI.GPA01.00.BH", "2023-03-02"]
    assert clipped.rejected["clip"] >= 3
    for day in days:
        result = results[day.code, day.date]
        candidates = int((day.seconds + 0.03 - 30.0) // 15.0) + 1
        assert len(result.waveforms) + sum(result.rejected.values()) == candidates
        assert len(result.facts) == len(result.start_ns) == len(result.waveforms)
        assert np.isfinite(result.waveforms).all() and not result.damaged


def test_a_window_holds_what_was_recorded_at_its_time(days, maker, folder):
    day = day_of(days, "CI.GPA00..HH", "2023-03-01")
    result = WindowMaker(maker.store, Processing(band_hz=None))(day)
    trace = obspy.read(str(next(folder.rglob("CIGPA00HHN*2023060.ms"))))[0]
    first = round((int(result.start_ns[2]) - trace.stats.starttime.ns) * 1e-7)
    recorded = trace.data[first : first + 3000].astype(float)
    recorded -= np.polyval(np.polyfit(np.arange(3000), recorded, 1), np.arange(3000))
    found = result.waveforms[2, 1] - np.polyval(np.polyfit(np.arange(3000), result.waveforms[2, 1], 1), np.arange(3000))
    np.testing.assert_allclose(found, recorded, atol=0.01 * recorded.std())


def test_facts(days, maker):
    result = maker(day_of(days, "CI.GPA00..HH", "2023-03-02"))
    fact = result.facts[0]
    assert (fact["network"], fact["station"], fact["location"], fact["channel"]) == ("CI", "GPA00", "", "HH")
    assert fact["gain"] == pytest.approx(2 * 1500.0 * 629_145.0)  # the second epoch
    assert fact["latitude"] == 34.52 and fact["sample_rate"] == 100.0 and fact["start_ns"] == result.start_ns[0]
    assert 10 ** fact["log_rms_n"] == pytest.approx(result.waveforms[0, 1].std(), rel=1e-5)
    assert fact["present_z"] == fact["present_n"] == fact["present_e"] == 1
    assert np.abs(result.waveforms.mean(axis=2)).max() < 1e-3 * result.waveforms.std()


def test_two_components_are_enough_where_asked(days, maker):
    settings = Processing(require=2)
    result = WindowMaker(maker.store, settings)(day_of(days, "AZ.GPB00.10.HH", "2023-03-01"))
    assert len(result.waveforms) > 5 and (result.waveforms[:, 2] == 0).all()
    assert result.facts[0]["present_e"] == 0 and np.isnan(result.facts[0]["log_rms_e"])
    assert np.isnan(result.facts[0]["latitude"])  # no station table was given


def test_components_that_begin_at_different_times_are_aligned(tmp_path):
    rate, truth = 100.0, lambda t: 1e4 * np.sin(2 * np.pi * 2.0 * t) * (1 + 0.5 * np.sin(2 * np.pi * 0.05 * t))
    start = obspy.UTCDateTime(2023, 3, 1, 6)
    for letter, late in (("Z", 0.0), ("N", 0.004), ("E", 0.87)):
        time = late + np.arange(int(200 * rate)) / rate
        trace = obspy.Trace(np.round(truth(time)).astype(np.int32), {
            "network": "CI", "station": "A", "channel": f"HH{letter}", "sampling_rate": rate,
            "starttime": start + late})
        trace.write(str(tmp_path / f"{letter}.mseed"), format="MSEED", encoding="STEIM2", reclen=512)
    from quakebook.data.archive import build_manifest, read_manifest

    build_manifest(open_store(tmp_path), tmp_path / "m.parquet")
    day, = station_days(read_manifest(tmp_path / "m.parquet"))
    result = WindowMaker(open_store(tmp_path), Processing(overlap=0.0))(day)
    assert len(result.waveforms) == 5
    assert (result.start_ns % (30 * 10**9) == 0).all()
    for waveform in result.waveforms:
        np.testing.assert_allclose(waveform[1], waveform[0], atol=1e4 * 1.5 * 2 * np.pi * 2 * 0.005)
        np.testing.assert_allclose(waveform[2], waveform[0], atol=1e4 * 0.02)


def test_damaged_objects_stop_the_work_or_are_named(folder, manifest, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    file = next(copy.rglob("CIGPA00HHE*2023060.ms"))
    file.write_bytes(file.read_bytes()[:-512])
    day = day_of(station_days(manifest), "CI.GPA00..HH", "2023-03-01")
    with pytest.raises(DamagedError, match=rf"{file.name} holds .* It was cut off"):
        WindowMaker(open_store(copy), Processing())(day)
    result = WindowMaker(open_store(copy), Processing(), damaged="count")(day)
    assert len(result.damaged) == 1 and file.name in result.damaged[0]
    assert result.rejected == Counter(missing=11) and len(result.waveforms) == 0


def test_a_channel_with_too_many_gaps_is_left_out(days, maker):
    day = day_of(days, "CI.GPA00..HH", "2023-03-02")
    result = WindowMaker(maker.store, Processing(max_gap_fraction=0.02))(day)  # 4 of 180 s are missing
    assert len(result.waveforms) == 0 and result.rejected == Counter(gap=11)
