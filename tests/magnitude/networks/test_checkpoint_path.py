"""Which of several matches a path with wildcards means, and what is said of it."""

import os

import pytest

from quakebook.magnitude.networks.checkpoint_path import CheckpointError, resolve_path


def write(path, text="x", age=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (2e9 - age, 2e9 - age))
    return path


def test_newest_export_by_its_name_not_by_the_date_of_a_copied_file(tmp_path):
    old = write(tmp_path / "Net_20250101_000000" / "model_final.pt")
    new = write(tmp_path / "Net_20250102_000000" / "model_final.pt", age=1e6)
    second = write(tmp_path / "Net_20250102_000000_2" / "model_final.pt", age=2e6)
    said = []
    assert resolve_path(tmp_path / "Net_*" / "model_final.pt", said.append) == second
    assert said == [f"3 files match; the newest export is {second}"]
    second.unlink()
    assert resolve_path(tmp_path / "Net_*" / "model_final_*.pt") == new
    assert resolve_path(old, said.append) == old and len(said) == 1


def test_stamps_of_files_go_before_those_of_folders(tmp_path):
    write(tmp_path / "Net_20250105_000000" / "model_best_20250101_000000.pt")
    new = write(tmp_path / "Net_20250101_000000" / "model_best_20250103_000000.pt")
    assert resolve_path(tmp_path / "Net_*" / "model_best.pt") == new


def test_without_stamps_the_last_one_written(tmp_path):
    write(tmp_path / "a" / "model_final.pt", age=5)
    new = write(tmp_path / "b" / "model_final.pt")
    assert resolve_path(tmp_path / "*" / "model_final.pt") == new


def test_several_files_of_one_export_are_listed(tmp_path):
    for name in ("model_best.pt", "model_final.pt"):
        write(tmp_path / "Net_20250101_000000" / name)
    with pytest.raises(CheckpointError, match="2 files of one export match .*model_best.pt, .*model_final.pt"):
        resolve_path(tmp_path / "*" / "*.pt")


def test_folder_nothing_and_empty_file(tmp_path):
    with pytest.raises(CheckpointError, match="is a folder; name a file in it"):
        resolve_path(tmp_path)
    with pytest.raises(CheckpointError, match="no file matches"):
        resolve_path(tmp_path / "none_*.pt")
    with pytest.raises(CheckpointError, match="empty.pt is empty"):
        resolve_path(write(tmp_path / "empty.pt", ""))
