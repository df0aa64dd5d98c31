"""Sampling rates as the tables of data sets give them."""

from __future__ import annotations

import numpy as np
import pandas as pd

COLUMN = "trace_sampling_rate_hz"


def wrong_rates(metadata: pd.DataFrame) -> str | None:
    """What is wrong with the column of sampling rates, with its first bad row; None where all are above 0 and finite.

    Examples
    --------
    >>> wrong_rates(pd.DataFrame({"trace_sampling_rate_hz": [100.0, None, 0.0]}))
    'column trace_sampling_rate_hz must hold rates above 0; found nan in row 1 (2 such rows)'
    """
    if COLUMN not in metadata:
        return f"there is no column {COLUMN}, and `data_format` of the waveforms says no rate"
    rates = pd.to_numeric(metadata[COLUMN], errors="coerce").to_numpy(float)
    bad = np.flatnonzero(~((rates > 0) & np.isfinite(rates)))
    if not len(bad):
        return None
    return (f"column {COLUMN} must hold rates above 0; found {metadata[COLUMN].iloc[bad[0]]} in row {bad[0]} "
            f"({len(bad)} such rows)")
