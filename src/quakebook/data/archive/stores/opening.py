"""Open a store by the word for its place."""

from __future__ import annotations

from typing import Any

from quakebook.data.archive.errors import StoreError
from quakebook.data.archive.stores.contract import Store
from quakebook.data.archive.stores.local import LocalStore


def open_store(place: Any, **options: Any) -> Store:
    """Open a folder, ``s3://bucket[/prefix]``, ``http(s)://host[/path]``, or an fsspec file system.

    Parameters
    ----------
    place : str, Path, Store, or (fsspec file system, root)
        A store is handed back as it is.
    **options
        For S3 and HTTP: see `quakebook.data.archive.stores.remote.RemoteStore`.
    """
    if hasattr(place, "list") and hasattr(place, "create"):
        return place
    if isinstance(place, tuple):
        from quakebook.data.archive.stores.fsspec_store import FsspecStore

        return FsspecStore(*place)
    text = str(place)
    if text.startswith(("s3://", "http://", "https://")):
        from quakebook.data.archive.stores.remote import RemoteStore

        return RemoteStore(text, **options)
    if "://" in text and not text.startswith("file://"):
        raise StoreError(f"{text}: a place must be a folder, s3://bucket/prefix, http(s)://..., or an fsspec file "
                         "system with its root")
    return LocalStore(text.removeprefix("file://"))
