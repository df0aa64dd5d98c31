"""Columns of a SeisBench table as tensors, in the spellings that data sets use."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch
from torch import Tensor

#: Magnitudes outside this range are no magnitudes: -999 and 99 stand for "unknown" in many tables.
LEAST, GREATEST = -5.0, 10.0


def column(frame: pd.DataFrame, name: str, device: torch.device) -> Tensor:
    """Numbers of a column; NaN where there is none."""
    known = name in frame
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(float) if known else np.full(len(frame), np.nan)
    return torch.as_tensor(values.copy(), dtype=torch.float32, device=device)


def snr(frame: pd.DataFrame, device: torch.device) -> Tensor:
    """Signal-to-noise ratio; where the table gives one number a component as text ("[56.8 55.4 47.4]"), their mean."""
    name = "trace_snr_db"
    if name in frame and not pd.api.types.is_numeric_dtype(frame[name]):
        numbers = frame[name].map(str).str.findall(r"-?\d+\.?\d*(?:[eE][-+]?\d+)?")
        frame = pd.DataFrame({name: [np.mean([float(each) for each in row]) if row else np.nan for row in numbers]})
    return column(frame, name, device)


def distance(frame: pd.DataFrame) -> str:
    """Column of the hypocentral distance, or of the epicentral one where only that is known."""
    hypocentral, epicentral = "path_hyp_distance_km", "path_ep_distance_km"
    return epicentral if hypocentral not in frame and epicentral in frame else hypocentral


def magnitudes(frame: pd.DataFrame, device: torch.device) -> Tensor:
    """Magnitudes; NaN where there is no number, or one that no earthquake has (-999 for "unknown")."""
    values = column(frame, "source_magnitude", device)
    return values.where((values >= LEAST) & (values <= GREATEST), torch.nan)


def unusable(frame: pd.DataFrame) -> Iterator[str]:
    """One line each for text in the column of magnitudes, and for numbers that no earthquake has."""
    name = "source_magnitude"
    if name not in frame:
        return
    values = pd.to_numeric(frame[name], errors="coerce")
    for rows, kind in ((frame[name].notna() & values.isna(), "text that is no number"),
                       ((values < LEAST) | (values > GREATEST), f"values outside {LEAST:g} to {GREATEST:g}")):
        if rows.any():
            first = int(rows.to_numpy().argmax())
            yield (f"{name} holds {kind}: {frame[name].iloc[first]!s} in row {first} ({int(rows.sum())} such rows); "
                   "they count as no magnitude")


def sources(frame: pd.DataFrame, device: torch.device) -> Tensor:
    """Whether the table speaks of an event, usable or not."""
    columns = [name for name in ("source_id", "source_magnitude") if name in frame]
    present = frame[columns].notna().any(axis=1) if columns else pd.Series(False, index=frame.index)
    return torch.as_tensor(present.to_numpy(bool).copy(), device=device)


def events(frame: pd.DataFrame, names: np.ndarray) -> np.ndarray:
    """Event of each record, its own name where the table has none."""
    if "source_id" not in frame:
        return names
    ids = frame["source_id"]
    return np.where(ids.isna(), names, ids.astype(str))
