"""Picks of a phase model on the fixed windows of a set, and what the benchmark tasks need."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quakebook.magnitude.data.batches import network_input, targets, task_of, windows_of
from quakebook.magnitude.data.tensors import MagnitudeData
from quakebook.magnitude.data.windows import phase_starts
from quakebook.magnitude.model_types import lookup

from .pick_scores import WindowPicks

RATE_HZ = 100.0
#: The benchmark's short windows: 10 s with one onset, placed by the same hash as the long ones.
SHORT_SAMPLES = 1000
EXAMPLES = 20


@dataclass(frozen=True)
class PhasePredictions:
    """One pick per phase and window, short-window maxima, sums of whole traces and a few whole windows."""

    picks: dict[str, WindowPicks]
    is_event: NDArray[np.bool_]
    short: dict[str, NDArray[np.float64]]
    sums: dict[str, float]
    examples: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    seconds_per_record: float = float("nan")


@torch.no_grad()
def predict_phases(model: nn.Module, model_type: str, data: MagnitudeData, batch_size: int = 64) -> PhasePredictions:
    """Run a picker over fixed 30 s windows; model and data on one device."""
    entry = lookup(model_type)
    task = task_of(model, entry.family, entry.window_samples)
    start = phase_starts(data.name, data.picks_p, data.picks_s, data.npts, task.window)
    order = [task.phases.index(phase) for phase in "PS"]
    began, rows, sums, short, examples = time.perf_counter(), [], np.zeros(4), [], {}
    model.eval()
    for record in torch.arange(len(data), device=start.device).split(batch_size):
        windows = windows_of(data, record, start[record], task.window)
        curves = model(network_input(model, windows, data.sensitivity[record])).float()
        label = targets(task, data, record, start[record])
        sums += _sums(curves, label)
        labelled = torch.stack([_first_inside(picks[record] - start[record][:, None], task.window)
                                for picks in (data.picks_p, data.picks_s)], dim=1)
        curves = curves[:, order]
        rows.append(torch.stack([curves.amax(-1), curves.argmax(-1).float(), labelled], dim=-1).cpu())
        short.append(_short_windows(curves, labelled))
        if not examples:
            examples = {"waveforms": windows[:EXAMPLES].cpu().numpy(), "curves": curves[:EXAMPLES].cpu().numpy(),
                        "label": label[:EXAMPLES, order].cpu().numpy(), "picks_s": labelled[:EXAMPLES].cpu().numpy()
                        / RATE_HZ}
    table = torch.cat(rows).double().numpy()  # (records, phase, [height, place, label])
    picks = {phase: WindowPicks(table[:, k, 0], table[:, k, 1] / RATE_HZ, table[:, k, 2] / RATE_HZ)
             for k, phase in enumerate("PS")}
    return PhasePredictions(picks, data.has_pick.cpu().numpy(), _join(short),
                            dict(zip(("squared_error", "label", "label_squared", "n"), sums.tolist(), strict=True)),
                            examples, (time.perf_counter() - began) / max(len(data), 1))


def _sums(curves: Tensor, label: Tensor) -> NDArray[np.float64]:
    return np.array([float((curves - label).double().square().sum()), float(label.double().sum()),
                     float(label.double().square().sum()), float(label.numel())])


def _first_inside(picks: Tensor, n_samples: int) -> Tensor:
    inside = picks.where((picks >= 0) & (picks < n_samples), torch.full_like(picks, torch.inf)).amin(1)
    return inside.where(inside.isfinite(), torch.full_like(inside, torch.nan))


def _short_windows(curves: Tensor, labelled: Tensor) -> dict[str, Tensor]:
    """10 s windows with exactly one onset: maxima of P and S, which onset it is, and the place of its maximum."""
    kept: dict[str, list[Tensor]] = {"score_p": [], "score_s": [], "is_p": [], "error_s": []}
    n = curves.shape[-1]
    for row, (p, s) in enumerate(labelled.tolist()):
        for phase, pick, other in ((0, p, s), (1, s, p)):
            if not np.isfinite(pick):
                continue
            place = 0.2 + 0.6 * (int(pick) * 7919 % 97) / 97  # scattered over the window, the same every time
            first = int(min(max(pick - SHORT_SAMPLES * place, 0), n - SHORT_SAMPLES))
            if np.isfinite(other) and first <= other < first + SHORT_SAMPLES:
                continue
            piece = curves[row, :, first:first + SHORT_SAMPLES]
            kept["score_p"].append(piece[0].amax())
            kept["score_s"].append(piece[1].amax())
            kept["is_p"].append(torch.tensor(float(phase == 0)))
            kept["error_s"].append((piece[phase].argmax() + first - pick) / RATE_HZ)
    return {name: torch.stack([value.cpu().float() for value in values]) if values else torch.zeros(0)
            for name, values in kept.items()}


def _join(parts: list[dict[str, Any]]) -> dict[str, NDArray[np.float64]]:
    return {name: torch.cat([part[name] for part in parts]).double().numpy() for name in parts[0]} if parts else {}
