"""Files are whole or absent; a disk that refuses is one clear message."""

import errno
import json
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quakebook.training import arrays, checkpoint, files
from quakebook.training.files import RunError


def listing(folder):
    return sorted(path.name for path in folder.iterdir())


def test_write_and_replace(tmp_path):
    path = tmp_path / "deep" / "a.txt"
    files.write_atomic(path, "one")
    files.write_atomic(path, "zwölf")
    assert path.read_text(encoding="utf-8") == "zwölf" and listing(path.parent) == ["a.txt"]


def test_an_error_in_the_block_leaves_the_old_file(tmp_path):
    path = files.write_atomic(tmp_path / "a.txt", "old")
    with pytest.raises(ZeroDivisionError), files.atomic(path) as part:
        part.write_text("half")
        1 / 0  # noqa: B018
    assert path.read_text() == "old" and listing(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("writer", [
    lambda path: files.write_json(path, {"a": 1}),
    lambda path: arrays.write(path, {"a": np.arange(5)}, {}),
    lambda path: checkpoint.save(path, {"a": 1}),
])
def test_full_disk(tmp_path, monkeypatch, writer):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError, match=r"cannot write .*result\.x: No space left on device"):
        writer(tmp_path / "result.x")
    assert listing(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_full_disk_below_the_writers(tmp_path, monkeypatch):
    """The real error of each writer: its temporary file is a link to a device that is always full."""
    original = files.uuid.uuid4

    class Fixed:
        hex = "0" * 32

    monkeypatch.setattr(files.uuid, "uuid4", Fixed)
    for name, writer in {"a.txt": lambda p: files.write_atomic(p, "x" * 100_000),
                         "a.pt": lambda p: checkpoint.save(p, {"a": [1.0] * 100_000})}.items():
        (tmp_path / f".{name}.00000000.part").symlink_to("/dev/full")
        with pytest.raises(RunError, match=f"cannot write .*{name}"):
            writer(tmp_path / name)
        assert listing(tmp_path) == []
    monkeypatch.setattr(files.uuid, "uuid4", original)


def test_a_folder_that_is_a_file(tmp_path):
    (tmp_path / "runs").write_text("")
    with pytest.raises(RunError, match=r"cannot write .*runs/x/a\.json"):
        files.write_json(tmp_path / "runs" / "x" / "a.json", {})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_read_only_folder(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(RunError, match="Permission denied.*QUAKEBOOK_RUNS"):
            files.write_json(tmp_path / "a.json", {})
    finally:
        tmp_path.chmod(0o700)


def test_json_takes_numpy_torch_and_nan(tmp_path):
    import torch

    path = files.write_json(tmp_path / "a.json", {"a": np.float32(1.5), "b": torch.tensor(2), "c": float("nan"),
                                                  "d": (1, None, True), "e": tmp_path})
    assert json.loads(path.read_text()) == {"a": 1.5, "b": 2, "c": None, "d": [1, None, True], "e": str(tmp_path)}


@pytest.mark.parametrize("text", ["", "{", "[1,"])
def test_damaged_json(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(RunError, match=r"a\.json is damaged"):
        files.read_json(tmp_path / "a.json")
    with pytest.raises(RunError, match=r"cannot read .*b\.json"):
        files.read_json(tmp_path / "b.json")


VALUES = {"float": np.linspace(0, 1, 7), "matrix": np.arange(12, dtype=np.int16).reshape(3, 4), "scalar": 3.5,
          "empty": np.zeros((0, 3)), "words": ["P", "Überwelle"], "flags": np.array([True, False]), "word": "S",
          "complex": np.array([1 + 2j])}


def test_arrays_round_trip(tmp_path):
    path = arrays.write(tmp_path / "a.h5", VALUES, {"unit": "m/s", "n": 3, "none": None})
    found = arrays.read(path)
    assert set(found) == set(VALUES)
    for key, value in VALUES.items():
        np.testing.assert_array_equal(found[key], np.asarray(value))
        assert found[key].shape == np.asarray(value).shape
    assert arrays.attributes(path) == {"unit": "m/s", "n": 3, "none": ""}


@settings(max_examples=20, deadline=None)
@given(shape=st.lists(st.integers(0, 4), max_size=3), dtype=st.sampled_from(["f4", "f8", "i8", "u1", "?"]))
def test_any_shape_comes_back(tmp_path_factory, shape, dtype):
    value = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    found = arrays.read(arrays.write(tmp_path_factory.mktemp("h5") / "a.h5", {"x": value}, {}))["x"]
    assert found.shape == value.shape and found.dtype == value.dtype and (found == value).all()


def test_torch_tensors_are_arrays_too(tmp_path):
    import torch

    value = torch.arange(3.0, requires_grad=True)
    found = arrays.read(arrays.write(tmp_path / "a.h5", {"x": value, "b": value.bfloat16()}, {}))
    assert found["x"].tolist() == found["b"].tolist() == [0, 1, 2]


def test_a_flipped_byte_in_an_array_is_an_error(tmp_path):
    value = np.random.default_rng(0).random(500)
    path = arrays.write(tmp_path / "a.h5", {"x": value}, {})
    content = bytearray(path.read_bytes())
    content[content.find(value.tobytes()) + 99] ^= 1
    path.write_bytes(content)
    with pytest.raises(RunError, match=r"a\.h5 is damaged"):
        arrays.read(path)


def test_absent_arrays_and_checkpoints_list_what_there_is(tmp_path):
    arrays.write(tmp_path / "peaks.h5", {"x": [1]}, {})
    checkpoint.save(tmp_path / "last.pt", {"a": 1})
    with pytest.raises(RunError, match="no arrays 'peak'.*there are: peaks"):
        arrays.read(tmp_path / "peak.h5")
    with pytest.raises(RunError, match="no checkpoint 'best'.*there are: last"):
        checkpoint.load(tmp_path / "best.pt")


def test_a_checkpoint_with_code_in_it_is_refused(tmp_path):
    import torch

    torch.save({"f": os.system}, tmp_path / "bad.pt")
    with pytest.raises(RunError, match=r"bad\.pt is damaged"):
        checkpoint.load(tmp_path / "bad.pt")


def test_what_cannot_be_an_array_is_named(tmp_path):
    with pytest.raises(RunError, match=r"a\.h5"):
        arrays.write(tmp_path / "a.h5", {"x": np.array([1, 2], dtype="M8[s]")}, {})
    assert listing(tmp_path) == []
