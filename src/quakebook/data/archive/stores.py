"""One way to list, read and write objects, whether they lie in a folder, on S3, behind HTTP or in an fsspec system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from quakebook.data.archive.errors import StoreError
from quakebook.data.archive.files import whole


@dataclass(frozen=True)
class StoredObject:
    """An object of a store: its key below the store's root, its size, and a tag that changes with its content."""

    key: str
    size_bytes: int
    etag: str


class Store(Protocol):
    """What every kind of store can do.

    `url` is the root; keys are relative to it and use "/". `remote` says whether reading goes over a network.
    """

    url: str
    remote: bool

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Objects whose keys begin with `prefix`, sorted by key."""

    def read(self, key: str, start: int = 0, stop: int | None = None) -> bytes:
        """Bytes `start` to `stop` of an object; a negative `start` counts from its end."""

    def write(self, key: str, content: bytes) -> None:
        """Put an object; readers see all of it or nothing."""

    def create(self, key: str, content: bytes) -> bool:
        """Put an object unless there is one already; exactly one of several callers gets True."""


def open_store(place: Any, **options: Any) -> Store:
    """Open a folder, ``s3://bucket[/prefix]``, ``http(s)://host[/path]``, or an fsspec file system.

    Parameters
    ----------
    place : str, Path, Store, or (fsspec file system, root)
        A store is handed back as it is.
    **options
        For S3 and HTTP: see `quakebook.data.archive.remote.RemoteStore`.
    """
    if hasattr(place, "list") and hasattr(place, "create"):
        return place
    if isinstance(place, tuple):
        from quakebook.data.archive.fsspec_store import FsspecStore

        return FsspecStore(*place)
    text = str(place)
    if text.startswith(("s3://", "http://", "https://")):
        from quakebook.data.archive.remote import RemoteStore

        return RemoteStore(text, **options)
    if "://" in text and not text.startswith("file://"):
        raise StoreError(f"{text}: a place must be a folder, s3://bucket/prefix, http(s)://..., or an fsspec file "
                         "system with its root")
    return LocalStore(text.removeprefix("file://"))


class LocalStore:
    """Objects are files below a folder."""

    remote = False

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser().resolve()
        self.url = str(self.folder)

    def list(self, prefix: str = "") -> Iterator[StoredObject]:
        """Files in sorted order; names that begin with a dot are left out."""
        if not self.folder.is_dir():
            raise StoreError(f"there is no folder {self.folder}")
        begin = self.folder / prefix if prefix.endswith("/") else (self.folder / prefix).parent
        found = []
        for root, folders, names in os.walk(begin):
            folders[:] = [name for name in folders if not name.startswith(".")]
            found += [os.path.join(root, name) for name in names if not name.startswith(".")]
        for path in sorted(found):
            key = os.path.relpath(path, self.folder).replace(os.sep, "/")
            if key.startswith(prefix):
                facts = os.stat(path)
                yield StoredObject(key, facts.st_size, f"{facts.st_mtime_ns:x}-{facts.st_size:x}")

    def path(self, key: str) -> Path:
        """The file of a key; a key that leads out of the folder is refused."""
        if key.startswith("/") or ".." in key.split("/") or "\0" in key:
            raise StoreError(f"key {key!r} leads out of {self.folder}; it is not used")
        return self.folder / key

    def read(self, key: str, start: int = 0, stop: int | None = None) -> bytes:
        """Bytes of a file."""
        try:
            with self.path(key).open("rb") as file:
                if start < 0:
                    start = max(0, file.seek(0, os.SEEK_END) + start)
                file.seek(start)
                return file.read() if stop is None else file.read(stop - start)
        except OSError as error:
            raise StoreError(f"cannot read {self.folder / key}: {error.strerror or error}; list the archive again "
                             "if files have moved") from error

    def write(self, key: str, content: bytes) -> None:
        """Write a file atomically."""
        with whole(self.path(key)) as part:
            part.write_bytes(content)

    def create(self, key: str, content: bytes) -> bool:
        """Write a file only where there is none: a finished temporary file is linked to the name."""
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            part.write_bytes(content)
            os.link(part, path)
        except FileExistsError:
            return False
        finally:
            part.unlink(missing_ok=True)
        return True
