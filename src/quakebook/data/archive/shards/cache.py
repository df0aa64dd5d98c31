"""Local copies of shards that lie elsewhere, named by content, checked once, and bounded in size."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from filelock import FileLock

from quakebook.data.archive.errors import DamagedError
from quakebook.data.archive.files import whole
from quakebook.data.archive.stores.contract import Store
from quakebook.data.errors import DataError


class ShardCache:
    """A folder of shards, of which those used longest ago are removed when it grows beyond a size.

    Parameters
    ----------
    folder : str or Path
    max_bytes : float
        Shared by all processes that use the folder.
    """

    def __init__(self, folder: str | Path, max_bytes: float = 20e9) -> None:
        if not max_bytes > 0:
            raise DataError(f"`max_bytes` of the cache must be positive; found {max_bytes}")
        self.folder, self.max_bytes = Path(folder).expanduser(), max_bytes

    def fetch(self, store: Store, shard: dict) -> Path:
        """The local file of a shard, fetched and compared with its SHA-256 unless it is there.

        Raises
        ------
        DamagedError
            What arrives is twice not what the description promises.
        """
        path = self.folder / f"{shard['sha256']}.tar"
        if path.is_file():
            os.utime(path)
            return path
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / f".{shard['sha256']}.lock"):
            if not path.is_file():
                content = self._checked(store, shard)
                self.make_room(len(content))
                with whole(path) as part:
                    part.write_bytes(content)
        return path

    def _checked(self, store: Store, shard: dict) -> bytes:
        for _ in range(2):
            content = store.read(shard["name"])
            if hashlib.sha256(content).hexdigest() == shard["sha256"]:
                return content
        raise DamagedError(f"{store.url}/{shard['name']} is damaged: its SHA-256 differs from the description, twice. "
                           "Make or upload the shard anew")

    def make_room(self, size: int) -> None:
        """Remove what was used longest ago until `size` more bytes fit."""
        files = sorted(self.folder.glob("*.tar"), key=lambda file: file.stat().st_mtime)
        used = sum(file.stat().st_size for file in files)
        for file in files:
            if used + size <= self.max_bytes:
                break
            used -= file.stat().st_size
            file.unlink(missing_ok=True)
