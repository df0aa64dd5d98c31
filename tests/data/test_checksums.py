"""Checksums of a folder, and folders that appear whole or not at all."""

import hashlib
import json

import pytest

from quakebook.data import DataError, checksums
from quakebook.data.checksums import damaged_files, read_checksums, whole_folder, write_checksums


@pytest.fixture
def folder(tmp_path):
    for name in ("a.csv", "b.hdf5"):
        (tmp_path / name).write_text(name)
    write_checksums(tmp_path, ["a.csv", "b.hdf5"], source="here", traces=3)
    return tmp_path


def test_what_is_noted(folder):
    content = json.loads((folder / "checksums.json").read_text())
    assert content == {"algorithm": "sha256", "source": "here", "traces": 3, "files": {
        name: hashlib.sha256(name.encode()).hexdigest() for name in ("a.csv", "b.hdf5")}}
    assert read_checksums(folder) == content and damaged_files(folder) == []


def test_without_a_list_nothing_is_damaged(tmp_path):
    assert read_checksums(tmp_path) is None and damaged_files(tmp_path) == []


def test_each_file_is_named(folder):
    (folder / "a.csv").write_text("other")
    (folder / "b.hdf5").unlink()
    first, second = damaged_files(folder)
    assert "a.csv is damaged: its checksum differs" in first and "b.hdf5 is missing, though" in second


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"files": []}', "[" * 100_000])
def test_a_damaged_list_is_named(folder, text):
    (folder / "checksums.json").write_text(text)
    with pytest.raises(DataError, match=r"checksums.json is damaged \("):
        damaged_files(folder)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_at_the_end(tmp_path):
    with whole_folder(tmp_path / "deep" / "set") as temporary:
        (temporary / "inner").mkdir()
        (temporary / "inner" / "x").write_text("1")
        assert temporary.parent == tmp_path / "deep" and temporary.name.startswith(".set.")
        assert not (tmp_path / "deep" / "set").exists()
    assert names(tmp_path / "deep") == ["set"] and (tmp_path / "deep/set/inner/x").read_text() == "1"


def test_an_empty_folder_may_be_filled_and_a_full_one_replaced_when_asked(tmp_path):
    (tmp_path / "set").mkdir()
    for overwrite, text in ((False, "1"), (True, "2")):
        with whole_folder(tmp_path / "set", overwrite) as temporary:
            (temporary / "x").write_text(text)
        assert (tmp_path / "set/x").read_text() == text and names(tmp_path) == ["set"]
    with pytest.raises(DataError, match="exists already and is not empty"), whole_folder(tmp_path / "set"):
        pytest.fail("entered")
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="exists already"), whole_folder(tmp_path / "file"):
        pytest.fail("entered")


@pytest.mark.parametrize(("error", "kind"), [(OSError(28, "No space left"), DataError), (KeyError("x"), KeyError)])
def test_an_error_leaves_what_was_there(tmp_path, error, kind):
    (tmp_path / "set").mkdir()
    (tmp_path / "set/x").write_text("old")
    with pytest.raises(kind, match="No space left; nothing was left behind" if kind is DataError else "x"), \
            whole_folder(tmp_path / "set", overwrite=True) as temporary:
        (temporary / "x").write_text("new")
        raise error
    assert names(tmp_path) == ["set"] and (tmp_path / "set/x").read_text() == "old"


def test_all_is_on_the_disk_before_it_is_renamed(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(checksums, "_sync", lambda path: synced.append((path.name, (tmp_path / "set").exists())))
    with whole_folder(tmp_path / "set") as temporary:
        (temporary / "x").write_text("1")
    assert synced == [("x", False), (temporary.name, False), (tmp_path.name, True)]
