"""Errors of the archive: what could not be fetched, and data that are not what they claim to be."""

from __future__ import annotations

from quakebook.data.errors import DataError

#: About three years.
LONGEST_S = 1e8


class StoreError(DataError):
    """An object cannot be listed, read or written; the message names it and what to do."""


class DamagedError(DataError):
    """A file or object is shorter than it says, fails its checksum, or holds what must not be read."""


def checked_timeout(seconds: float) -> float:
    """A time limit, above 0 and finite. Raises DataError for others, which clients read in their own ways."""
    if not 0 < seconds <= LONGEST_S:  # NaN is no number between them either
        raise DataError(f"`timeout_s` must be a number of seconds above 0, at most {LONGEST_S:g}; found {seconds}")
    return float(seconds)
