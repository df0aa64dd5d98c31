"""Members of a tar shard: where they lie, and decoding them without running anything that they contain.

The layout is WebDataset's: one sample is a run of members whose names agree up to the first dot. Only arrays
(``.npy``, read without pickles) and JSON are decoded.
"""

from __future__ import annotations

import io
import json
import math
import tarfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quakebook.data.archive.errors import DamagedError

WAVEFORM, FACTS = "waveform.npy", "meta.json"
_LONGEST_JSON = 1 << 20
#: Beginning of an array of format 1.0, and headers that NumPy has read already: windows of one set share theirs.
_VERSION, _MOST_KNOWN = b"\x93NUMPY\x01\x00", 64
_known: dict[bytes, tuple[np.dtype, tuple[int, ...]]] = {}


def split_name(name: str, shard: str) -> tuple[str, str]:
    """Key and ending of a member's name; names that lead elsewhere are refused."""
    folder, _, base = name.removeprefix("./").rpartition("/")
    key, dot, ending = base.partition(".")
    if name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name or not key or not dot:
        raise DamagedError(f"{shard}: member {name!r} is no sample: a name must be KEY.ENDING without '..' or '/' at "
                           "its beginning. The shard is not read")
    return (f"{folder}/{key}" if folder else key), ending


def index_tar(path: str | Path) -> pd.DataFrame:
    """Where the members of a shard lie, one row a sample.

    Returns
    -------
    DataFrame
        key, waveform_offset, waveform_bytes, facts_offset, facts_bytes (offset and bytes 0 where there is no JSON).

    Raises
    ------
    DamagedError
        No tar, cut off, an unsafe name, a link, or a member of another kind.
    """
    rows: dict[str, dict[str, Any]] = {}
    name, size = str(path), Path(path).stat().st_size
    try:
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                if not member.isfile():
                    raise DamagedError(f"{name}: member {member.name!r} is a link or folder; shards hold files only")
                key, ending = split_name(member.name, name)
                part = {WAVEFORM: "waveform", FACTS: "facts", "npy": "waveform", "json": "facts"}.get(ending)
                if part is None:
                    raise DamagedError(f"{name}: member {member.name!r} is neither .npy nor .json; it is not decoded")
                if member.offset_data + member.size > size:
                    raise DamagedError(f"{name} is cut off inside {member.name!r}; fetch it again")
                row = rows.setdefault(key, {"key": key, "facts_offset": 0, "facts_bytes": 0})
                if f"{part}_bytes" in row and row[f"{part}_bytes"]:
                    raise DamagedError(f"{name}: sample {key!r} has two members {ending!r}; keys must not hold dots")
                row |= {f"{part}_offset": member.offset_data, f"{part}_bytes": member.size}
    except tarfile.TarError as error:
        raise DamagedError(f"{name} is no readable tar file ({error}); fetch it again") from error
    without = [key for key, row in rows.items() if "waveform_offset" not in row]
    if without:
        raise DamagedError(f"{name}: sample {without[0]!r} has no array")
    columns = ["key", "waveform_offset", "waveform_bytes", "facts_offset", "facts_bytes"]
    return pd.DataFrame(rows.values(), columns=columns)


def array(content: bytes, name: str, checksum: int | None = None) -> NDArray:
    """Decode an ``.npy`` member; pickled objects and wrong checksums are refused."""
    if checksum is not None and zlib.crc32(content) != checksum:
        raise DamagedError(f"{name} is damaged: its checksum differs from the index; fetch the shard again")
    head = content[: 10 + int.from_bytes(content[8:10], "little")] if content.startswith(_VERSION) else b""
    if head in _known:
        kind, shape = _known[head]
        if len(content) == len(head) + kind.itemsize * math.prod(shape):
            return np.frombuffer(content, kind, offset=len(head)).reshape(shape).copy()
    try:
        values = np.load(io.BytesIO(content), allow_pickle=False)
        if head and values.flags.c_contiguous and len(_known) < _MOST_KNOWN:
            _known[head] = values.dtype, values.shape
        return values
    except (ValueError, OSError, EOFError) as error:
        raise DamagedError(f"{name} is no plain array ({str(error).splitlines()[0]})") from error


def facts(content: bytes, name: str) -> dict[str, Any]:
    """Decode a JSON member: a flat table of numbers and words."""
    try:
        if len(content) > _LONGEST_JSON:
            raise ValueError(f"{len(content)} bytes are too many")
        table = json.loads(content)
        if not isinstance(table, dict) or any(isinstance(value, (dict, list)) for value in table.values()):
            raise ValueError("it is not a flat table")
    except (ValueError, RecursionError) as error:
        raise DamagedError(f"{name} is no flat JSON table ({error})") from error
    return {str(key): value for key, value in table.items()}
