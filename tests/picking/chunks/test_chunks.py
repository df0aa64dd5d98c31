"""Plans, claims, killed workers, several workers at once, and the summary."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time

import numpy as np
import pandas as pd
import pytest
from filelock import FileLock

from quakebook.picking.chunks import Chunk, Plan, collect, cut, missing, work
from quakebook.picking.chunks.files import read_picks
from quakebook.picking.chunks.plan import PlanError, from_requests
from quakebook.picking.chunks.summary import failures
from quakebook.picking.continuous import table


def manifest(days: int = 3, stations: tuple[str, ...] = ("A", "B")) -> pd.DataFrame:
    rows = []
    for station in stations:
        for day in range(days):
            begin = pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(days=day)
            rows += [{"key": f"{station}/{day}{c}.mseed", "bucket": "/data", "etag": f"{station}{day}{c}",
                      "network": "XX", "station": station, "location": "", "channel": f"HH{c}", "start_time": begin,
                      "end_time": begin + pd.Timedelta(days=1) - pd.Timedelta("10ms")} for c in "ZNE"]
    return pd.DataFrame(rows)


def picks_of(chunk: Chunk) -> pd.DataFrame:
    """A pick each hour, from one hour before to one hour after what the chunk owns."""
    times = pd.date_range(pd.Timestamp(chunk.begin) - pd.Timedelta(hours=1), pd.Timestamp(chunk.end), freq="h")
    out = pd.DataFrame({name: np.zeros(len(times)) for name in table.COLUMNS})
    return out.assign(trace_id=chunk.station + ".", channel="HH", phase="P", time=times, start_time=times,
                      end_time=times)[list(table.COLUMNS)]


def test_one_chunk_a_station_and_day_with_its_neighbours():
    plan = cut(manifest(), {"model": "m"})
    assert len(plan.chunks) == 6
    first, middle = plan.chunks[0], plan.chunks[2]
    assert (first.station, first.begin, first.end) == ("XX.A", "2024-01-01T00:00:00.000", "2024-01-02T00:00:00.000")
    assert [key for _, key, _ in first.objects] == ["A/0E.mseed", "A/0N.mseed", "A/0Z.mseed", "A/1E.mseed",
                                                     "A/1N.mseed", "A/1Z.mseed"]
    assert len(middle.objects) == 9 and middle.channels == ("XX.A..HHE", "XX.A..HHN", "XX.A..HHZ")


def test_chunks_own_every_moment_once():
    plan = cut(manifest(2, ("A",)), {}, hours=1 / 6)
    assert len(plan.chunks) == 288
    assert all(a.end == b.begin for a, b in zip(plan.chunks, plan.chunks[1:], strict=False))


def test_days_without_data_have_no_chunk():
    full = manifest(4, ("A",))
    assert len(cut(full[~full.key.str.startswith("A/2")], {}).chunks) == 3


def test_names_follow_content_and_settings_but_not_the_place():
    name = cut(manifest(1, ("A",)), {"model": 1}).chunks[0].name({"model": 1})
    moved = manifest(1, ("A",)).assign(bucket="s3://elsewhere")
    assert cut(moved, {}).chunks[0].name({"model": 1}) == name
    assert cut(moved, {}).chunks[0].name({"model": 2}) != name
    changed = manifest(1, ("A",))
    changed.loc[0, "etag"] = "new"
    assert cut(changed, {}).chunks[0].name({"model": 1}) != name
    assert name.startswith("XX.A_2024-01-01T00_")


def test_plan_to_disk_and_back(tmp_path):
    plan = cut(manifest(), {"model": "m", "options": {"P_threshold": 0.3}})
    plan.save(tmp_path)
    plan.save(tmp_path)
    assert Plan.load(tmp_path) == plan
    with pytest.raises(PlanError, match="the plan of another annotation"):
        cut(manifest(2), {"model": "m"}).save(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", '{"settings": {}, "chunks": [{"station": "A"}]}'])
def test_unreadable_plans(tmp_path, content):
    (tmp_path / "plan.json").write_text(content)
    with pytest.raises(PlanError, match=r"plan.json is not a readable plan"):
        Plan.load(tmp_path)
    with pytest.raises(PlanError, match="there is no plan"):
        Plan.load(tmp_path / "other")


def test_refused_manifests():
    with pytest.raises(PlanError, match="lacks the columns etag"):
        cut(manifest().drop(columns="etag"), {})
    with pytest.raises(PlanError, match="no rows"):
        cut(manifest().iloc[:0], {})
    with pytest.raises(PlanError, match="`hours`"):
        cut(manifest(), {}, hours=0)


def test_requests_of_a_service():
    plan = from_requests([("fdsn:ETH", "CH.DAVOX..HHZ", "2024-01-01", "2024-01-02T12:00:00")], {})
    assert [chunk.begin for chunk in plan.chunks] == ["2024-01-01T00:00:00.000", "2024-01-02T00:00:00.000"]
    assert plan.chunks[0].objects == (("fdsn:ETH", "CH.DAVOX..HHZ", ""),)


def test_picks_belong_to_one_chunk_and_the_summary_comes_last(tmp_path):
    cut(manifest(), {"model": "m"}).save(tmp_path)
    names = list(Plan.load(tmp_path).names())
    progress = work(tmp_path, lambda chunk: chunk, picks_of, names[:4])
    assert progress.done == names[:4] and missing(tmp_path) == names[4:]
    assert collect(tmp_path) is None and not (tmp_path / "summary.json").exists()
    progress = work(tmp_path, lambda chunk: chunk, picks_of)
    assert progress.present == names[:4] and progress.done == names[4:]
    summary = collect(tmp_path)
    assert summary == json.loads((tmp_path / "summary.json").read_text())
    assert summary["picks"] == {"P": 144} and summary["chunks"] == 6
    picks = read_picks(tmp_path / "picks.parquet")
    assert len(picks) == len(picks[["trace_id", "time"]].drop_duplicates()) == 144
    assert {name: str(kind) for name, kind in picks.dtypes.items()}["time"] == "datetime64[ns]"


def test_a_failure_is_told_and_tried_again(tmp_path):
    cut(manifest(1), {}).save(tmp_path)
    names = list(Plan.load(tmp_path).names())

    def broken(chunk: Chunk) -> Chunk:
        if chunk.station == "XX.A":
            raise ValueError("A/0Z.mseed is cut off\nmore")
        return chunk

    progress = work(tmp_path, broken, picks_of)
    assert progress.failed == {names[0]: "A/0Z.mseed is cut off"} == failures(tmp_path) and progress.done == names[1:]
    assert work(tmp_path, lambda chunk: chunk, picks_of).done == names[:1]
    assert failures(tmp_path) == {}


def test_a_claimed_chunk_is_left_alone(tmp_path):
    cut(manifest(1), {}).save(tmp_path)
    names = list(Plan.load(tmp_path).names())
    (tmp_path / "claims").mkdir()
    with FileLock(tmp_path / "claims" / f"{names[0]}.lock"):
        progress = work(tmp_path, lambda chunk: chunk, picks_of)
    assert progress.busy == names[:1] and progress.done == names[1:]
    with pytest.raises(ValueError, match="has no chunk 'nothing'"):
        work(tmp_path, lambda chunk: chunk, picks_of, ["nothing"])


def slow_worker(folder: str, pause_s: float) -> None:
    def run(chunk: Chunk) -> pd.DataFrame:
        with open(os.path.join(folder, "journal.txt"), "a") as file:
            file.write(chunk.name({}) + "\n")
        time.sleep(pause_s)
        return picks_of(chunk)

    work(folder, lambda chunk: chunk, run)


def worker_beside_another(folder: str, both, told) -> None:
    """Work that begins only when the other worker has a chunk in hand too; tells which chunks it ran, and how."""
    ran = []

    def run(chunk: Chunk) -> pd.DataFrame:
        if not ran:
            both.wait(120)
        ran.append(chunk.name({}))
        return picks_of(chunk)

    told.put((ran, work(folder, lambda chunk: chunk, run)))


def test_two_workers_do_the_work_once(tmp_path):
    cut(manifest(6), {}).save(tmp_path)
    context = multiprocessing.get_context("spawn")
    both, told = context.Barrier(2), context.Queue()
    workers = [context.Process(target=worker_beside_another, args=(str(tmp_path), both, told)) for _ in range(2)]
    for worker in workers:
        worker.start()
    (first, one), (second, two) = (told.get(timeout=240) for _ in workers)
    for worker in workers:
        worker.join()
    assert one.failed == two.failed == {} and first == one.done and second == two.done and first and second
    assert sorted(first + second) == sorted(Plan.load(tmp_path).names()) and missing(tmp_path) == []


def test_a_claim_that_cannot_be_made_is_told_of_its_own_chunk(tmp_path):
    """The chunk at work meanwhile is finished, and so are those behind."""
    cut(manifest(2), {}).save(tmp_path)
    names = list(Plan.load(tmp_path).names())
    (tmp_path / "claims" / f"{names[1]}.lock").mkdir(parents=True)
    progress = work(tmp_path, lambda chunk: chunk, picks_of)
    assert progress.done == [names[0], *names[2:]] and list(progress.failed) == [names[1]]
    assert "directory" in progress.failed[names[1]] and failures(tmp_path) == progress.failed


def test_a_killed_worker_loses_nothing(tmp_path):
    cut(manifest(2), {}).save(tmp_path)
    worker = multiprocessing.get_context("spawn").Process(target=slow_worker, args=(str(tmp_path), 60.0))
    worker.start()
    while not (tmp_path / "journal.txt").exists():
        assert worker.is_alive()
        time.sleep(0.02)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    progress = work(tmp_path, lambda chunk: chunk, picks_of)
    assert len(progress.done) == 4 and collect(tmp_path)["picks"] == {"P": 96}
    assert not list((tmp_path / "picks").glob(".*"))


def test_reading_overlaps_computing(tmp_path):
    """The second chunk is read while the first is computed: each waits for the other, so that turns would hang."""
    cut(manifest(1), {}).save(tmp_path)
    reading = threading.Event()

    def prepare(chunk: Chunk) -> Chunk:
        if chunk.station == "XX.B":
            reading.set()
        return chunk

    def run(chunk: Chunk) -> pd.DataFrame:
        assert reading.wait(20)
        return picks_of(chunk)

    assert len(work(tmp_path, prepare, run).done) == 2


@pytest.mark.parametrize(("hours", "margin_s", "fits"), [
    (1 / 3600, 0.0, True), (24 * 366, 0.0, True), (0.9 / 3600, 0.0, False), (24 * 366 + 1, 0.0, False),
    (24, -0.1, False)])
def test_from_a_second_to_a_year(hours, margin_s, fits):
    short = manifest(1, ("A",)).iloc[:1].assign(start_time="2024-01-01T00:00:00Z", end_time="2024-01-01T00:00:02Z")
    if fits:
        assert len(cut(short, {}, hours, margin_s).chunks) == (3 if hours < 1 else 1)
        return
    with pytest.raises(PlanError, match="between a second and a year"):
        cut(short, {}, hours, margin_s)


def test_a_day_with_two_minutes_on_both_sides_unless_asked_otherwise():
    one = cut(manifest(1, ("A",)), {}).chunks[0]
    assert (one.begin[11:], one.end[11:], one.margin_s) == ("00:00:00.000", "00:00:00.000", 120.0)
    assert np.datetime64(one.end) - np.datetime64(one.begin) == np.timedelta64(1, "D")
    asked = from_requests([("x", "XX.A..HHZ", "2024-01-01T00:00:00Z", "2024-01-01T12:00:00Z")], {}).chunks[0]
    assert (asked.begin[:10], asked.end[:10], asked.margin_s) == ("2024-01-01", "2024-01-02", 120.0)


@pytest.mark.parametrize(("begin", "end", "held"), [
    ("2024-01-02T00:01:59.999Z", "2024-01-02T01:00:00Z", True), ("2024-01-02T00:02:00Z", "2024-01-02T01:00:00Z", False),
    ("2023-12-31T20:00:00Z", "2023-12-31T23:58:00Z", True),
    ("2023-12-31T20:00:00Z", "2023-12-31T23:57:59.999Z", False)])
def test_surroundings_reach_two_minutes_beyond_the_day(begin, end, held):
    """A file whose first sample lies at the very end of the margin is not needed, one whose last lies there is."""
    rows = manifest(1, ("A",)).iloc[[0, 1]].copy()
    rows["start_time"], rows["end_time"] = rows["start_time"].astype(object), rows["end_time"].astype(object)
    rows.iloc[1, rows.columns.get_loc("start_time")], rows.iloc[1, rows.columns.get_loc("end_time")] = (
        pd.Timestamp(begin), pd.Timestamp(end))
    chunk, = (chunk for chunk in cut(rows, {}).chunks if chunk.begin.startswith("2024-01-01"))
    assert (len(chunk.objects) == 2) == held


def test_a_sample_at_midnight_belongs_to_the_day_that_begins():
    short = manifest(1, ("A",)).iloc[:1].assign(start_time="2024-01-01T12:00:00Z", end_time="2024-01-02T00:00:00Z")
    assert [chunk.begin[:10] for chunk in cut(short, {}).chunks] == ["2024-01-01", "2024-01-02"]
    short = short.assign(start_time="2024-01-02T00:00:00Z", end_time="2024-01-02T00:00:00Z")
    assert [chunk.begin[:10] for chunk in cut(short, {}).chunks] == ["2024-01-02"]


def test_a_name_holds_station_hour_and_sixteen_digits():
    station, hour, digest = cut(manifest(1, ("A",)), {}).chunks[0].name({}).split("_")
    assert (station, hour, len(digest)) == ("XX.A", "2024-01-01T00", 16)
    assert int(digest, 16) >= 0


def test_chunks_are_in_order_of_time_then_station():
    assert [(chunk.begin[8:10], chunk.station) for chunk in cut(manifest(2), {}).chunks] == [
        ("01", "XX.A"), ("01", "XX.B"), ("02", "XX.A"), ("02", "XX.B")]
