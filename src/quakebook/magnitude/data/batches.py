"""Cut windows and make labels for one batch, on the device."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from quakebook.picking.labels import phase_labels
from quakebook.picking.windows import cut

from .labels import magnitude_label, onset
from .tensors import MagnitudeData

#: Width of the P and S curves.
SIGMA_SAMPLES = 30.0


@dataclass(frozen=True)
class Task:
    """What a network is asked, apart from its weights.

    Attributes
    ----------
    family : str
        ``phase``, ``magnitude`` or ``baseline``.
    per_sample : bool
        One magnitude per sample (True) or per record.
    window : int
        Samples.
    phases : str
        Order of the output channels (pickers) or picks that define the onset (magnitude).
    offset : float
        Label offset c.
    """

    family: str
    per_sample: bool
    window: int
    phases: str
    offset: float = 0.0


def task_of(model: nn.Module, family: str, window: int) -> Task:
    """Read the task off a model."""
    phases = getattr(model, "phases", None) or "PS"
    return Task(family, getattr(model, "per_sample", True), window, phases, getattr(model, "label_offset", 0.0))


def network_input(model: nn.Module, windows: Tensor, sensitivity: Tensor) -> Tensor:
    """Scale raw windows as the model does itself in `annotate`."""
    if hasattr(model, "preprocess"):
        return model.preprocess(windows, sensitivity)
    return model.annotate_batch_pre(windows, {})


def targets(task: Task, data: MagnitudeData, record: Tensor, start: Tensor) -> Tensor:
    """Labels of windows beginning at `start`: (b, 3, T) for pickers, (b, 1, T) or (b, 1) for magnitudes."""
    picks_p, picks_s = (picks[record] - start[:, None] for picks in (data.picks_p, data.picks_s))
    if task.family == "phase":
        curves = phase_labels(picks_p, picks_s, task.window, sigma_samples=SIGMA_SAMPLES)
        return curves[:, ["PSN".index(phase) for phase in task.phases]]
    magnitude = data.magnitude[record]
    if not task.per_sample:
        return (magnitude + task.offset)[:, None]
    chosen = {"P": [picks_p], "S": [picks_s]}
    picks = torch.cat([part for phase in task.phases for part in chosen[phase]], dim=1)
    return magnitude_label(onset(picks, task.window), magnitude, task.window, task.offset)


def windows_of(data: MagnitudeData, record: Tensor, start: Tensor, length: int) -> Tensor:
    """Raw windows, shape (b, 3, length)."""
    return cut(data.waveforms, record, start, length)
