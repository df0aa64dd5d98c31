"""Bring windows to a common size, by themselves or by what is known of their station."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SCALINGS = ("component", "window", "station", "none")
#: Standard deviations below this are taken for it; the quietest ground moves by 1e-10 m/s.
FLOOR = 1e-20
_LETTERS = ("log_rms_z", "log_rms_n", "log_rms_e")


class Scaling:
    """Divides windows.

    component: each component by its standard deviation. window: all by that of the three together, so that their ratio
    stays. station: each by the median of its channel's standard deviations, so that loud windows stay loud. none: as
    stored. The means are taken out in all cases but the last.
    """

    def __init__(self, kind: Literal["component", "window", "station", "none"], table: pd.DataFrame) -> None:
        self.kind = kind
        if kind == "station":
            codes = table[["network", "station", "location", "channel"]].astype(str).agg(".".join, axis=1)
            usual = table[list(_LETTERS)].groupby(codes).transform("median").to_numpy(float)
            self._usual = np.maximum(10 ** np.nan_to_num(usual, nan=0.0), FLOOR).astype(np.float32)

    def __call__(self, waveform: NDArray[np.float32], row: int) -> NDArray[np.float32]:
        """A scaled copy of a window (3, n) of the table's row."""
        if self.kind == "none":
            return waveform
        out = waveform - waveform.mean(axis=1, keepdims=True)
        if self.kind == "station":
            return out / self._usual[row][:, None]
        axis = 1 if self.kind == "component" else None
        size = np.maximum(out.std(axis=axis, keepdims=True, dtype=np.float64), FLOOR)
        return out / size.astype(np.float32)
