"""Waveforms that stay in their file: windows are read from it as they are asked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakebook.data.archive.errors import DamagedError
from quakebook.data.archive.files import read_json
from quakebook.data.checksums import sha256

#: Number of records and checksum, beside the file.
FACTS = "facts.json"


class _File:
    """An open file that is closed with the last view that uses it."""

    def __init__(self, path: Path) -> None:
        self.handle = os.open(path, os.O_RDONLY)

    def __del__(self) -> None:
        os.close(self.handle)


class PagedWaveforms:
    """Waveforms (n, 3, samples) in a file, of which only what is asked for comes into memory.

    Parameters
    ----------
    path : Path
        Records one after another, float32, (3, samples) each.
    lengths : ndarray, shape (n,)
        Samples of each record; shorter ones count as zero beyond their end.
    """

    dtype, ndim = torch.float32, 3

    def __init__(self, path: Path, lengths: NDArray[np.int64]) -> None:
        self.path = path
        self._lengths = lengths
        self._first = np.concatenate([[0], np.cumsum(3 * lengths)[:-1]]).astype(np.int64)
        self._rows = np.arange(len(lengths))
        self.width = int(lengths.max(initial=0))
        self.device = torch.device("cpu")
        self._file = _File(path)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_file"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__ |= state
        self._file = _File(self.path)

    @property
    def shape(self) -> torch.Size:
        return torch.Size((len(self._rows), 3, self.width))

    def __len__(self) -> int:
        return len(self._rows)

    def to(self, device: str | torch.device) -> PagedWaveforms:
        """The same file; windows come out on the device."""
        out = self._view(self._rows)
        out.device = torch.device(device)
        return out

    def float(self) -> PagedWaveforms:
        """Itself: it holds float32."""
        return self

    def __getitem__(self, index: Any) -> PagedWaveforms | Tensor:
        """Rows (slice, numbers or mask): a view that reads nothing. A number, or a tuple: the samples as a tensor."""
        if isinstance(index, tuple):
            inner = self[index[0]]
            if isinstance(inner, Tensor):
                return inner[index[1:]]
            return inner.tensor()[(slice(None), *index[1:])]
        if isinstance(index, (int, np.integer)):
            return self._view(self._rows[[index]]).tensor()[0]
        rows = index.cpu().numpy() if isinstance(index, Tensor) else index
        return self._view(self._rows[rows])

    def _view(self, rows: NDArray[np.int64]) -> PagedWaveforms:
        out = object.__new__(PagedWaveforms)
        out.__dict__ |= self.__dict__ | {"_rows": rows}
        return out

    def whole(self) -> Tensor:
        """All samples of the file in memory, compared with its checksum.

        Raises
        ------
        DamagedError
            The file is not as it was written.
        """
        if not self.verify():
            raise DamagedError(f"{self.path} is damaged: its checksum differs from {FACTS}; remove {self.path.parent} "
                               "to make it again")
        return self.tensor()

    def tensor(self) -> Tensor:
        """All samples of this view in memory."""
        n = len(self)
        if n and (self._lengths == self.width).all() and (np.diff(self._rows) == 1).all():  # one piece of the file
            out = np.empty((n, 3, self.width), np.float32)
            first, each = int(self._first[self._rows[0]]), 3 * self.width
            for row in range(0, n, step := max(2**28 // max(each, 1), 1)):  # one call reads at most 2 GB
                self._read(out[row : row + step].reshape(-1), first + row * each)
            return torch.from_numpy(out)
        return self.cut(torch.arange(n), torch.zeros(n, dtype=torch.int64), self.width)

    def cpu(self) -> Tensor:
        """All samples of this view in memory."""
        return self.tensor().cpu()

    def cut(self, record: Tensor | Sequence[int], start: Tensor | Sequence[int], length: int) -> Tensor:
        """Windows (b, 3, length) that begin at sample `start` (b,) of the records (b,); zero outside a record."""
        records, starts = (np.asarray(torch.as_tensor(values).cpu(), np.int64) for values in (record, start))
        out = np.zeros((len(records), 3, length), np.float32)
        for window, row, begin in zip(out, self._rows[records].tolist(), starts.tolist(), strict=True):
            samples, first = int(self._lengths[row]), int(self._first[row])
            low, high = max(begin, 0), min(begin + length, samples)
            for component in range(3 if high > low else 0):
                self._read(window[component, low - begin : high - begin], first + component * samples + low)
        out = torch.from_numpy(out)
        return out if self.device.type == "cpu" else out.to(self.device, non_blocking=True)

    def _read(self, out: NDArray[np.float32], first: int) -> None:
        """Fill `out` from sample number `first` of the file."""
        if os.preadv(self._file.handle, [out], 4 * first) != out.nbytes:
            raise DamagedError(f"{self.path} ends before sample {first + len(out)}; remove {self.path.parent} to make "
                               "it again")

    def verify(self) -> bool:
        """Whether the file is as it was written; reads all of it."""
        return sha256(self.path) == read_json(self.path.with_name(FACTS))["sha256"]
