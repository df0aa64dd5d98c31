"""Errors of the archive: what could not be fetched, and data that are not what they claim to be."""

from __future__ import annotations

from quakebook.data.errors import DataError


class StoreError(DataError):
    """An object cannot be listed, read or written; the message names it and what to do."""


class DamagedError(DataError):
    """A file or object is shorter than it says, fails its checksum, or holds what must not be read."""
