"""Identity by content: waveforms replaced in place are other data."""

import os

import h5py
import pytest

from quakebook.data import content, load_records


def test_a_file_replaced_in_place_with_its_old_time_is_read_again(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "waveforms.hdf5"
    file.write_bytes(b"a" * 100)
    before, stamp = content.content_hash([file]), file.stat()
    assert content.content_hash([file]) == before
    file.write_bytes(b"b" * 100)
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert content.content_hash([file]) != before
    file.write_bytes(b"a" * 100)
    assert content.content_hash([file]) == before


def test_an_untouched_file_is_not_read_again(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "waveforms.hdf5"
    file.write_bytes(b"a")
    before = content.content_hash([file])
    monkeypatch.setattr(content, "sha256", lambda path: pytest.fail("read again"))
    assert content.content_hash([file]) == before


def test_damaged_notes_and_a_read_only_cache_do_no_harm(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "metadata.csv"
    file.write_bytes(b"a")
    before = content.content_hash([file])
    next((tmp_path / "cache/contents").iterdir()).write_text("{")
    assert content.content_hash([file]) == before
    monkeypatch.setenv("QUAKEBOOK_CACHE", "/dev/null/nowhere")
    assert content.content_hash([file]) == before


def test_waveforms_replaced_in_place_change_the_fingerprint(tiny_folder, tmp_path):
    import shutil

    folder = tmp_path / "set"
    shutil.copytree(tiny_folder, folder)
    (folder / "checksums.json").unlink()
    before = load_records(folder).fingerprint
    with h5py.File(folder / "waveforms.hdf5", "r+") as file:
        block = next(iter(file["data"].values()))
        block[...] = -block[...]
    assert load_records(folder).fingerprint != before
