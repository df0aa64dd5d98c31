"""Write windows as tar shards, with the byte offset and checksum of every member, under names that follow content."""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import tarfile
import uuid
import zlib
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quakebook.data.archive.files import sync
from quakebook.data.archive.shards.members import FACTS, WAVEFORM

_BLOCK = 512


class ShardWriter:
    """A shard under a temporary name; `close` gives it the name that its content asks for.

    Parameters
    ----------
    folder : Path
    split : str
        First part of the name.
    dtype : {"float32", "float16"}
        In half precision a window is stored divided by its standard deviation, which stands in its facts as `scale`.
    """

    def __init__(self, folder: Path, split: str, dtype: Literal["float32", "float16"] = "float32") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.split, self.dtype = folder, split, dtype
        self._part = folder / f".{split}.{uuid.uuid4().hex[:8]}.part"
        self._file = self._part.open("wb")  # noqa: SIM115 (closed by `close` or `discard`)
        self._tar = tarfile.TarFile(fileobj=self._file, mode="w", format=tarfile.USTAR_FORMAT)
        self._rows: list[dict[str, Any]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, waveform: NDArray[np.float32], table: dict[str, Any]) -> None:
        """Append one window (3, n) with its facts."""
        key, table = key_of(table), dict(table)
        if self.dtype == "float16":
            table["scale"] = float(waveform.std(dtype=np.float64)) or 1.0
            waveform = (waveform / table["scale"]).astype(np.float16)
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(waveform), allow_pickle=False)
        text = json.dumps({name: None if isinstance(value, float) and not math.isfinite(value) else value
                           for name, value in table.items()}, sort_keys=True).encode()
        row = {"key": key}
        for name, ending, content in (("waveform", WAVEFORM, buffer.getvalue()), ("facts", FACTS, text)):
            row |= {f"{name}_offset": self._append(f"{key}.{ending}", content), f"{name}_bytes": len(content),
                    f"{name}_crc32": zlib.crc32(content)}
        self._rows.append(row | table)

    def _append(self, name: str, content: bytes) -> int:
        member = tarfile.TarInfo(name)  # no time, no owner: equal windows give equal bytes
        member.size = len(content)
        self._tar.addfile(member, io.BytesIO(content))
        return self._tar.offset - -(-len(content) // _BLOCK) * _BLOCK

    def close(self) -> tuple[dict[str, Any], pd.DataFrame]:
        """Finish the file and put it on disk; returns its description and the rows of its index."""
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        with self._part.open("rb") as file:
            checksum = hashlib.file_digest(file, "sha256").hexdigest()
        name = f"{self.split}-{checksum[:16]}.tar"
        os.replace(self._part, self.folder / name)
        sync(self.folder)
        about = {"name": name, "sha256": checksum, "bytes": (self.folder / name).stat().st_size,
                 "samples": len(self._rows), "split": self.split}
        return about, pd.DataFrame(self._rows).assign(shard=name, split=self.split)

    def discard(self) -> None:
        """Remove an unfinished file."""
        self._file.close()
        self._part.unlink(missing_ok=True)


def key_of(table: dict[str, Any]) -> str:
    """Name of a sample, without dots: NET_STA_LOC_BAND_time in nanoseconds; an empty location is written ``--``."""
    return "_".join((table["network"], table["station"], table["location"] or "--", table["channel"],
                     str(table["start_ns"])))
