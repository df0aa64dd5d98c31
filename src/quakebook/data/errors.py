"""The one exception of the data wing."""

from __future__ import annotations


class DataError(ValueError):
    """Data are absent, damaged, or lack what was asked for; the message names the file, row or column."""
