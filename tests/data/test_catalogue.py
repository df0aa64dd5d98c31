"""Names, folders and recipes of data sets."""

from pathlib import Path

import pytest

from quakebook.data import DataError, catalogue, load_records, store, synthetic


@pytest.fixture
def cache(tmp_path, monkeypatch):
    import seisbench

    monkeypatch.setattr(seisbench, "cache_data_root", tmp_path / "datasets")
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path / "cache"))
    return tmp_path


def test_folders_by_name_recipe_and_path(cache):
    records = synthetic.make("tiny", 6, seed=1)
    folder = store.write(records, cache / "datasets/ethz")
    assert catalogue.folders_of("ETHZ") == [cache / "datasets/ethz"]
    assert catalogue.folders_of(folder) == [folder]
    made, = catalogue.folders_of("synthetic:tiny:6:1")
    assert made.parent == cache / "cache" and store.info(made)["traces"] == 6


def test_absent_sets_and_unknown_names(cache):
    with pytest.raises(DataError, match="InstanceCounts is not on disk"):
        catalogue.folders_of("InstanceCountsCombined")
    with pytest.raises(DataError, match="did you mean InstanceCounts"):
        catalogue.folders_of("InstanceCount")
    for path in ("~nobody-of-that-name/x", "~/no/such", r"C:\data\set"):
        with pytest.raises(DataError, match="there is no folder"):
            load_records(path)


def test_tilde_and_backslash(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    store.write(synthetic.make("tiny", 6, seed=1), tmp_path / "sets/tiny")
    store.write(synthetic.make("tiny", 7, seed=1), tmp_path / r"back\slash")
    assert len(load_records("~/sets/tiny")) == 6 == len(load_records(Path("~/sets/tiny")))
    assert len(load_records(str(tmp_path / r"back\slash"))) == 7


def test_backslashes_survive_the_settings():
    from quakebook.bluedisc import config

    assert config(r"data.name=/data/new\table\x", preset="smoke").data.name == r"/data/new\table\x"
    assert config("data.name=~/sets/tiny", preset="smoke").data.name == "~/sets/tiny"
