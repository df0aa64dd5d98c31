"""Magnitudes of many records on fixed windows: every read-out in one pass, and the sums of the flattened protocol."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quakebook.magnitude.data.batches import Task, network_input, targets, task_of, windows_of
from quakebook.magnitude.data.tensors import MagnitudeData
from quakebook.magnitude.data.windows import P_AT_SAMPLE, anchored_starts
from quakebook.magnitude.model_types import lookup
from quakebook.magnitude.networks.magnet import BEFORE_P_SAMPLES

from .readout import READOUTS, read

#: Records whose whole series is kept for the figures, from small to large events.
EXAMPLES = 12


@dataclass(frozen=True)
class MagnitudePredictions:
    """What a model answers on the fixed windows of a set.

    Attributes
    ----------
    true : ndarray, shape (records,)
        NaN for noise.
    read_outs : dict of ndarray, shape (records,)
        Magnitude by each read-out, label offset subtracted; ``scalar`` for models with one value per record.
    onset_s : ndarray, shape (records,)
        Seconds after the window start; infinite for noise.
    event, snr_db, distance_km, name : ndarray, shape (records,)
    flattened : dict of float
        Error sums when every sample counts as a data point (event records only).
    examples : dict of ndarray
        ``waveforms`` (k, 3, T), ``predicted`` and ``label`` (k, T) of a few events.
    seconds_per_record : float
    """

    true: NDArray[np.float64]
    read_outs: dict[str, NDArray[np.float64]]
    onset_s: NDArray[np.float64]
    event: NDArray[Any]
    name: NDArray[Any]
    snr_db: NDArray[np.float64]
    distance_km: NDArray[np.float64]
    flattened: dict[str, float] = field(default_factory=dict)
    examples: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    seconds_per_record: float = float("nan")

    @property
    def is_event(self) -> NDArray[np.bool_]:
        """Records with a magnitude."""
        return np.isfinite(self.true)

    def values(self, readout: str) -> NDArray[np.float64]:
        """Predicted magnitudes by a read-out (the only one there is for models with one value per record)."""
        return self.read_outs["scalar"] if "scalar" in self.read_outs else self.read_outs[readout]


@torch.no_grad()
def predict_magnitudes(model: nn.Module, model_type: str, data: MagnitudeData, batch_size: int = 64,
                       window_samples: int | None = None, before: int | None = None) -> MagnitudePredictions:
    """Run a magnitude network over fixed windows with P at 5 s (MagNet: at 1 s), or at sample `before`.

    The model and `data` must be on one device.
    """
    entry = lookup(model_type)
    task = task_of(model, entry.family, window_samples or entry.window_samples)
    if before is None:
        before = BEFORE_P_SAMPLES if model_type == "magnet" else P_AT_SAMPLE
    start = anchored_starts(data.picks_p, data.picks_s, before)
    model.eval()
    began, parts, sums = time.perf_counter(), [], _Sums()
    for record in torch.arange(len(data), device=start.device).split(batch_size):
        windows = windows_of(data, record, start[record], task.window)
        output = model(network_input(model, windows, data.sensitivity[record])).float()
        onset = _onset(data, record, start[record])
        if not task.per_sample:
            parts.append({"scalar": output[:, 0] - task.offset})
            continue
        parts.append({name: read(output[:, 0], onset, name) - task.offset for name in READOUTS})
        label = targets(task, data, record, start[record])[:, 0]
        is_event = data.is_event[record]
        sums.add(output[is_event, 0], label[is_event])
    seconds = (time.perf_counter() - began) / max(len(data), 1)
    examples = _examples(model, task, data, start) if task.per_sample else {}
    return _collect(data, start, parts, sums.result(), examples, seconds)


def _onset(data: MagnitudeData, record: Tensor, start: Tensor) -> Tensor:
    picks = torch.cat([data.picks_p[record], data.picks_s[record]], dim=1) - start[:, None]
    return torch.nan_to_num(picks, nan=torch.inf).amin(1)


def _collect(data: MagnitudeData, start: Tensor, parts: list[dict[str, Tensor]], flattened: dict[str, float],
             examples: dict[str, NDArray], seconds: float) -> MagnitudePredictions:
    every = torch.arange(len(data), device=start.device)
    names = parts[0] if parts else {}
    return MagnitudePredictions(
        true=_array(data.magnitude.where(data.is_event, torch.nan)),
        read_outs={name: _array(torch.cat([part[name] for part in parts])) for name in names},
        onset_s=_array(_onset(data, every, start)) / 100.0, event=data.event, name=data.name,
        snr_db=_array(data.snr_db), distance_km=_array(data.distance_km), flattened=flattened, examples=examples,
        seconds_per_record=seconds)


def _array(values: Tensor) -> NDArray[np.float64]:
    return values.detach().double().cpu().numpy()


class _Sums:
    """Sums over all samples of all event records, enough for MAE, RMSE and R2."""

    def __init__(self) -> None:
        self.totals = torch.zeros(5, dtype=torch.float64)

    def add(self, predicted: Tensor, label: Tensor) -> None:
        error, label = (predicted - label).double(), label.double()
        sums = torch.stack([error.abs().sum(), error.square().sum(), label.sum(), label.square().sum()])
        self.totals[:4] += sums.cpu()
        self.totals[4] += label.numel()

    def result(self) -> dict[str, float]:
        absolute, squared, total, total_squared, n = self.totals.tolist()
        if not n:
            return {}
        spread = total_squared - total ** 2 / n
        return {"n": n, "mae": absolute / n, "rmse": (squared / n) ** 0.5, "r2": 1 - squared / spread}


def _examples(model: nn.Module, task: Task, data: MagnitudeData, start: Tensor) -> dict[str, NDArray]:
    """Whole series of a few event records, evenly spread over the magnitudes of the set."""
    events = data.is_event.nonzero()[:, 0]
    if not len(events):
        return {}
    order = events[data.magnitude[events].argsort(stable=True)]
    place = torch.linspace(0, len(order) - 1, min(EXAMPLES, len(order))).round().long()
    record = order[place.to(order.device)]
    windows = windows_of(data, record, start[record], task.window)
    found = {"waveforms": windows, "label": targets(task, data, record, start[record])[:, 0],
             "predicted": model(network_input(model, windows, data.sensitivity[record])).float()[:, 0]}
    return {name: values.cpu().numpy() for name, values in found.items()}
