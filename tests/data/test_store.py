"""Round trips through SeisBench folders, and everything that can be wrong with one."""

import errno
import json
import shutil
import socket

import h5py
import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.data import DataError, example_records, load_records, open_dataset, store
from quakebook.data.records import Records


@pytest.fixture
def folder(tmp_path, tiny_folder):
    """A copy that a test may spoil."""
    return shutil.copytree(tiny_folder, tmp_path / "copy")


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("a connection was attempted")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def seisbench_cache(tmp_path, monkeypatch):
    import seisbench

    monkeypatch.setattr(seisbench, "cache_data_root", tmp_path / "datasets")
    return tmp_path / "datasets"


def edit_metadata(folder, change):
    """Change metadata.csv and forget the checksums, as a foreign data set would come."""
    table = pd.read_csv(folder / "metadata.csv")
    change(table).to_csv(folder / "metadata.csv", index=False)
    (folder / "checksums.json").unlink()


def flip_byte(path, position):
    with path.open("r+b") as file:
        file.seek(position)
        value = file.read(1)
        file.seek(position)
        file.write(bytes([value[0] ^ 0xFF]))


def test_what_is_written_is_read(tiny, tiny_folder):
    back = load_records(tiny_folder)
    assert torch.equal(back.waveforms, tiny.waveforms) and back.sampling_rate_hz == 100
    for phase in "PS":
        assert torch.allclose(back.picks(phase), tiny.picks(phase), equal_nan=True)
    assert back.metadata["trace_name_original"].tolist() == tiny.metadata["trace_name"].tolist()
    assert load_records(tiny_folder).fingerprint == back.fingerprint
    assert load_records(tiny_folder, split="dev").fingerprint != back.fingerprint


def test_split_and_limit(tiny, tiny_folder):
    train = load_records(tiny_folder, split="train", limit=5)
    whole = tiny.split("train")
    kept = whole.metadata["trace_name"].isin(train.metadata["trace_name_original"]).to_numpy()
    assert kept.sum() == 5 and torch.equal(train.waveforms, whole.waveforms[torch.tensor(kept)])
    with pytest.raises(DataError, match="no split 'validation'; it has dev, test, train"):
        load_records(tiny_folder, split="validation")


def test_blocks_never_mix_splits(tiny, tiny_folder):
    table = pd.read_csv(tiny_folder / "metadata.csv")
    assert (table.groupby(table["trace_name"].str.split("$").str[0])["split"].nunique() == 1).all()
    rows = store.block_rows(pd.Series(["train"] * 2500 + ["dev", None]), 2502)
    assert [len(block) for block in rows] == [1024, 1024, 452, 1, 1]
    with h5py.File(tiny_folder / "waveforms.hdf5") as file:
        block = file["data/bucket0"]
        assert block.chunks == (1, 3, 6000) and block.fletcher32 and block.shuffle and block.compression == "gzip"


def test_seisbench_alone_trains_from_it(tiny_folder):
    import seisbench.data as sbd
    import seisbench.generate as sbg

    data = sbd.WaveformDataset(tiny_folder, sampling_rate=100)
    train, dev, test = data.train_dev_test()
    assert len(train) + len(dev) + len(test) == len(data)
    train.filter(train.metadata["trace_s_arrival_sample"].notna())
    phases = {"trace_p_arrival_sample": "P", "trace_s_arrival_sample": "S", "trace_P1_arrival_sample": "P",
              "trace_S1_arrival_sample": "S"}
    generator = sbg.GenericGenerator(train)
    generator.add_augmentations([
        sbg.WindowAroundSample(list(phases), samples_before=3000, windowlen=6000, selection="random", strategy="pad"),
        sbg.RandomWindow(windowlen=3001, strategy="pad"), sbg.ChangeDtype(np.float32),
        sbg.ProbabilisticLabeller(label_columns=phases, sigma=20, dim=0)])
    sample = generator[0]
    assert sample["X"].shape == (3, 3001) and sample["y"].shape == (3, 3001)


def test_info_and_verify(tiny, tiny_folder):
    facts = store.info(tiny_folder)
    assert facts["traces"] == 240 and sum(facts["splits"].values()) == 240 and facts["source"] == "synthetic:tiny"
    assert facts["picks"]["P"] == int(tiny.picks("P").isfinite().sum())
    assert facts["bytes"] / 240 < 40_000
    assert store.verify(tiny_folder) == []


