"""Foreign tar files: unsafe names, pickles, links and damage."""

import io
import json
import pickle
import tarfile

import numpy as np
import pytest

from quakebook.data.archive import DamagedError
from quakebook.data.archive.shards.members import array, facts, index_tar


def npy(values, **options):
    file = io.BytesIO()
    np.save(file, values, **options)
    return file.getvalue()


def tar(path, contents, kind=tarfile.REGTYPE):
    with tarfile.open(path, "w") as archive:
        for name, content in contents:
            member = tarfile.TarInfo(name)
            member.type, member.size, member.linkname = kind, len(content), "/etc/hostname"
            archive.addfile(member, io.BytesIO(content))
    return path


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_members_of_a_plain_shard(tmp_path):
    path = tar(tmp_path / "a.tar", [("x_1.waveform.npy", npy(np.ones((3, 4)))), ("x_1.meta.json", b"{}"),
                                    ("./deep/x_2.npy", npy(np.zeros((3, 4))))])
    table = index_tar(path)
    assert table["key"].tolist() == ["x_1", "deep/x_2"]
    for row in table.itertuples():
        content = path.read_bytes()[row.waveform_offset : row.waveform_offset + row.waveform_bytes]
        assert array(content, "x").shape == (3, 4)


@pytest.mark.parametrize("name", ["../../x.npy", "/abs.npy", "a/../../b.npy", "noending", ".npy", "a\\..\\b.npy"])
def test_unsafe_names(tmp_path, name):
    with pytest.raises(DamagedError, match="is no sample.* The shard is not read"):
        index_tar(tar(tmp_path / "a.tar", [(name, npy(np.ones(3)))]))


@pytest.mark.parametrize("ending", ["pyd", "pkl", "pickle", "pth", "cls", "json.gz"])
def test_only_arrays_and_json(tmp_path, ending):
    with pytest.raises(DamagedError, match=r"neither .npy nor .json"):
        index_tar(tar(tmp_path / "a.tar", [(f"x.{ending}", b"abc")]))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_links_and_folders(tmp_path, kind):
    with pytest.raises(DamagedError, match="is a link or folder"):
        index_tar(tar(tmp_path / "a.tar", [("x.npy", b"")], kind))


def test_keys_with_dots_would_merge(tmp_path):
    with pytest.raises(DamagedError, match=r"neither|two members"):
        index_tar(tar(tmp_path / "a.tar", [("CI.GPA.npy", npy(np.ones(3))), ("CI.GPB.npy", npy(np.ones(3)))]))
    with pytest.raises(DamagedError, match="two members"):
        index_tar(tar(tmp_path / "a.tar", [("x.npy", npy(np.ones(3))), ("x.npy", npy(np.ones(3)))]))


def test_pickles_do_nothing(tmp_path):
    trap = tmp_path / "sprung"
    content = npy(np.array([Trap(trap)], object), allow_pickle=True)
    for attack in (content, pickle.dumps(Trap(trap))):
        with pytest.raises(DamagedError, match="x is no plain array"):
            array(attack, "x")
        with pytest.raises(DamagedError, match="no flat JSON"):
            facts(attack, "x")
    assert not trap.exists()


def test_cut_off_files_and_no_tar_at_all(tmp_path):
    path = tar(tmp_path / "a.tar", [(f"x_{k}.npy", npy(np.ones((3, 400)))) for k in range(3)])
    content = path.read_bytes()
    for size in (len(npy(np.ones((3, 400)))) // 2, 700, 15_000):
        (tmp_path / "b.tar").write_bytes(content[:size])
        with pytest.raises(DamagedError, match=r"b.tar"):
            index_tar(tmp_path / "b.tar")
    (tmp_path / "c.tar").write_bytes(b"<html>503</html>" * 100)
    with pytest.raises(DamagedError, match="no readable tar"):
        index_tar(tmp_path / "c.tar")


def test_arrays_and_facts(tmp_path):
    assert array(npy(np.arange(3)), "x").tolist() == [0, 1, 2]
    with pytest.raises(DamagedError, match="x is damaged: its checksum differs"):
        array(npy(np.arange(3)), "x", checksum=1)
    assert facts(b'{"a": 1, "b": null}', "x") == {"a": 1, "b": None}
    for wrong in (b"[]", b'{"a": {"b": 1}}', b"{", b"\xff", json.dumps({"a": "b" * (1 << 20)}).encode()):
        with pytest.raises(DamagedError, match="x is no flat JSON"):
            facts(wrong, "x")


def test_a_sample_without_array(tmp_path):
    with pytest.raises(DamagedError, match="'x' has no array"):
        index_tar(tar(tmp_path / "a.tar", [("x.json", b"{}")]))


@pytest.mark.parametrize(("spare", "fits"), [(0, True), (1, False)])
def test_facts_have_a_mebibyte_at_most(spare, fits):
    content = b'{"a": "' + b"x" * (2**20 - 9 + spare) + b'"}'
    if fits:
        assert len(facts(content, "x")["a"]) == 2**20 - 9
        return
    with pytest.raises(DamagedError, match="1048577 bytes are too many"):
        facts(content, "x")
