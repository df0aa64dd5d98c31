"""Fine-tuning, and the same training from scratch: a pooled linear head on a copy of the network."""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..data.windows import standardise
from ..networks.backbone import Backbone
from .encode import pool_frames


@dataclass(frozen=True)
class Recipe:
    """How a network is trained on labels.

    Attributes
    ----------
    steps : int
        Updates; the first `head_share` of them move the head only.
    head_share : float
    batch_size : int
    lr, head_lr : float
        Of the last block, and of the head.
    layer_decay : float
        Factor on `lr` from one block to the block below.
    warmup_share : float
    weight_decay : float
    train_encoder : bool
        Also move the convolutions (always needed from scratch).
    scratch : bool
        Start from new weights instead of the given ones, without a head-only phase and without layer decay.
    """

    steps: int = 200
    head_share: float = 0.2
    batch_size: int = 64
    lr: float = 1e-4
    head_lr: float = 1e-3
    layer_decay: float = 0.9
    warmup_share: float = 0.1
    weight_decay: float = 0.01
    train_encoder: bool = False
    scratch: bool = False

    def __post_init__(self) -> None:
        if self.steps < 1 or self.batch_size < 1:
            raise ValueError(f"`steps` and `batch_size` must be at least 1; found {self.steps} and {self.batch_size}")


class Supervised(nn.Module):
    """Network and a linear head on mean, standard deviation and maximum over frames."""

    def __init__(self, body: Backbone, outputs: int) -> None:
        super().__init__()
        self.body, self.norm = body, nn.LayerNorm(3 * body.plan.width)
        self.head = nn.Linear(3 * body.plan.width, outputs)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, windows: Tensor, metadata: dict[str, Tensor] | None = None) -> Tensor:
        """Standardised windows (b, 3, N) to logits or numbers (b, outputs)."""
        return self.head(self.norm(pool_frames(self.body.encode(windows, metadata, normalize=False))))


def fit_network(model: Backbone, windows: Tensor, labels: np.ndarray, recipe: Recipe, seed: int, classes: int = 0,
                metadata: dict[str, Tensor] | None = None) -> Supervised:
    """A trained copy of `model` with a head: `classes` classes, or one number when that is 0.

    Parameters
    ----------
    windows : Tensor, shape (n, 3, N)
        Standardised here, batch by batch.
    labels : ndarray, shape (n,)
    """
    device = windows.device
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        body = type(model)(model.plan) if recipe.scratch else deepcopy(model)
        network = Supervised(body.to(device), classes or 1).train()
        target = torch.as_tensor(labels, device=device)
        target = target.long() if classes else target.float()
        weights = _class_weights(target, classes)
        optimiser, schedule = _optimiser(network, recipe)
        generator = torch.Generator().manual_seed(seed)
        for _ in range(recipe.steps):
            rows = torch.randint(len(windows), (min(recipe.batch_size, len(windows)),), generator=generator).to(device)
            fields = {name: value.to(device)[rows] for name, value in metadata.items()} if metadata else None
            out = network(standardise(windows[rows]), fields)
            loss = (F.cross_entropy(out, target[rows], weight=weights) if classes
                    else F.mse_loss(out[:, 0], target[rows]))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
        return network.eval()


@torch.no_grad()
def predict(network: Supervised, windows: Tensor, batch_size: int = 128,
            metadata: dict[str, Tensor] | None = None) -> np.ndarray:
    """Logits or numbers (n, outputs)."""
    parts = []
    for rows in torch.arange(len(windows)).split(batch_size):
        fields = {name: value[rows].to(windows.device) for name, value in metadata.items()} if metadata else None
        parts.append(network(standardise(windows[rows.to(windows.device)]), fields).float().cpu())
    return torch.cat(parts).numpy()


def _class_weights(target: Tensor, classes: int) -> Tensor | None:
    if not classes:
        return None
    counts = torch.bincount(target, minlength=classes).float()
    return torch.where(counts > 0, counts.sum() / (counts.clamp_min(1) * (counts > 0).sum()), 0.0)


def _optimiser(network: Supervised, recipe: Recipe) -> tuple[torch.optim.Optimizer, Any]:
    """AdamW with a rate per depth; the body's rate is 0 while only the head moves."""
    blocks, depth = network.body.context.blocks, len(network.body.context.blocks)
    used = {id(p) for p in (*network.body.quantiser.parameters(), *network.body.project_target.parameters(),
                            *network.body.project_context.parameters())}
    encoder = {id(p) for p in network.body.encoder.parameters()}
    level = {id(p): i for i, block in enumerate(blocks) for p in block.parameters()}
    groups: dict[tuple[float, float, bool], list[nn.Parameter]] = {}
    for name, p in network.named_parameters():
        if id(p) in used or (id(p) in encoder and not (recipe.train_encoder or recipe.scratch)):
            p.requires_grad_(False)
            continue
        head = not name.startswith("body.")
        below = depth - 1 - level.get(id(p), -1 if id(p) not in level and "context.norm" not in name else depth - 1)
        rate = recipe.head_lr if head else recipe.lr * (1.0 if recipe.scratch else recipe.layer_decay**below)
        groups.setdefault((rate, recipe.weight_decay if p.ndim > 1 else 0.0, not head), []).append(p)
    optimiser = torch.optim.AdamW([{"params": parameters, "lr": rate, "weight_decay": decay}
                                   for (rate, decay, _), parameters in groups.items()], betas=(0.9, 0.98), eps=1e-6)
    wait = 0 if recipe.scratch else int(recipe.head_share * recipe.steps)

    def share(step: int, body: bool) -> float:
        first = wait if body else 0
        if step < first:
            return 0.0
        progress, length = step - first, max(1, recipe.steps - first)
        rise = max(1, int(recipe.warmup_share * length))
        if progress < rise:
            return (progress + 1) / rise
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - rise) / max(1, length - rise))))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(
        optimiser, [lambda step, body=body: share(step, body) for _, _, body in groups])