def test_real_sample_loads(real_folder):
    records = load_records(real_folder)
    assert records.waveforms.shape == (77, 3, 9001) and (records.picks("P") == 3000).all()
    assert store.verify(real_folder) == []


def test_other_sampling_rates_come_at_100_hz(tiny, tmp_path):
    """SeisBench resamples the waveforms; the picks have to move along."""
    table = tiny.metadata.iloc[:4]
    halves = {column: table[column] / 2 for column in table if column.endswith("_sample")}
    slow = Records(tiny.waveforms[:4, :, ::2].contiguous(), table.assign(
        trace_sampling_rate_hz=50.0, trace_npts=3000, **halves), 50.0, "slow", "s")
    back = load_records(store.write(slow, tmp_path / "slow"))
    assert back.waveforms.shape == (4, 3, 6000) and back.sampling_rate_hz == 100
    assert torch.allclose(back.picks("P"), tiny.picks("P")[:4], equal_nan=True)


def test_one_array_a_trace(tiny, tmp_path):
    """Older data sets store each trace on its own; records of different length are filled up with zeros."""
    with h5py.File(tmp_path / "waveforms.hdf5", "w") as file:
        for name, length in (("a", 6000), ("b", 4000)):
            file[f"data/{name}"] = tiny.waveforms[0, :, :length].numpy()
        file["data_format/dimension_order"], file["data_format/component_order"] = "CW", "ZNE"
    pd.DataFrame({"trace_name": ["a", "b"], "trace_p_arrival_sample": [1.0, 2.0], "trace_s_arrival_sample": [3.0, 4.0],
                  "trace_sampling_rate_hz": 100.0}).to_csv(tmp_path / "metadata.csv", index=False)
    records = load_records(tmp_path)
    assert records.waveforms.shape == (2, 3, 6000) and (records.waveforms[1, :, 4000:] == 0).all()
    assert store.verify(tmp_path) == []


def test_bundled_example():
    records = example_records()
    assert records.waveforms.shape == (1, 3, 3000)
    p, s = (float(records.picks(phase)[0, 0]) / 100 for phase in "PS")
    assert 4.4 < p < 5.0 and p + 0.5 < s < p + 2.5


def test_synthetic_by_recipe(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path))
    memory = load_records("synthetic:tiny:20:1")
    disk = open_dataset("synthetic:tiny:20:1", sampling_rate=100)
    assert np.array_equal(disk.get_waveforms(), memory.waveforms.numpy()) and len(list(tmp_path.iterdir())) == 1
    assert len(open_dataset("synthetic:tiny:20:1")) == 20
    assert len(load_records("synthetic:tiny:20:1", split="train", limit=3)) == 3
    for wrong in ("synthetic:tiny", "synthetic:tiny:x:1", "synthetic:tiny:5:1:2"):
        with pytest.raises(DataError, match="must read synthetic:PRESET:N:SEED"):
            load_records(wrong)


def test_a_seisbench_class_by_name(folder, seisbench_cache, no_network):
    seisbench_cache.mkdir()
    folder.rename(seisbench_cache / "stead")
    data = open_dataset("STEAD")
    assert type(data).__name__ == "STEAD" and len(data) == 240
    assert len(load_records("STEAD", split="dev")) > 0


@pytest.mark.parametrize("name", ["InstanceCounts", "ETHZ", "STEAD", "GEOFON", "MLAAPDE", "InstanceCountsCombined"])
def test_absent_data_set_says_where_it_would_lie(name, seisbench_cache, no_network):
    with pytest.raises(DataError, match=r"not on disk: it would have to lie in .*datasets.*download=True"):
        open_dataset(name)
    assert not seisbench_cache.exists()


def test_unknown_names(tmp_path):
    with pytest.raises(DataError, match=r"unknown data set 'Instanse'.*did you mean .*Known: .*ETHZ.*STEAD"):
        open_dataset("Instanse")
    with pytest.raises(DataError, match="there is no folder"):
        open_dataset(tmp_path / "nothing")
    with pytest.raises(DataError, match="holds no metadata"):
        open_dataset(tmp_path)


def test_missing_pick_column(folder):
    edit_metadata(folder, lambda t: t.drop(columns=["trace_s_arrival_sample", "trace_S1_arrival_sample"]))
    with pytest.raises(DataError, match=r"no column with S picks .*it has trace_p_arrival_sample"):
        load_records(folder)
    assert load_records(folder, require=("P",)).picks("S").isnan().all()
    assert any("for S picks" in problem for problem in store.verify(folder))


