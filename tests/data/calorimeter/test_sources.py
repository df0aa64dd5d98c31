import pickle

import h5py
import numpy as np
import pytest
import torch
from PIL import Image

from quakebook.data.calorimeter.sources import FolderSource, H5Source, TensorSource
from quakebook.data.errors import DataError


def h5(path, **content):
    with h5py.File(path, "w") as file:
        for key, value in content.items():
            file[key] = value
    return path


def test_h5_rows_in_any_order_and_repeated(tmp_path):
    values = np.arange(5 * 6, dtype=np.float64).reshape(5, 2, 3)
    source = H5Source(h5(tmp_path / "signal.h5", data=values, index=np.arange(5)))
    assert len(source) == 5 and source.shape == (1, 2, 3)
    images = source.read([4, 0, 4])
    assert images.dtype == torch.float32 and images.shape == (3, 1, 2, 3)
    assert np.array_equal(images[:, 0].numpy(), values[[4, 0, 4]])
    assert np.array_equal(pickle.loads(pickle.dumps(source)).read([2])[0, 0].numpy(), values[2])


def test_h5_with_channels(tmp_path):
    source = H5Source(h5(tmp_path / "x.h5", data=np.zeros((2, 3, 4, 5))))
    assert source.shape == (3, 4, 5) and source.read([1]).shape == (1, 3, 4, 5)


def test_h5_fingerprint_follows_the_content(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path / "cache"))
    values = np.zeros((200, 2, 2))
    first = H5Source(h5(tmp_path / "a.h5", data=values)).fingerprint
    assert H5Source(h5(tmp_path / "b.h5", data=values)).fingerprint == first
    values[100, 0, 0] = 1  # in the middle, the size of the file as before
    assert H5Source(h5(tmp_path / "c.h5", data=values)).fingerprint != first


def test_folder_fingerprint_follows_the_content(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path / "cache"))
    for number in range(3):
        Image.fromarray(np.full((4, 4, 3), number, np.uint8)).save(tmp_path / f"{number}.bmp")
    first = FolderSource(tmp_path).fingerprint
    assert FolderSource(tmp_path).fingerprint == first
    Image.fromarray(np.full((4, 4, 3), 9, np.uint8)).save(tmp_path / "1.bmp")  # the middle one, in the same size
    assert FolderSource(tmp_path).fingerprint != first


@pytest.mark.parametrize(("content", "words"), [
    ({"other": np.zeros(3)}, "under the key `data`"), ({"data": np.zeros(3)}, "must have shape"),
    ({"data": np.zeros((0, 2, 2))}, "n > 0"), ({"data": np.array([[["x"]]], dtype="S1")}, "numbers"),
])
def test_wrong_h5_is_refused(tmp_path, content, words):
    with pytest.raises(DataError, match=words):
        H5Source(h5(tmp_path / "x.h5", **content))


def test_damaged_and_infinite_h5_name_their_place(tmp_path):
    (tmp_path / "text.h5").write_text("no HDF5")
    with pytest.raises(DataError, match="text.h5 cannot be read as HDF5"):
        H5Source(tmp_path / "text.h5")
    values = np.zeros((4, 2, 3))
    values[2, 1, 0] = np.nan
    source = H5Source(h5(tmp_path / "nan.h5", data=values))
    with pytest.raises(DataError, match=r"nan.h5: row 2 .* at \[1, 0\]"):
        source.read([3, 2])
    with pytest.raises(DataError, match="cannot read rows"):
        source.read([9])


def test_images_are_sorted_and_between_zero_and_one(tmp_path):
    for name, grey in (("b.png", 255), ("a.jpg", 0)):
        Image.new("L", (6, 4), grey).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("x")
    source = FolderSource(tmp_path)
    assert [p.name for p in source.files] == ["a.jpg", "b.png"] and source.shape == (3, 4, 6)
    images = source.read([0, 1])
    assert images[0].max() == 0 and images[1].min() == 1


def test_wrong_images_are_refused_by_name(tmp_path):
    with pytest.raises(DataError, match="no file that ends with"):
        FolderSource(tmp_path)
    Image.new("RGB", (6, 4)).save(tmp_path / "a.png")
    Image.new("RGB", (6, 6)).save(tmp_path / "b.png")
    (tmp_path / "c.png").write_bytes(b"not an image")
    source = FolderSource(tmp_path)
    with pytest.raises(DataError, match="b.png: expected the shape"):
        source.read([1])
    with pytest.raises(DataError, match="c.png cannot be read as an image"):
        source.read([2])


def test_arrays_and_refused_pickles(tmp_path):
    np.savez(tmp_path / "a.npz", np.ones((4, 6, 3)))
    source = FolderSource(tmp_path, "array")
    assert source.shape == (3, 4, 6)
    np.savez(tmp_path / "b.npz", np.array([{"x": 1}], dtype=object))
    with pytest.raises(DataError, match="b.npz cannot be read as an array"):
        FolderSource(tmp_path, "array").read([1])


def test_tensor_source_needs_four_axes():
    with pytest.raises(DataError, match="batch|channels"):
        TensorSource(torch.zeros(2, 3), "x", "y")
    assert TensorSource(torch.zeros(4, 1, 2, 3), "x", "y").read([3, 1]).shape == (2, 1, 2, 3)
