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


def rows(ours: int, theirs: int) -> pd.DataFrame:
    return pd.DataFrame({"data": ["a", "b", "c"], **{f"{phase} {name}": [9, ours, theirs] for phase in "PS"
                                                     for name in ("arrivals", "found", "other picks")}})


def test_sentences_follow_the_numbers():
    assert "costs picks" in sentences.resampling_sentence(rows(8, 7))
    assert "same number" in sentences.resampling_sentence(rows(8, 8))
    assert "does no harm" in sentences.resampling_sentence(rows(7, 8))
    assert sentences.parts_sentence({"whole": 5, "halves": 0, "ten-minute pieces": 0}).startswith("The 5 picks")
    assert "2 differ for halves" in sentences.parts_sentence({"whole": 5, "halves": 2, "ten-minute pieces": 0})
    slow, quick = (page.Picked(table.empty(), seconds, 1.0) for seconds in (10.0, 0.05))
    assert "quoted as it stands" in sentences.public_sentence(slow) and "Ratio 1.5" in sentences.public_sentence(quick)
    cells = sentences.plan_table(page.Picked(table.empty(), 3.6, 1.0)).set_index("1,000 stations, one year")["needs"]
    assert cells["chunks (one station and day each)"] == "365,000"
    assert cells["processor, at the speed of this page"].startswith("365 core hours")
    assert cells["one GPU at 20 station-days/s"].startswith("5.1 h")


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
