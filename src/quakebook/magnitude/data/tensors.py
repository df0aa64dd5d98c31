"""Records as the networks want them: tensors on one device, checked once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from quakebook.data import DataError

from .columns import column, distance, events, magnitudes, snr, sources
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
    has_source : Tensor, shape (n,), bool
        The table names an event or gives something in its magnitude column.
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
    has_source: Tensor
    event: np.ndarray
    name: np.ndarray

    def __len__(self) -> int:
        return len(self.waveforms)

    @property
    def npts(self) -> int:
        """Samples per record."""
        return self.waveforms.shape[-1]

    @property
    def has_pick(self) -> Tensor:
        """Mask of records with at least one pick."""
        return self.picks_p.isfinite().any(1) | self.picks_s.isfinite().any(1)

    @property
    def is_event(self) -> Tensor:
        """Mask of records with a magnitude and at least one pick."""
        return self.magnitude.isfinite() & self.has_pick

    @property
    def is_noise(self) -> Tensor:
        """Mask of records without picks and without an event."""
        return ~self.has_pick & ~self.has_source

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
        magnitude=magnitudes(frame, device), has_source=sources(frame, device),
        sensitivity=column(frame, SENSITIVITY, device),
        snr_db=snr(frame, device), distance_km=column(frame, distance(frame), device),
        event=events(frame, names), name=names)


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


def labelled(data: MagnitudeData, offset: float | None) -> tuple[Tensor, dict[str, int]]:
    """Mask of noise, and of events with a pick and a magnitude above -offset; nothing else becomes noise.

    Parameters
    ----------
    data : MagnitudeData
    offset : float or None
        Label offset of the network; None keeps events of any magnitude, for scoring.

    Returns
    -------
    Tensor, shape (n,), bool
    dict
        Reason -> records that are left out, without reasons that leave out none.
    """
    too_small = data.is_event & ~usable(data.magnitude, offset) if offset is not None else data.is_event & False
    reasons = {"magnitude at or below the label offset": too_small,
               "no usable magnitude": ~data.is_noise & ~data.magnitude.isfinite(),
               "no pick": ~data.is_noise & data.magnitude.isfinite() & ~data.has_pick}
    dropped = {reason: int(mask.sum()) for reason, mask in reasons.items() if bool(mask.any())}
    return data.is_noise | (data.is_event & ~too_small), dropped


def drop_unlabelled(data: MagnitudeData, offset: float | None) -> tuple[MagnitudeData, dict[str, int]]:
    """The records that `labelled` keeps, and what it leaves out."""
    kept, dropped = labelled(data, offset)
    return data if bool(kept.all()) else data.subset(kept), dropped


def check_labelled(data: MagnitudeData, dropped: dict[str, int], source: str) -> None:
    """Refuse data of which no event is left, with the reasons and what helps."""
    if not bool(data.is_event.any()):
        spelled = ", ".join(f"{reason}: {count}" for reason, count in dropped.items())
        raise DataError(f"{source} has no event left to learn from ({spelled}). Magnitudes at or below 0 need an "
                        "offset: network.label_offset=1 (--label_offset 1)")
