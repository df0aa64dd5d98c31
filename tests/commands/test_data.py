"""`quakebook data`: what a set holds by any of its names, and what was compared when it was verified."""

import shutil

import pytest

from quakebook import cli


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path / "cache"))
    assert cli.main(["data", "make", "--preset", "tiny", "--n", "6", "--seed", "1", str(tmp_path / "set")]) == 0
    return tmp_path / "set"


def test_info_by_name_recipe_and_folder(folder, monkeypatch, capsys):
    import seisbench

    monkeypatch.setattr(seisbench, "cache_data_root", folder.parent / "datasets")
    shutil.copytree(folder, folder.parent / "datasets/ethz")
    for name in (str(folder), "ETHZ", "synthetic:tiny:6:1"):
        assert cli.main(["data", "info", name]) == 0
        assert "traces                      6" in capsys.readouterr().out
    assert cli.main(["data", "info", "STEAD"]) == 1
    assert "STEAD is not on disk" in capsys.readouterr().err


def test_verify_says_what_it_compared(folder, capsys):
    capsys.readouterr()
    assert cli.main(["data", "verify", str(folder)]) == 0
    assert "every file is as written" in capsys.readouterr().out
    (folder / "checksums.json").unlink()
    assert cli.main(["data", "verify", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "no checksums to compare" in said and "as written" not in said


def test_days_without_use_are_seconds(monkeypatch, capsys, tmp_path):
    from quakebook.data.archive import bigsets

    asked = []
    monkeypatch.setattr(bigsets, "remove_copies", lambda seconds: asked.append(seconds) or (3, 2.5e6))
    assert cli.main(["data", "clean", "--unused-days", "2"]) == 0 and asked == [172_800]
    assert capsys.readouterr().out.startswith("3 copies of data sets removed from ")
    assert cli.main(["data", "clean", "--unused-days", "-1"]) == 2
    assert cli.main(["data", "clean", "--unused-days", "inf"]) == 2
    assert cli.main(["data", "clean"]) == 0 and asked[1:] == [0]


def test_at_least_one_record_and_an_empty_folder(tmp_path, capsys):
    assert cli.main(["data", "make", "--preset", "tiny", "--n", "0", str(tmp_path / "a")]) == 2
    assert "--n must be at least 1; found 0" in capsys.readouterr().err
    assert cli.main(["data", "make", "--preset", "tiny", "--n", "1", str(tmp_path / "a")]) == 0
    assert cli.main(["data", "make", "--preset", "tiny", "--n", "1", str(tmp_path / "a")]) == 2
    assert "is not empty" in capsys.readouterr().err
