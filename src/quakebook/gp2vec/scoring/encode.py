"""Features for the probes: pooled over the window, and at the frames that are asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..data.windows import Pool, cut, standardise
from ..networks.backbone import Backbone
from .tasks import FRAME_TASKS, Questions, frames_at, questions

#: Windows (b, 3, N), standardised, with their metadata, to features (b, T, D) by layer.
Encoder = Callable[[Tensor, dict[str, Tensor] | None], dict[str, Tensor]]


@dataclass(frozen=True)
class Features:
    """Features of n windows.

    Attributes
    ----------
    pooled : dict of ndarray, shape (n, 3 D)
        By layer: mean, standard deviation and maximum over the frames.
    frames : dict of dict of ndarray, shape (n, 3, D)
        By layer and frame task.
    questions : Questions
    events : ndarray of str, shape (n,)
    """

    pooled: dict[str, np.ndarray]
    frames: dict[str, dict[str, np.ndarray]]
    questions: Questions
    events: np.ndarray


def pool_frames(features: Tensor) -> Tensor:
    """(b, T, D) to (b, 3 D): mean, standard deviation and maximum. The mean alone hides short events."""
    return torch.cat([features.mean(1), features.std(1, correction=0), features.amax(1)], dim=1)


def layers_of(depth: int) -> tuple[int, ...]:
    """Layers that a probe may choose from: the Transformer's input, its middle and its last block."""
    return tuple(dict.fromkeys((0, (depth + 1) // 2, depth)))


def network_encoder(model: Backbone, layers: Sequence[int] | None = None) -> Encoder:
    """The frozen network as an encoder; call it in evaluation mode."""
    chosen = layers_of(model.plan.depth) if layers is None else tuple(layers)

    def encode(windows: Tensor, metadata: dict[str, Tensor] | None) -> dict[str, Tensor]:
        _, kept = model.contexts(model.latents(windows)[1], metadata if model.fusion is not None else None, keep=True)
        return {f"block {k}": kept[k] for k in chosen}

    return encode


@torch.no_grad()
def extract(encoder: Encoder, pool: Pool, samples: int, batch_size: int, seed: int = 0) -> Features:
    """Features of the fixed windows of a pool."""
    device = pool.waveforms.device
    start = pool.fixed_starts(samples)
    asked = questions(pool, start, samples, seed)
    pooled: dict[str, list[np.ndarray]] = {}
    frames: dict[str, dict[str, list[np.ndarray]]] = {}
    for rows in torch.arange(len(pool), device=device).split(batch_size):
        windows = standardise(cut(pool.waveforms, rows, start[rows], samples))
        metadata = {name: value[rows] for name, value in pool.metadata.items()}
        for layer, values in encoder(windows, metadata).items():
            values = values.float()
            pooled.setdefault(layer, []).append(pool_frames(values).cpu().numpy())
            for task in FRAME_TASKS:
                index = frames_at(asked.time_s[task][rows.cpu()], samples, values.shape[1]).to(device)
                chosen = values.gather(1, index[..., None].expand(-1, -1, values.shape[2]))
                frames.setdefault(layer, {}).setdefault(task, []).append(chosen.cpu().numpy())
    return Features({layer: np.concatenate(parts) for layer, parts in pooled.items()},
                    {layer: {task: np.concatenate(parts) for task, parts in tasks.items()}
                     for layer, tasks in frames.items()}, asked, pool.events)
