"""Records in memory: waveforms as one tensor, metadata as one table."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import Tensor

from .errors import DataError

PICK_COLUMN = re.compile(r"trace_([A-Za-z0-9]+)_arrival_sample")
SPLITS = ("train", "dev", "test")


def pick_columns(columns: Sequence[str], phase: Literal["P", "S"]) -> list[str]:
    """Metadata columns that hold picks of a phase.

    Every ``trace_<letters or digits>_arrival_sample`` counts: a name with P or p as P (tested first), else S or s as S.

    Examples
    --------
    >>> pick_columns(["trace_p_arrival_sample", "trace_Sg_arrival_sample", "trace_npts"], "S")
    ['trace_Sg_arrival_sample']
    """
    return [column for column in columns if _phase(column) == phase]


def _phase(column: str) -> str | None:
    match = PICK_COLUMN.fullmatch(column)
    if match is None:
        return None
    name = match.group(1).lower()
    return "P" if "p" in name else "S" if "s" in name else None


@dataclass(frozen=True)
class Records:
    """Three-component records of equal length.

    Attributes
    ----------
    waveforms : Tensor, shape (n, 3, samples), float32
        Components Z, N, E.
    metadata : DataFrame, n rows
        SeisBench column names.
    sampling_rate_hz : float
    source : str
        Where they come from: ``synthetic:picker``, the name of a data set, or its folder.
    fingerprint : str
        Identity of the content; equal for equal data.
    """

    waveforms: Tensor
    metadata: pd.DataFrame
    sampling_rate_hz: float
    source: str
    fingerprint: str

    def __post_init__(self) -> None:
        shape = tuple(self.waveforms.shape)
        if len(shape) != 3 or shape[1] != 3:
            raise DataError(f"`waveforms` must have shape (n, 3, samples); found {shape} in {self.source}")
        if shape[0] != len(self.metadata):
            raise DataError(f"{self.source}: {shape[0]} waveforms but {len(self.metadata)} rows of metadata")

    def __len__(self) -> int:
        return len(self.waveforms)

    def split(self, name: str) -> Records:
        """The records of one split: train, dev or test."""
        if "split" not in self.metadata:
            raise DataError(f"{self.source} has no column `split`; its columns are {', '.join(self.metadata.columns)}")
        found = sorted(self.metadata["split"].dropna().unique())
        if name not in found:
            raise DataError(f"{self.source} has no split {name!r}; it has {', '.join(found) or 'none'}")
        return self.subset((self.metadata["split"] == name).to_numpy())

    def subset(self, index: slice | Sequence[int] | NDArray | Tensor) -> Records:
        """Records by position or by a boolean mask, in that order."""
        if isinstance(index, Tensor):
            index = index.cpu().numpy()
        rows = np.arange(len(self))[index if isinstance(index, slice) else np.asarray(index)]
        chosen = torch.as_tensor(rows, device=self.waveforms.device)
        identity = hashlib.sha256(self.fingerprint.encode() + rows.astype(np.int64).tobytes()).hexdigest()[:16]
        return replace(self, waveforms=self.waveforms[chosen], fingerprint=identity,
                       metadata=self.metadata.iloc[rows].reset_index(drop=True))

    def to(self, device: str | torch.device) -> Records:
        """The same records with their waveforms on a device."""
        return replace(self, waveforms=self.waveforms.to(device))

    def picks(self, phase: Literal["P", "S"]) -> Tensor:
        """All picks of a phase.

        Returns
        -------
        Tensor, shape (n, k), float32
            Sample indices, on the device of the waveforms; NaN where there is no pick. k is the number of pick columns
            of that phase (at least one).
        """
        if phase not in ("P", "S"):
            raise DataError(f"phase must be 'P' or 'S'; found {phase!r}")
        columns = pick_columns(list(self.metadata.columns), phase)
        values = self.metadata[columns].to_numpy(np.float32) if columns else np.full((len(self), 1), np.nan, np.float32)
        return torch.tensor(values, device=self.waveforms.device)
