"""Objects in any fsspec file system: s3fs, gcsfs, memory, ..."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quakebook.data.archive.errors import StoreError
from quakebook.data.archive.stores.contract import StoredObject


class FsspecStore:
    """Any fsspec file system (s3fs, gcsfs, memory, ...) below a root."""

    remote = True

    def __init__(self, filesystem: Any, root: str) -> None:
        self.filesystem, self.root = filesystem, root.rstrip("/")
        self.url = f"{filesystem.protocol if isinstance(filesystem.protocol, str) else filesystem.protocol[0]}://{root}"

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Files below the root whose keys begin with `prefix`, sorted."""
        folder = prefix if prefix.endswith("/") else prefix.rpartition("/")[0]
        entries = self.filesystem.find(f"{self.root}/{folder}".rstrip("/"), detail=True)
        for path, facts in sorted(entries.items()):
            key = path[path.index(self.root.lstrip("/")) + len(self.root.lstrip("/")):].lstrip("/")
            if key.startswith(prefix):
                tag = facts.get("ETag") or facts.get("etag") or facts.get("mtime") or facts.get("created") or ""
                yield StoredObject(key, int(facts["size"]), str(tag).strip('"'))

    def read(self, key: str, start: int = 0, stop: int | None = None) -> bytes:
        """Bytes of a file."""
        try:
            return self.filesystem.cat_file(f"{self.root}/{key}", start=start or None, end=stop)
        except OSError as error:
            raise StoreError(f"{self.url}/{key}: {error or type(error).__name__}; list the archive again, or check the "
                             "credentials of the file system") from error

    def write(self, key: str, content: bytes) -> None:
        """Put a file."""
        self.filesystem.makedirs(f"{self.root}/{key}".rpartition("/")[0], exist_ok=True)
        self.filesystem.pipe_file(f"{self.root}/{key}", content)

    def create(self, key: str, content: bytes) -> bool:
        """Refused: fsspec has no atomic way of its own."""
        raise StoreError(f"{self.url}: fsspec file systems offer no atomic claim; use s3://... or a folder")
