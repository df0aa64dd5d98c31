"""Read one miniSEED object from any address that fsspec knows."""

from __future__ import annotations

import io
from typing import Any


def read_mseed_s3(url: str, **options: Any) -> Any:
    """The object as an ObsPy stream; `options` go to fsspec (``anon=True``, ``client_kwargs``, ...).

    Use the archive's own reader for long archives: it also compares the samples with what the headers promise.
    """
    import fsspec
    from obspy import read

    with fsspec.open(url, "rb", **options) as file:
        return read(io.BytesIO(file.read()), format="MSEED")


__all__ = ["read_mseed_s3"]
