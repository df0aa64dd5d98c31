"""The doctor's lines: what is needed, what is only noted, and the status."""

import shutil
import sys
from types import SimpleNamespace

import pytest

from quakebook import cli
from quakebook.commands import doctor


@pytest.mark.parametrize(("version", "state"), [((3, 10, 9), "MISSING"), ((3, 11, 0), "ok"), ((3, 12, 8), "ok"),
                                                ((3, 13, 0), "MISSING")])
def test_interpreter(monkeypatch, version, state):
    monkeypatch.setattr(sys, "version_info", version)
    assert next(doctor._interpreter())[0] == state


@pytest.mark.parametrize(("free", "state", "told"), [(3.0e9, "MISSING", "3 GB free"), (3.1e9, "ok", "3 GB free"),
                                                     (120e9, "ok", "120 GB free")])
def test_disk(monkeypatch, free, state, told):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=free))
    found = next(doctor._disk())
    assert found[0] == state and found[1].startswith(told) and "(needed: 3)" in found[1]


def test_versions_are_compared_with_the_pins(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "_installed", {"a": "1.0", "b": "2.1+cpu", "c": "3.0"}.get)
    (tmp_path / "constraints.txt").write_text("a==1.1\nb==2.1\nc==3.0\nd==4.0\n# words\n")
    assert list(doctor.different(tmp_path / "constraints.txt")) == ["a 1.0 (tested: 1.1)"]
    assert list(doctor.different(tmp_path / "none.txt")) == []


def test_data_sets_of_seisbench(tmp_path, monkeypatch):
    monkeypatch.setenv("SEISBENCH_CACHE_ROOT", str(tmp_path))
    assert next(doctor._data())[1] == (f"SeisBench data sets: none in {tmp_path / 'datasets'}; the book needs none")
    for name in ("stead", "ethz"):
        (tmp_path / "datasets" / name).mkdir(parents=True)
    (tmp_path / "datasets" / "readme.txt").write_text("")
    assert next(doctor._data())[1] == "SeisBench data sets: ethz, stead"


def test_copies_are_told_in_gigabytes(monkeypatch):
    monkeypatch.setattr("quakebook.data.archive.bigsets.copies", lambda: [("a", 1.5e9), ("b", 2e9)])
    state, text = next(doctor._copies())
    assert state == "note" and text.startswith("2 copies of data sets for fast reading, 3.5 GB,") and "clean" in text
    monkeypatch.setattr("quakebook.data.archive.bigsets.copies", lambda: [])
    assert "clean" not in next(doctor._copies())[1]


@pytest.mark.parametrize(("state", "status"), [("ok", 0), ("note", 0), ("MISSING", 1)])
def test_only_what_is_needed_fails(monkeypatch, capsys, state, status):
    for name in ("_interpreter", "_packages", "_device", "_tools", "_disk", "_leftovers", "_copies", "_data"):
        monkeypatch.setattr(doctor, name, lambda: iter([("ok", "fine")]))
    monkeypatch.setattr(doctor, "_tools", lambda: iter([(state, "a tool")]))
    assert cli.main(["doctor"]) == status
    assert f"{state:<9}a tool" in capsys.readouterr().out
