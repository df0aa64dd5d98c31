"""The pages about continuous picking: a small archive through the whole road, and sentences that follow the numbers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from obspy import UTCDateTime

from quakebook.picking import figures
from quakebook.picking.continuous import table
from quakebook.picking.pages import archive as archives
from quakebook.picking.pages import continuous_picking as page
from quakebook.picking.pages import real_records, sentences

SIZES = dict(archives.SIZES)


def test_stations_and_hours_of_the_presets():
    assert SIZES == {"smoke": (8, 1), "quick": (14, 1), "paper": (30, 6)}
    assert (archives.EVENTS_PER_HOUR, archives.SMALLEST_MAGNITUDE) == (20.0, 2.0)


@pytest.fixture(scope="module")
def archive():
    monkey = pytest.MonkeyPatch()
    monkey.setitem(archives.SIZES, "smoke", (7, 1))
    yield archives.archive("smoke", seed=7)
    monkey.undo()


@pytest.fixture(scope="module")
def exact(archive):
    """Picks exactly at the listed arrivals, as from a perfect picker."""
    rows = archive.arrivals
    filled = {name: rows["time"] if kind.startswith("date") else 0.5 for name, kind in table.COLUMNS.items()}
    return pd.DataFrame(filled | {"trace_id": rows.trace_id, "channel": "HH", "phase": rows.phase}).astype(
        table.COLUMNS).sort_values("time", ignore_index=True)


def test_archive(archive):
    assert len(archive.streams) == 7 and archive.station_days == pytest.approx(7 / 24)
    assert {trace.stats.npts for stream in archive.streams.values() for trace in stream} == {360_000}
    seen = archive.arrivals.groupby("event").trace_id.nunique()
    assert (archive.catalogue.stations.iloc[seen.index].to_numpy() == seen.to_numpy()).all()
    late = archive.arrivals.merge(archive.catalogue, left_on="event", right_index=True)
    travel = (late.time_x - late.time_y).dt.total_seconds()
    assert travel.between(-1, 70).all()


def test_a_perfect_picker_finds_every_arrival_and_most_events(archive, exact):
    scores = page.against_arrivals(exact, archive.arrivals)
    assert (scores["found"] == scores["arrivals"]).all() and (scores["other picks"] == 0).all()
    assert page.arrivals_table(scores).iloc[0]["found within 0.5 s"].endswith("(100 %)")
    assert page.found_arrivals(exact, archive.arrivals) == set(archive.arrivals.index)
    early = archive.arrivals["time"] < archive.arrivals["time"].median()
    some = page.found_arrivals(exact[exact.time < archive.arrivals["time"].median()], archive.arrivals)
    assert some == set(archive.arrivals.index[early]) and 0 < len(some) < len(exact)
    shifted = exact.assign(time=exact.time + pd.Timedelta("100ms"))
    assert page.against_arrivals(shifted, archive.arrivals)["median_s"].tolist() == pytest.approx([0.1, 0.1], abs=1e-3)
    pytest.importorskip("pyocto")
    located = page.locate(exact, archive)
    cells = page.located_table(located, archive).set_index("")["PyOcto on these picks"]
    assert int(cells["of these found (recall)"].split()[0]) >= 0.7 * (archive.catalogue.stations >= 5).sum() > 5
    text = sentences.first_sentence(located, 9, page.Picked(exact, 10.0, archive.station_days))
    assert f"Out of {len(exact)} picks" in text and "synthetic" in text
    section, plan = figures.record_section(archive, exact, located), figures.event_map(archive, located)
    assert "km" in section.axes[0].get_ylabel() and len(section.axes[0].lines) >= 15
    assert len(plan.axes[0].collections[0].get_offsets()) == len(archive.catalogue)


def test_gains_are_drawn_as_they_are():
    ours, theirs = figures.resampler_gains().axes[0].lines[:2]
    at = np.argmin(np.abs(ours.get_xdata() - 10))
    assert ours.get_ydata()[at] == pytest.approx(1, abs=0.01) and theirs.get_ydata()[at] == pytest.approx(0.5, abs=0.03)


def rows(ours: int, theirs: int, alone: tuple[int, int]) -> pd.DataFrame:
    counts = {f"{phase} {name}": [9, ours, theirs] for phase in "PS" for name in ("arrivals", "found", "other picks")}
    return pd.DataFrame({"data": ["a", "b", "c"], "alone": [0, *alone], **counts})


def test_sentences_follow_the_numbers():
    costs = sentences.resampling_sentence(rows(9, 6, (6, 0)))  # 2 / 2^6 = 3 %
    assert "costs picks" in costs and "18 of the arrivals" in costs and "12 after SeisBench's (6 and 0 of" in costs
    assert "undecided" in sentences.resampling_sentence(rows(9, 7, (5, 0)))  # 2 / 2^5 = 6 %
    assert "undecided" in sentences.resampling_sentence(rows(9, 7, (9, 5)))
    assert "undecided" in sentences.resampling_sentence(rows(8, 8, (0, 0)))
    assert "does good" in sentences.resampling_sentence(rows(6, 9, (0, 6)))
    assert sentences.parts_sentence({"whole": 5, "halves": 0, "ten-minute pieces": 0}).startswith("The 5 picks")
    assert "2 differ for halves" in sentences.parts_sentence({"whole": 5, "halves": 2, "ten-minute pieces": 0})
    slow, quick = (page.Picked(table.empty(), seconds, 1.0) for seconds in (10.0, 0.05))
    assert "quoted as it stands" in sentences.public_sentence(slow) and "Ratio 1.5" in sentences.public_sentence(quick)
    cells = sentences.plan_table(page.Picked(table.empty(), 3.6, 1.0)).set_index("1,000 stations, one year")["needs"]
    assert cells["chunks (one station and day each)"] == "365,000"
    assert cells["processor, at the speed of this page"].startswith("365 core hours")
    # 365,000 station-days of 3 x 100 x 86,400 samples; 1.5 bytes each; 34 s for a thousand of them
    assert cells["data at 100 Hz, three components"] == "14.2 TB"
    assert cells["one GPU at 20 station-days/s"] == "5.1 h, reading 0.8 GB/s"
    assert cells["public figure for the same work"] == "3.4 processor hours"
    three = page.Picked(pd.DataFrame({"phase": list("PSP")}), 36.0, 0.5)
    cells = sentences.plan_table(three, 10.0).set_index("1,000 stations, one year")["needs"]
    assert cells["processor, at the speed of this page"] == "7,300 core hours; 7.3 h on 1,000 cores"
    assert cells["one GPU at 10 station-days/s"] == "10.1 h, reading 0.4 GB/s"
    assert cells["picks at the rate of this archive"] == "2 million, 0.1 GB as Parquet"


def picks(*entries: tuple[str, float]) -> pd.DataFrame:
    return pd.DataFrame({"trace_id": [name for name, _ in entries], "phase": "P",
                         "time": [pd.Timestamp(second, unit="s") for _, second in entries]})


def test_coincidences_by_hand():
    three = picks(("A", 10), ("B", 11), ("C", 12), ("A", 50), ("A", 51), ("B", 52), ("A", 80), ("B", 82), ("C", 84))
    assert real_records.coincidences(three) == [UTCDateTime(10)]
    assert real_records.coincidences(picks()) == []


def test_real_records_of_obspy():
    stream = real_records.records()
    assert len({trace.stats.station for trace in stream}) == 4
    assert {trace.stats.sampling_rate for trace in stream} == {50.0, 100.0}
    events = real_records.by_sta_lta(stream)
    assert str(events[0])[11:19] == "16:24:33" and len(events) >= 3  # the first event of ObsPy's tutorial


def test_numbers_for_the_claims_by_hand():
    located = SimpleNamespace(matches=pd.DataFrame({"catalogue": [0, 2], "epicentre_km": [1.0, 3.0]}))
    known = SimpleNamespace(catalogue=pd.DataFrame({"stations": [6, 6, 4, 7]}))
    numbers = page.metrics(located, known, {"whole": 10, "halves": 1, "pieces": 2})
    assert numbers == {"continuous.recall": pytest.approx(1 / 3), "continuous.epicentre_km": 2.0,
                       "continuous.parts_differ": 3.0}
    nothing = SimpleNamespace(matches=located.matches.iloc[:0])
    assert np.isnan(page.metrics(nothing, known, {"whole": 0})["continuous.epicentre_km"])


def test_events_on_which_all_ways_agree():
    table = pd.DataFrame({"Time (UTC)": ["a", "b"], "STA/LTA of ObsPy": ["yes", "–"], "BCE": ["yes", "yes"]})
    assert real_records.metrics(table) == {"real.events": 2.0, "real.agreed": 1.0}


def annotation(*rows):
    return SimpleNamespace(picks=pd.DataFrame(
        {"trace_id": [row[0] for row in rows], "phase": [row[1] for row in rows],
         "time": [pd.Timestamp(row[2], unit="s") for row in rows], "snr_db": [row[3] for row in rows]}))


def test_events_of_every_way_are_put_together_within_five_seconds(monkeypatch):
    """STA/LTA at 10 and 100 s; picks at 14 s belong to the first (4 s), at 106 s to a third (6 s)."""
    monkeypatch.setattr(real_records, "by_sta_lta", lambda stream: [UTCDateTime(10), UTCDateTime(100)])
    near = annotation(*[(name, "P", at, 1.0) for at in (14, 106) for name in "ABC"])
    table = real_records.event_table({"BCE": near, "hybrid": annotation()}, None)
    assert table["Time (UTC)"].tolist() == ["00:00:10", "00:01:40", "00:01:46"]
    assert table["STA/LTA of ObsPy"].tolist() == ["yes", "yes", "–"]
    assert table["BCE"].tolist() == ["yes", "–", "yes"] and table["hybrid"].tolist() == ["–"] * 3
    assert real_records.first_sentence(table).startswith(
        "Events at three stations or more: STA/LTA of ObsPy 2, BCE 2, hybrid 0; all agree on 0.")
    assert "BCE 2; all agree on 1." in real_records.first_sentence(table.drop(columns="hybrid"))


def test_picks_are_counted_for_each_resampler(monkeypatch):
    def annotate(model, stream, **wishes):
        assert wishes == {"resample": "seisbench", "windows": "clock", "probabilities": False, "P_threshold": 0.3,
                          "S_threshold": 0.3}
        return annotation(("A", "P", 1, 0.0), ("A", "P", 2, 0.0), ("A", "S", 3, 0.0))

    monkeypatch.setattr(real_records, "annotate", annotate)
    ours = annotation(("A", "P", 1, 4.0), ("B", "S", 2, 99.0), ("A", "P", 9, 7.0), ("A", "P", 12, 20.0))
    row = real_records.pick_table({"BCE": "model"}, {"BCE": ours}, None).iloc[0]
    assert row.to_dict() == {"Picker": "BCE", "P, band-limited": "3", "P, as SeisBench": "2", "S, band-limited": "1",
                             "S, as SeisBench": "1", "median SNR of P (dB)": "7.0"}


def test_coincidences_are_three_stations_within_three_seconds():
    assert real_records.coincidences(picks(("A", 10), ("B", 13), ("C", 13))) == [UTCDateTime(10)]
    assert real_records.coincidences(picks(("A", 10), ("B", 13.1), ("C", 13.1))) == []
    assert real_records.coincidences(picks(("A", 10), ("A", 11), ("B", 12))) == []
    twice = [(name, at) for at in (10, 13.5) for name in "ABC"]
    assert real_records.coincidences(picks(*twice)) == [UTCDateTime(10), UTCDateTime(13.5)]


def small_archive(rate_hz=100.0, seconds=1500.0):
    import obspy

    streams = {}
    for name in "ABCDEFGH":
        header = {"network": "XX", "station": name, "channel": "HHZ", "sampling_rate": rate_hz,
                  "starttime": UTCDateTime(0)}
        streams[f"XX.{name}."] = obspy.Stream([obspy.Trace(np.zeros(int(seconds * rate_hz) + 1), header)])
    arrivals = pd.DataFrame({"trace_id": ["XX.A.", "XX.H."], "phase": ["P", "P"],
                             "time": pd.to_datetime([100.0, 100.0], unit="s")})
    return SimpleNamespace(streams=streams, inventory="inventory", station_days=2.5, arrivals=arrivals)


def test_picking_an_archive_costs_processor_seconds_a_station_day(monkeypatch):
    clock = iter((3.0, 8.0))
    monkeypatch.setattr(page, "annotate_each", lambda model, streams, **wishes: [
        SimpleNamespace(picks=table.empty()) for _ in streams] if wishes == {
            "inventory": "inventory", "P_threshold": 0.3, "S_threshold": 0.2} else pytest.fail(str(wishes)))
    monkeypatch.setattr(page, "time", SimpleNamespace(process_time=lambda: next(clock)))
    found = page.pick(small_archive(), "model")
    assert found.seconds == 5.0 and found.seconds_per_station_day == 2.0 and len(found.picks) == 0


def test_resamplers_are_tried_on_six_stations_at_40_hz(monkeypatch):
    seen = []

    def annotate_each(model, streams, **wishes):
        streams = list(streams)
        seen.append((len(streams), streams[0][0].stats.sampling_rate, wishes["resample"], wishes["windows"]))
        row = dict.fromkeys(table.COLUMNS, 0) | {"trace_id": "XX.A.", "phase": "P", "channel": "HH"}
        times = ([100.4], [100.4, 200.0], [200.0])[len(seen) - 1]  # the third misses what the second finds
        frame = pd.DataFrame([row | {"time": pd.Timestamp(at, unit="s")} for at in times])
        return [SimpleNamespace(picks=frame.assign(start_time=frame.time, end_time=frame.time).astype(table.COLUMNS))]

    monkeypatch.setattr(page, "annotate_each", annotate_each)
    rows = page.resampled(small_archive(), "model")
    assert seen == [(6, 100.0, "correct", "clock"), (6, 40.0, "correct", "clock"), (6, 40.0, "seisbench", "clock")]
    assert rows["P arrivals"].tolist() == [1, 1, 1] and rows["P found"].tolist() == [1, 1, 0]  # H is no tried station
    assert rows["alone"].tolist() == [0, 1, 0]
    assert rows["P other picks"].tolist() == [0, 1, 1] and rows["S found"].tolist() == [0, 0, 0]
    cells = page.resampled_table(rows)
    assert cells["P picks"].tolist() == ["1", "2", "1"]
    assert cells["P arrivals found"].tolist() == ["1 of 1", "1 of 1", "0 of 1"]


def test_parts_reach_ninety_seconds_beyond_what_they_own(monkeypatch):
    """25 minutes: picks at 700 and 800 s; the part that owns 700 to 900 s loses one, the halves neither."""
    seen = []

    def annotate(model, stream, probabilities, **wishes):
        begin, end = (getattr(stream[0].stats, name).timestamp for name in ("starttime", "endtime"))
        seen.append((begin, end))
        times = [at for at in (700.0, 800.0) if begin <= at <= end and not (begin == 510.0 and at == 800.0)]
        row = dict.fromkeys(table.COLUMNS, 0) | {"trace_id": "XX.A.", "phase": "P", "channel": "HH"}
        frame = pd.DataFrame([row | {"time": pd.Timestamp(at, unit="s")} for at in times])
        frame = frame if times else table.empty()
        return SimpleNamespace(picks=frame.assign(start_time=frame.time, end_time=frame.time).astype(table.COLUMNS))

    monkeypatch.setattr(page, "annotate", annotate)
    counts = page.parts_of(small_archive(10.0), "model")
    assert counts == {"whole": 2, "halves": 0, "ten-minute pieces": 1}
    assert seen == [(0, 1500), (0, 840), (660, 1500), (0, 690), (510, 1290), (1110, 1500)]


def test_cells_of_the_tables_of_a_page():
    scores = pd.DataFrame({"phase": ["P"], "arrivals": [8], "found": [6], "other picks": [3], "median_s": [0.0121],
                           "spread_s": [0.25]})
    cells = page.arrivals_table(scores).iloc[0].tolist()
    assert cells == ["P", "8", "6 (75 %)", "3", "+0.012", "0.250"]
    matches = pd.DataFrame({"catalogue": [0, 2], "epicentre_km": [1.0, 3.0], "depth_km": [-2.0, 1.0],
                            "time_s": [0.5, -0.1]})
    located = SimpleNamespace(matches=matches, result=SimpleNamespace(events=pd.DataFrame({"x": range(5)})))
    known = SimpleNamespace(catalogue=pd.DataFrame({"stations": [5, 6, 4, 7]}))
    cells = page.located_table(located, known)["PyOcto on these picks"].tolist()
    assert cells == ["3 of 4", "1 (33 %)", "5", "3", "2.00 km (90 %: 2.80 km)", "1.50 km (90 %: 1.90 km)",
                     "0.30 s (90 %: 0.46 s)"]


def test_the_plan_by_hand():
    """400 picks and 4 s of two station-days; 365 000 of them hold 25.92 million samples each."""
    cells = sentences.plan_table(page.Picked(pd.DataFrame(index=range(400)), 4.0, 2.0))
    assert cells["1,000 stations, one year"][3] == "one GPU at 20 station-days/s"
    assert cells["needs"].tolist() == [
        "365,000", "14.2 TB", "203 core hours; 0.2 h on 1,000 cores", "5.1 h, reading 0.8 GB/s",
        "73 million, 4.4 GB as Parquet", "3.4 processor hours"]


@pytest.mark.parametrize(("seconds", "words"), [(0.68, " Ratio 20.0."), (0.7, "by a factor of 21, more than")])
def test_a_factor_of_twenty_is_more_than_processors_differ(seconds, words):
    """The public figure is 34 s for a thousand station-days."""
    assert words in sentences.public_sentence(page.Picked(table.empty(), seconds, 1.0))


@pytest.mark.parametrize(("late_s", "found"), [(0.5, 1), (-0.5, 1), (0.501, 0), (-0.501, 0)])
def test_half_a_second_is_near(late_s, found):
    true = pd.DataFrame({"trace_id": "XX.A.", "phase": "P", "time": pd.to_datetime(["2024-01-01T00:00:10"])})
    made = true.assign(time=true["time"] + pd.Timedelta(seconds=late_s))
    row = page.against_arrivals(made, true).set_index("phase").loc["P"]
    assert (row["arrivals"], row["found"], row["other picks"]) == (1, found, 1 - found)


def test_residuals_are_medians():
    """0.1, 0.2 and 0.45 s late: a median of 0.2, from which half of them lie at most 0.1 away."""
    true = pd.DataFrame({"trace_id": "XX.A.", "phase": "S", "time": pd.to_datetime(["2024-01-01T00:00:10"] * 3)
                         + pd.to_timedelta([0, 20, 40], unit="s")})
    made = true.assign(time=true["time"] + pd.to_timedelta([0.1, 0.2, 0.45], unit="s"))
    row = page.against_arrivals(made, true).set_index("phase").loc["S"]
    assert (row["median_s"], row["spread_s"]) == (pytest.approx(0.2), pytest.approx(0.1))


def test_arrivals_inside_the_hour_by_hand():
    """P at 0, 12.5 and 3600 s of the second hour, S missing, at 15 and before the hour."""
    part = SimpleNamespace(station="S001", start=np.datetime64("2024-01-01T01:00:00", "ms"), arrivals=pd.DataFrame(
        {"event": [4, 5, 6], "p_s": [0.0, 12.5, 3600.0], "s_s": [np.nan, 15.0, -0.5]}))
    rows = archives._arrivals(part)
    assert rows[["phase", "event"]].to_numpy().tolist() == [["P", 4], ["P", 5], ["S", 5]]
    assert [str(time)[11:21] for time in rows["time"]] == ["01:00:00", "01:00:12.5", "01:00:15"]
    assert set(rows["trace_id"]) == {"SY.S001."}


def test_wishes_of_the_association_that_were_chosen(monkeypatch):
    """Speeds of the synthetic crust near its sources; five picks, three of them P, within a minute and 30 km depth."""
    association = pytest.importorskip("quakebook.picking.association", reason="needs PyOcto")
    asked = {}
    monkeypatch.setattr(association, "stations_of", lambda inventory: "stations")
    monkeypatch.setattr(association, "homogeneous", lambda *speeds: speeds)
    monkeypatch.setattr(association, "associate", lambda *words, **more: asked.update(more, words=words)
                        or SimpleNamespace(events="events"))
    monkeypatch.setattr(association, "compare", lambda events, catalogue: (events, catalogue))
    located = page.locate("picks", SimpleNamespace(inventory=None, catalogue="catalogue"))
    assert located.matches == ("events", "catalogue")
    assert asked == {"words": ("picks", "stations", (5.9, 3.41, 1.5)), "depth_km": (0, 30), "longest_s": 60.0,
                     "margin_deg": 0.6, "n_picks": 5, "n_p_picks": 3, "n_s_picks": 0, "n_p_and_s_picks": 0}
    assert pytest.approx(5.9 / 3.41, abs=0.001) == 1.73 and (page.NEAR_S, page.TRIED) == (0.5, 6)
    assert page.THRESHOLDS == {"P_threshold": 0.3, "S_threshold": 0.2}


@pytest.mark.parametrize(("apart_s", "events"), [(5.0, 1), (5.001, 2)])
def test_five_seconds_apart_is_one_event(monkeypatch, apart_s, events):
    monkeypatch.setattr(real_records, "by_sta_lta", lambda stream: [UTCDateTime(100)])
    near = annotation(*[(name, "P", 100 + apart_s, 1.0) for name in "ABC"])
    table = real_records.event_table({"BCE": near}, None)
    assert len(table) == events and real_records.metrics(table)["real.agreed"] == (events == 1)


def test_settings_of_the_coincidence_trigger_are_those_of_its_tutorial(monkeypatch):
    """Recursive STA/LTA of 0.5 and 10 s, on at 3.5, off at 1, three stations, 10 to 20 Hz, vertical records only."""
    import obspy

    asked = {}
    monkeypatch.setattr(obspy.Stream, "filter", lambda self, kind, **band: asked.update(kind=kind, **band) or self)
    monkeypatch.setattr(real_records, "coincidence_trigger", lambda *words, **more: asked.update(
        more, words=words[:3], stations=words[4], records=[trace.id for trace in words[3]]) or [{"time": 7}])
    made = small_archive(10.0, 2.0).streams["XX.A."]
    other = made[0].copy()
    other.stats.channel = "HHN"
    assert real_records.by_sta_lta(obspy.Stream([made[0], other])) == [7]
    assert asked == {"kind": "bandpass", "freqmin": 10, "freqmax": 20, "words": ("recstalta", 3.5, 1), "stations": 3,
                     "records": ["XX.A..HHZ"], "sta": 0.5, "lta": 10}


def test_an_event_lasts_three_seconds():
    """A second one may begin a hair more than three seconds after the first, and not with its last pick."""
    def at(*seconds):
        return picks(*[(name, second) for second in seconds for name in "ABC"])

    assert real_records.coincidences(at(10, 13)) == [UTCDateTime(10)]
    assert real_records.coincidences(at(10, 13.01)) == [UTCDateTime(10), UTCDateTime(13.01)]
    assert (real_records.STATIONS, real_records.WITHIN_S) == (3, 3.0)


def test_the_seed_and_size_of_the_archive_unless_told():
    import inspect

    assert {name: p.default for name, p in inspect.signature(archives.archive).parameters.items()} == {
        "preset": "quick", "seed": 7}


def test_hours_are_joined_in_counts_at_100_hz():
    parts = [SimpleNamespace(counts=np.full((3, 4), k) + np.arange(3)[:, None] * 10, station="S001", channel="HH",
                             start=np.datetime64(f"2024-01-01T0{k}:00:00")) for k in (0, 1)]
    stream = archives._stream(parts)
    assert [trace.id for trace in stream] == ["SY.S001..HHZ", "SY.S001..HHN", "SY.S001..HHE"]
    assert stream[1].data.tolist() == [10] * 4 + [11] * 4
    assert stream[0].stats.sampling_rate == 100.0 and str(stream[0].stats.starttime)[:19] == "2024-01-01T00:00:00"


def test_scores_of_nothing_found():
    true = pd.DataFrame({"trace_id": ["XX.A."], "phase": ["P"], "time": pd.to_datetime(["2024-01-01T00:00:10"])})
    rows = page.against_arrivals(true.iloc[:0], true).set_index("phase")
    assert rows.loc["P", ["arrivals", "found", "other picks"]].tolist() == [1, 0, 0]
    assert np.isnan(rows.loc["P", "spread_s"])
    assert page.arrivals_table(rows.reset_index())["found within 0.5 s"].tolist() == ["0 (0 %)", "0 (0 %)"]
