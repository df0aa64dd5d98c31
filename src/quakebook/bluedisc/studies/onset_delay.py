"""How far the strong wave train starts from the pick, for P and for S."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from quakebook.data.errors import DataError
from quakebook.data.records import Records

SAMPLING_RATE_HZ = 100.0
#: The amplitude is smoothed over this many samples, and searched this far before and after the pick (our choice).
SMOOTH_SAMPLES, BEFORE_SAMPLES, AFTER_SAMPLES = 11, 100, 300
#: Stations of the published figure: both picks, at most this far, one per step of distance.
MAX_DISTANCE_KM, DISTANCE_STEP_KM = 100.0, 5.0


@dataclass(frozen=True)
class OnsetDelays:
    """Half-maximum of the smoothed amplitude minus pick, in seconds, one row per record; NaN = no pick, or no signal.

    Attributes
    ----------
    p_s, s_s, distance_km : ndarray, shape (n,)
        P on the vertical, S on the horizontals.
    """

    p_s: NDArray[np.float64]
    s_s: NDArray[np.float64]
    distance_km: NDArray[np.float64]

    def spread(self, phase: str) -> float:
        """Interquartile range in seconds."""
        low, high = np.nanquantile(self.p_s if phase == "P" else self.s_s, (0.25, 0.75))
        return float(high - low)


def onset_delays(records: Records) -> OnsetDelays:
    """When the amplitude first passes half of its maximum round a pick, relative to the pick.

    The amplitude (root mean square over the components of the phase) is averaged over 0.1 s; the maximum is taken in
    -1 to +3 s, after P not beyond S.
    """
    p, s = (_earliest(records.picks(phase).cpu()) for phase in ("P", "S"))
    waves = records.waveforms.cpu().float()
    waves = waves - waves.mean(-1, keepdim=True)
    delays = {"P": _half_maximum(waves[:, :1], p, s), "S": _half_maximum(waves[:, 1:], s, None)}
    distance = records.metadata.get("path_ep_distance_km")
    kilometres = np.full(len(records), np.nan) if distance is None else distance.to_numpy(float)
    return OnsetDelays(delays["P"], delays["S"], kilometres)


def _earliest(picks: torch.Tensor) -> torch.Tensor:
    """First pick of each record, (n, k) -> (n,); NaN = none."""
    first = torch.nan_to_num(picks, nan=torch.inf).amin(1)
    return first.where(first.isfinite(), torch.nan)


def _half_maximum(waves: torch.Tensor, pick: torch.Tensor, limit: torch.Tensor | None) -> NDArray[np.float64]:
    kernel = torch.ones(1, 1, SMOOTH_SAMPLES) / SMOOTH_SAMPLES
    amplitude = torch.nn.functional.conv1d(waves.square().mean(1, keepdim=True).sqrt(), kernel, padding="same")[:, 0]
    known = ~pick.isnan()
    start = torch.nan_to_num(pick).round().long() - BEFORE_SAMPLES
    sample = start[:, None] + torch.arange(BEFORE_SAMPLES + AFTER_SAMPLES)
    inside = (sample >= 0) & (sample < amplitude.shape[1])
    if limit is not None:
        inside &= sample < torch.nan_to_num(limit, nan=1e9)[:, None] - SMOOTH_SAMPLES
    values = amplitude.gather(1, sample.clamp(0, amplitude.shape[1] - 1)).where(inside, 0.0)
    largest = values.amax(1, keepdim=True)
    first = (values >= 0.5 * largest).to(torch.int8).argmax(1)
    delay = ((start + first).double() - torch.nan_to_num(pick).double()) / SAMPLING_RATE_HZ
    return delay.where(known & (largest[:, 0] > 0), torch.nan).numpy()


def _with_columns(records: Records, *names: str) -> pd.DataFrame:
    if missing := [name for name in names if name not in records.metadata]:
        raise DataError(f"{records.source}: the metadata lack {', '.join(missing)}, by which records are put in order")
    return records.metadata


def choose_source(records: Records, index: int = 20) -> Any:
    """The source with the (index + 1)-th most records that carry both picks, as the table holds it (text or number)."""
    table = _with_columns(records, "source_id")
    both = ~(records.picks("P").isnan().all(1) | records.picks("S").isnan().all(1)).cpu().numpy()
    counts = table.loc[both, "source_id"].dropna().value_counts()
    if not 0 <= index < len(counts):
        raise ValueError(f"source index must lie between 0 and {len(counts) - 1}, the sources of {records.source} "
                         f"with both picks; found {index}")
    return counts.index[index]


def section(records: Records, source_id: Any) -> NDArray[np.int64]:
    """Rows of a source with both picks within 100 km, the one nearest to every 5 km, by distance."""
    table = _with_columns(records, "source_id", "path_ep_distance_km")
    both = ~(records.picks("P").isnan().all(1) | records.picks("S").isnan().all(1)).cpu().numpy()
    distance = table["path_ep_distance_km"].to_numpy(float)
    of_source = (table["source_id"].astype(str) == str(source_id)).to_numpy()
    rows = np.flatnonzero(both & of_source & (distance <= MAX_DISTANCE_KM))
    if not len(rows):
        raise ValueError(f"source {source_id!r} has no record with both picks within {MAX_DISTANCE_KM:g} km")
    marks = np.arange(0, MAX_DISTANCE_KM + 1, DISTANCE_STEP_KM)
    chosen = {int(rows[np.abs(distance[rows] - mark).argmin()]) for mark in marks
              if np.abs(distance[rows] - mark).min() <= DISTANCE_STEP_KM}
    return np.array(sorted(chosen, key=lambda row: distance[row]), dtype=np.int64)
