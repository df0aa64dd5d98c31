"""Leftovers of killed writers go; what is whole, fresh or named otherwise stays."""

import os
import time

import pytest

from quakebook import cli
from quakebook.commands import sweep


def old(path, content="x" * 1000, hours=2):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    then = time.time() - 3600 * hours
    for each in (path, path.parent):
        os.utime(each, (then, then))
    return path


def test_only_old_unfinished_files_go(tmp_path):
    gone = [old(tmp_path / "a/b/.last.pt.0a1b2c3d.part"), old(tmp_path / "c/.set.123.partial/waveforms.hdf5")]
    kept = [old(tmp_path / "a/last.pt"), old(tmp_path / "a/.hidden"), old(tmp_path / "a/my.part"),
            old(tmp_path / "a/.new.0a1b2c3d.part", hours=0.5), old(tmp_path / "a/.x.part")]
    assert sweep.sweep([tmp_path, tmp_path / "absent"]) == (2, 2000.0)
    assert not any(path.exists() for path in gone) and all(path.exists() for path in kept)
    assert not (tmp_path / "c/.set.123.partial").exists()


def test_a_folder_that_is_being_filled_stays(tmp_path):
    old(tmp_path / ".set.123.partial/metadata.csv")
    (tmp_path / ".set.123.partial/waveforms.hdf5").write_text("")
    assert sweep.leftovers([tmp_path]) == []


def test_doctor_sweeps(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path / "cache"))
    part = old(tmp_path / "runs/p/r/checkpoints/.last.pt.0a1b2c3d.part")
    cli.main(["doctor"])
    assert "swept    1 unfinished files of killed writers, 0.0 MB" in capsys.readouterr().out and not part.exists()


@pytest.mark.parametrize("write", ["content", "create"])
def test_killed_writers_leave_names_that_are_swept(tmp_path, monkeypatch, write):
    """A writer dies between writing and renaming."""
    from quakebook.data import content
    from quakebook.data.archive.stores.local import LocalStore

    class Killed(BaseException):
        pass

    def die(*names):
        raise Killed

    for name in ("replace", "link"):
        monkeypatch.setattr(os, name, die)
    monkeypatch.setattr("pathlib.Path.unlink", lambda path, missing_ok=False: None)
    with pytest.raises(Killed):
        if write == "content":
            content._write(tmp_path / "contents" / "ab.json", {"a": 1})
        else:
            LocalStore(tmp_path / "store").create("claims/a.json", b"{}")
    monkeypatch.undo()
    (left,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sweep.leftovers([tmp_path], now=time.time() + 7200) == [left]
