"""Read one miniSEED object from S3, a server or a folder."""

from __future__ import annotations

import io
from typing import Any


def read_mseed_s3(url: str, anon: bool | None = None, **options: Any) -> Any:
    """The object as an ObsPy stream.

    Use the archive's own reader for long archives: it also compares the samples with what the headers promise.

    Parameters
    ----------
    url : str
        ``s3://bucket/key``, ``http(s)://host/path``, or a file.
    anon : bool, optional
        Unsigned requests; default: unsigned unless there is a key in the environment.
    **options
        ``region``, ``endpoint_url`` and other options of the archive's store for S3 and HTTP.
    """
    from obspy import read

    from quakebook.data.archive import open_store

    place, _, key = url.rpartition("/")
    if anon is not None:
        options["anonymous"] = anon
    return read(io.BytesIO(open_store(place or ".", **options).read(key)), format="MSEED")


__all__ = ["read_mseed_s3"]
