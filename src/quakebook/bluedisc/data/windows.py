"""Windows, labels and normalisation, made on the device at each step from whole records."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakebook.data.errors import DataError
from quakebook.data.records import Records
from quakebook.picking import labels, normalise, windows
from quakebook.picking.windows import LENGTH as WINDOW_SAMPLES


@dataclass(frozen=True)
class Windows:
    """A batch of windows.

    Attributes
    ----------
    x : Tensor, shape (b, 3, 3001), float32
        Each component without mean, divided by its peak.
    y : Tensor, shape (b, 3, 3001), float32
        P, S and N or D.
    picks : dict of Tensor, shape (b, k)
        Picks of "P" and "S" in samples after the window start; NaN = none.
    """

    x: Tensor
    y: Tensor
    picks: dict[str, Tensor]


def _lengths(records: Records) -> NDArray[np.int64]:
    """Samples of each trace: ``trace_npts``, or the width of the waveforms where the table does not say."""
    width = records.waveforms.shape[-1]
    column = records.metadata.get("trace_npts")
    npts = np.full(len(records), width) if column is None else column.to_numpy(float)
    wrong = np.flatnonzero(~((npts >= 1) & (npts <= width)))
    if len(wrong):
        raise DataError(f"{records.source}: trace_npts must lie between 1 and {width}, the width of the waveforms, in "
                        f"every row; found {npts[wrong[0]]} in row {wrong[0]} ({len(wrong)} such rows)")
    return npts.astype(np.int64)


class Samples:
    """Records with their picks on one device, cut into windows.

    Parameters
    ----------
    records : Records
    label : {"N", "D"}
        Third channel.
    """

    def __init__(self, records: Records, label: str = "N") -> None:
        self.records, self.label = records, label
        device = records.waveforms.device
        self.picks = {phase: records.picks(phase).to(device) for phase in ("P", "S")}
        for phase, picks in self.picks.items():
            if len(records) and (picks.shape[1] == 0 or bool(picks.isnan().all())):
                raise DataError(f"{records.source}: none of the {len(records)} records has a pick of phase {phase}; "
                                "training and evaluation need P and S picks")
        self.npts = torch.tensor(_lengths(records), dtype=torch.int64, device=device)

    def __len__(self) -> int:
        return len(self.records)

    def names(self) -> list[str]:
        """Trace names, in the order of the records."""
        return [str(name) for name in self.records.metadata["trace_name"]]

    def cut(self, record: Tensor, start: Tensor) -> Windows:
        """Windows that begin at sample `start` (b,) of the records with index `record` (b,)."""
        raw = windows.cut(self.records.waveforms, record, start, WINDOW_SAMPLES)
        picks = {phase: windows.relative(table, record, start) for phase, table in self.picks.items()}
        return Windows(normalise.per_component_peak(raw.float()), render(picks, self.label), picks)

    def draw(self, record: Tensor, generator: torch.Generator) -> Windows:
        """Random training windows of the records `record` (b,)."""
        start = windows.draw_training(self.picks["P"], self.picks["S"], self.npts, record, generator)
        return self.cut(record, start)

    def fixed_starts(self) -> Tensor:
        """First samples (n,) of the evaluation windows: one per record, set by the trace name."""
        return windows.fixed(self.names(), self.picks["P"], self.picks["S"], self.npts)


def render(picks: dict[str, Tensor], label: str, n_samples: int = WINDOW_SAMPLES) -> Tensor:
    """Label curves (b, 3, samples) of picks relative to the window start."""
    if label == "N":
        return labels.phase_labels(picks["P"], picks["S"], n_samples)
    phases = labels.phase_labels(picks["P"], picks["S"], n_samples, noise=False)
    return torch.cat([phases, labels.detection_label(picks["P"], picks["S"], n_samples)], dim=1)
