"""What every store can do, wherever its objects lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


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
