"""Objects as files below a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from quakebook.data.archive.errors import StoreError
from quakebook.data.archive.files import whole
from quakebook.data.archive.stores.contract import StoredObject


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
        begin = self.folder / prefix.rpartition("/")[0]
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
        part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
        try:
            part.write_bytes(content)
            os.link(part, path)
        except FileExistsError:
            return False
        finally:
            part.unlink(missing_ok=True)
        return True
