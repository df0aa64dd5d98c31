"""Tar files that others wrote."""

import io
import json
import tarfile

import numpy as np
import pytest

from quakebook.data.archive import DamagedError, ShardSet, StoreError, adopt


def foreign(path, n=4, spoil=None):
    with tarfile.open(path, "w") as archive:
        for k in range(n):
            array = io.BytesIO()
            np.save(array, np.full((3, 50), k, np.float32) if spoil != k else np.array([{}], object))
            for name, content in ((f"{path.stem}_{k}.waveform.npy", array.getvalue()),
                                  (f"{path.stem}_{k}.meta.json", json.dumps({"station": "A", "gain": k}).encode())):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))


def test_they_open_like_ours(tmp_path):
    foreign(tmp_path / "a.tar")
    foreign(tmp_path / "b.tar", 2)
    shards = adopt(tmp_path)
    assert len(shards) == 6 and shards.units.tolist() == [0, 0, 0, 0, 1, 1]
    assert [float(shards.waveform(row)[0, 0]) for row in range(6)] == [0, 1, 2, 3, 0, 1]
    assert shards.table["gain"].tolist() == [0, 1, 2, 3, 0, 1]
    assert ShardSet(tmp_path).verify() == []


def test_pickles_and_empty_folders(tmp_path):
    with pytest.raises(StoreError, match=r"no .tar file"):
        adopt(tmp_path)
    foreign(tmp_path / "a.tar", spoil=2)
    with pytest.raises(DamagedError, match="a_2 is no plain array"):
        adopt(tmp_path)
    assert not (tmp_path / "shards.json").exists()


def test_a_window_without_a_time_starts_at_zero(tmp_path):
    """Foreign facts need not say when a window starts; where they do, that stands."""
    foreign(tmp_path / "a.tar", 2)
    assert adopt(tmp_path).table["start_ns"].tolist() == [0, 0]
