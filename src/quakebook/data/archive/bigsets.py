"""One float32 file of a data set in the cache, from which windows are cut or all is read at once.

SeisBench needs milliseconds to read a record; from this file it takes microseconds. A set is copied into it once, block
by block. A set that fits into memory is read from it whole; of a bigger one a training reads only the windows of its
batches, and needs memory for those alone: what `Records.waveforms` offers otherwise as a tensor is then a
`PagedWaveforms` with the same shape. The file is read, not mapped: a mapping counts whole large pages of the system's
cache as the process's memory, a megabyte and more for a window of 36 kB.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from quakebook.data.archive.errors import DamagedError, StoreError
from quakebook.data.archive.files import read_json, whole, write_json
from quakebook.data.archive.paged import FACTS as _FACTS
from quakebook.data.archive.paged import PagedWaveforms
from quakebook.homes import usable
from quakebook.project import cache_root

_WAVEFORMS, _LENGTHS = "waveforms.f32", "samples.npy"
#: Part of a folder's name; another one where equal records are prepared in another way before they are copied.
FORMAT = 2
#: So much is left free on the disk.
SPARE_BYTES = 1e9


def cache_folder() -> Path:
    """$QUAKEBOOK_CACHE/records, or ~/.cache/quakebook/records."""
    return cache_root() / "records"


def has_room(needed_bytes: float, folder: Path | None = None) -> bool:
    """Whether a copy of a set could be written, with some of the disk left over."""
    folder = folder or cache_folder()
    return usable(folder) and _free_bytes(folder) >= needed_bytes + SPARE_BYTES


def _free_bytes(folder: Path) -> float:
    place = folder.absolute()
    return shutil.disk_usage(next(each for each in (place, *place.parents) if each.exists())).free


def is_stored(identity: str) -> bool:
    """Whether the cache holds a set."""
    return (cache_folder() / f"{identity}-{FORMAT}" / _FACTS).is_file()


def stored(identity: str, blocks: Iterable[NDArray[np.float32]], folder: str | Path | None = None,
           needed_bytes: float = 0) -> PagedWaveforms:
    """The waveforms with this identity, copied from `blocks` where they are not on disk yet.

    Parameters
    ----------
    identity : str
        Equal for equal content.
    blocks : iterable of ndarray, shape (k, 3, samples)
        Read only if needed; blocks may differ in length.
    folder : str or Path, optional
        Default: `cache_folder()`.
    needed_bytes : float
        Expected size of the copy.

    Raises
    ------
    StoreError
        The disk has not so much room, or the folder cannot be written to.
    DamagedError
        The file on disk is not as it was written.
    """
    folder = Path(folder or cache_folder())
    place = folder / f"{identity}-{FORMAT}"
    if not (place / _FACTS).is_file():
        if not has_room(needed_bytes, folder):
            raise StoreError(_no_room(folder, needed_bytes))
        place.mkdir(parents=True, exist_ok=True)
        with FileLock(place / ".lock"):
            if not (place / _FACTS).is_file():
                _write(place, blocks)
    facts, lengths = read_json(place / _FACTS), np.load(place / _LENGTHS, allow_pickle=False)
    size = (place / _WAVEFORMS).stat().st_size if (place / _WAVEFORMS).is_file() else -1
    if size != 12 * int(lengths.sum()) or len(lengths) != facts["records"]:
        raise DamagedError(f"{place / _WAVEFORMS} must hold {12 * int(lengths.sum())} bytes; found {size}. Remove "
                           f"{place} to make it again")
    with suppress(OSError):  # a cache that somebody else has filled
        os.utime(place / _FACTS)
    return PagedWaveforms(place / _WAVEFORMS, lengths)


def _no_room(folder: Path, needed_bytes: float) -> str:
    if not usable(folder):
        return f"{folder} cannot be written to; let $QUAKEBOOK_CACHE name another place for the copy of the data set"
    return (f"{folder} needs {(needed_bytes + SPARE_BYTES) / 1e9:.1f} GB for a copy of the data set; "
            f"{_free_bytes(folder) / 1e9:.1f} GB are free. Free the disk (quakebook data clean), let $QUAKEBOOK_CACHE "
            "name another place, or ask for fewer records (data.records)")


def _write(place: Path, blocks: Iterable[NDArray[np.float32]]) -> None:
    lengths: list[int] = []
    total = hashlib.sha256()
    with whole(place / _WAVEFORMS) as part, part.open("wb") as file:
        for block in blocks:
            content = np.ascontiguousarray(block, np.float32).data
            file.write(content)
            total.update(content)
            lengths += [block.shape[-1]] * len(block)
        file.flush()
    with whole(place / _LENGTHS) as part, part.open("wb") as file:
        np.save(file, np.array(lengths, np.int64), allow_pickle=False)
    write_json(place / _FACTS, {"records": len(lengths), "sha256": total.hexdigest()})


def copies(folder: str | Path | None = None) -> list[tuple[Path, int, float]]:
    """Copies of data sets in the cache: folder, bytes, and when it was last used (Unix time); the oldest first."""
    places = [facts.parent for facts in Path(folder or cache_folder()).glob(f"*/{_FACTS}")]
    found = [(place, sum(file.stat().st_size for file in place.iterdir()), (place / _FACTS).stat().st_mtime)
             for place in places]
    return sorted(found, key=lambda each: each[2])


def remove_copies(unused_s: float = 0.0, folder: str | Path | None = None) -> tuple[int, int]:
    """Remove copies that nobody has used for so many seconds; return how many, and their bytes.

    A training that is reading one keeps it until it ends.
    """
    chosen = [each for each in copies(folder) if time.time() - each[2] >= unused_s]
    for place, _, _ in chosen:
        (place / _FACTS).unlink(missing_ok=True)  # from here on it does not count as whole
        shutil.rmtree(place, ignore_errors=True)
    return len(chosen), sum(size for _, size, _ in chosen)
