"""Records as the networks want them: tensors on one device, checked once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from quakebook.data import DataError

from .labels import usable

if TYPE_CHECKING:
    from quakebook.data.records import Records

SENSITIVITY = "station_sensitivity_counts_spm"
#: SEED instrument code of accelerometers: their gain counts per m/s2, so that it cannot give a ground velocity.
ACCELEROMETER = "N"


@dataclass(frozen=True)
class MagnitudeData:
    """Tensors of `n` records and the names that evaluation groups by.

    Attributes
    ----------
    waveforms : Tensor, shape (n, 3, samples)
        Counts, components ZNE.
    picks_p, picks_s : Tensor, shape (n, k)
        Samples; NaN = none.
    magnitude, sensitivity, snr_db, distance_km : Tensor, shape (n,)
        NaN where unknown; sensitivity in counts per m/s.
    event, name : ndarray of str, shape (n,)
        Event of the record (its own name where it has none) and trace name.
    """

    waveforms: Tensor
    picks_p: Tensor
    picks_s: Tensor
    magnitude: Tensor
    sensitivity: Tensor
    snr_db: Tensor
    distance_km: Tensor
    event: np.ndarray
    name: np.ndarray

    def __len__(self) -> int:
        return len(self.waveforms)

    @property
    def npts(self) -> int:
        """Samples per record."""
        return self.waveforms.shape[-1]

    @property
    def is_event(self) -> Tensor:
        """Mask of records with a magnitude and at least one pick."""
        return self.magnitude.isfinite() & (self.picks_p.isfinite().any(1) | self.picks_s.isfinite().any(1))

    def to(self, device: torch.device | str) -> MagnitudeData:
        """Move all tensors."""
        moved = {f.name: getattr(self, f.name).to(device) for f in fields(self) if f.name not in ("event", "name")}
        return replace(self, **moved)

    def subset(self, keep: Tensor | np.ndarray) -> MagnitudeData:
        """Records chosen by mask or index."""
        index = torch.as_tensor(np.asarray(keep.cpu() if isinstance(keep, Tensor) else keep))
        rows = index.nonzero()[:, 0] if index.dtype == torch.bool else index.long()
        chosen = {f.name: getattr(self, f.name)[rows.to(self.waveforms.device)] for f in fields(self)
                  if f.name not in ("event", "name")}
        return replace(self, **chosen, event=self.event[rows.numpy()], name=self.name[rows.numpy()])


def from_records(records: Records) -> MagnitudeData:
    """Gather what the chapter needs from records; a missing column is filled with NaN and found out by the checks."""
    frame = records.metadata
    waveforms = records.waveforms.float()
    device = waveforms.device
    names = frame["trace_name"].astype(str).to_numpy() if "trace_name" in frame else np.arange(len(frame)).astype(str)
    return MagnitudeData(
        waveforms=waveforms, picks_p=records.picks("P").float(), picks_s=records.picks("S").float(),
        magnitude=_column(frame, "source_magnitude", device), sensitivity=_column(frame, SENSITIVITY, device),
        snr_db=_column(frame, "trace_snr_db", device), distance_km=_column(frame, "path_hyp_distance_km", device),
        event=_events(frame, names), name=names)


def check_magnitudes(data: MagnitudeData, source: str) -> None:
    """Refuse data that no magnitude model can learn from."""
    if not data.magnitude.isfinite().any():
        raise DataError(f"{source} has no magnitudes (column source_magnitude is missing or empty); magnitude models "
                        "need them. Use another data set, or train a phase model (--mode train_phase)")
    if not data.is_event.any():
        raise DataError(f"{source} has no record with both a magnitude and a pick")


def check_sensitivity(data: MagnitudeData, amplitude: str, source: str) -> None:
    """``physical`` refuses data without the gain of every event record."""
    if amplitude != "physical":
        return
    good = torch.nan_to_num(data.sensitivity) > 0
    if not bool(good.all()):
        raise DataError(f"amplitude='physical' needs {SENSITIVITY} for every record; {source} lacks it for "
                        f"{int((~good).sum())} of {len(data)} records. Use amplitude='counts'")


def drop_unlabelled(data: MagnitudeData, offset: float) -> tuple[MagnitudeData, int]:
    """Keep noise and events with M > -offset; events below are dropped (not turned into noise) and counted."""
    drop = data.is_event & ~usable(data.magnitude, offset)
    orphan = data.magnitude.isfinite() & ~data.is_event  # a magnitude but no pick: the onset is unknown
    keep = ~(drop | orphan)
    return data.subset(keep), int((~keep).sum())


def _column(frame: pd.DataFrame, name: str, device: torch.device) -> Tensor:
    known = name in frame
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(float) if known else np.full(len(frame), np.nan)
    return torch.as_tensor(values.copy(), dtype=torch.float32, device=device)


def _events(frame: pd.DataFrame, names: np.ndarray) -> np.ndarray:
    if "source_id" not in frame:
        return names
    ids = frame["source_id"]
    return np.where(ids.isna(), names, ids.astype(str))