def test_values_that_are_not_finite(tiny, tmp_path):
    waveforms = tiny.waveforms[:5].clone()
    waveforms[3, 1, 77] = torch.nan
    path = store.write(Records(waveforms, tiny.metadata.iloc[:5].drop(columns="split"), 100.0, "spoilt", "x"),
                       tmp_path / "nan")
    with pytest.raises(DataError, match=r"trace bucket0\$3.* holds values that are not finite"):
        load_records(path)
    assert any("not finite" in problem for problem in store.verify(path))


def test_wrong_shape(tiny, tmp_path, folder):
    (folder / "checksums.json").unlink()
    with h5py.File(folder / "waveforms.hdf5", "r+") as file:
        block = file["data/bucket0"][()][:, :2]
        del file["data/bucket0"]
        file["data/bucket0"] = block
    with pytest.raises(DataError, match=r"'bucket0' must have shape \(traces, components, samples\) .*found"):
        load_records(folder)
    assert any("must have shape" in problem for problem in store.verify(folder))


@pytest.mark.parametrize("keep", [0.6, 0.01])
def test_truncated_file(folder, keep):
    path = folder / "waveforms.hdf5"
    path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])
    with pytest.raises(DataError, match="not a readable HDF5 file"):
        open_dataset(folder)
    assert store.verify(folder)


def test_flipped_byte(folder):
    path = folder / "waveforms.hdf5"
    flip_byte(path, path.stat().st_size // 2)
    with pytest.raises(DataError, match=r"waveforms.hdf5 is damaged: its checksum differs"):
        open_dataset(folder)
    assert any("damaged" in problem for problem in store.verify(folder))
    (folder / "checksums.json").unlink()
    with pytest.raises(DataError, match="cannot read the waveforms"):  # the chunk's own checksum
        load_records(folder)


def test_damaged_table_and_checksum_file(folder):
    (folder / "checksums.json").write_text("{")
    with pytest.raises(DataError, match="checksums.json is damaged"):
        open_dataset(folder)
    (folder / "checksums.json").write_text(json.dumps({"files": {"gone.hdf5": "0"}}))
    with pytest.raises(DataError, match="gone.hdf5 is missing"):
        open_dataset(folder)
    edit_metadata(folder, lambda t: t.drop(columns="trace_name"))
    with pytest.raises(DataError, match="trace_name"):
        open_dataset(folder)
    assert "no column `trace_name`" in store.verify(folder)[0]


def test_verify_names_what_is_inconsistent(folder):
    def spoil(table):
        table.loc[0, "trace_p_arrival_sample"] = 99_999.0
        table.loc[1, "trace_name"] = "bucket0$5000,:3,:6000"
        event = table["source_id"].dropna().iloc[0]
        return pd.concat([table, table[table["source_id"] == event].assign(split="elsewhere")])

    edit_metadata(folder, spoil)
    text = "\n".join(store.verify(folder))
    for part in ("of trace_p_arrival_sample lie outside their trace, the first in row 0: 99999 of 6000 samples",
                 "names number 5000", "in more than one split", "stands twice"):
        assert part in text


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("target", ["h5py", "csv", "mkdir"])
def test_failing_disk_leaves_nothing(tiny, tmp_path, monkeypatch, number, target):
    def fail(*args, **kwargs):
        raise OSError(number, {errno.ENOSPC: "No space left on device", errno.EROFS: "Read-only file system"}[number])

    if target == "h5py":
        monkeypatch.setattr(h5py.Group, "create_dataset", fail)
    elif target == "csv":
        monkeypatch.setattr(pd.DataFrame, "to_csv", fail)
    else:
        monkeypatch.setattr("pathlib.Path.mkdir", fail)
    with pytest.raises(DataError, match="cannot write .*set: (No space left|Read-only).*nothing was left behind"):
        store.write(tiny, tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_overwrite_keeps_the_old_set(tiny, folder, monkeypatch):
    before = sorted((path.name, path.stat().st_size) for path in folder.iterdir())
    with pytest.raises(DataError, match="exists already and is not empty"):
        store.write(tiny, folder)
    monkeypatch.setattr(pd.DataFrame, "to_csv", lambda *a, **k: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(DataError):
        store.write(tiny, folder, overwrite=True)
    assert sorted((path.name, path.stat().st_size) for path in folder.iterdir()) == before
    monkeypatch.undo()
    store.write(tiny.subset(slice(10)), folder, overwrite=True)
    assert len(load_records(folder)) == 10 and [path.name for path in folder.parent.iterdir()] == ["copy"]
