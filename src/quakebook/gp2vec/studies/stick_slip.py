"""Displacement from shaking on the synthetic stick-slip sequence: boosted trees, frozen features, an oracle.

The same kind of experiment as in Johnson, Wang and Johnson (2025); none of their data or numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.preprocessing import PolynomialFeatures, StandardScaler
from torch import Tensor

from ..data.caldera import Sequence, Windows, cut_windows, windows
from ..data.windows import standardise
from ..objective.pretraining import GP2Vec
from ..scoring.encode import layers_of, pool_frames
from .baselines import TREES
from .handcrafted_features import window_features

#: Iterations of the boosted trees and ridge penalties that validation chooses from.
ITERATIONS, PENALTIES = (60, 120, 150), (1e-3, 1e-2, 1e-1, 1.0)
#: Leads of the near-future experiment as shares of the mean cycle.
LEADS = (0.0, 0.025, 0.05, 0.10, 0.15, 0.20)


@dataclass(frozen=True)
class Answer:
    """Predictions for all windows in mm; what was chosen on validation; scores on the test cycles."""

    predicted_mm: np.ndarray
    chosen: str
    r2: float
    rmse_mm: float
    r2_dev: float


@dataclass(frozen=True)
class Task:
    """Windows, targets in mm (n,), and the parts; `known` marks windows whose target lies inside the sequence."""

    which: Windows
    target_mm: np.ndarray
    known: np.ndarray

    def rows(self, part: str) -> np.ndarray:
        rows = self.which.parts[part]
        return rows[self.known[rows]]


def task(data: Sequence, lead_s: float = 0.0) -> Task:
    """The displacement `lead_s` after the last second of each window; its cycle must still belong to the part."""
    which = windows(data)
    at = which.end_s - 1 + round(lead_s)
    inside = at < len(data.displacement_m)
    at = np.minimum(at, len(data.displacement_m) - 1)
    part = np.full(len(at), -1)
    edge = {}
    for k, name in enumerate(("train", "dev", "test")):
        part[which.parts[name]] = k
        edge[k] = which.cycle[which.parts[name]].max()
    last = np.array([edge.get(k, -1) for k in part])
    return Task(which, 1000 * data.displacement_m[at], inside & (data.cycle[at] <= last))


def scored(asked: Task, predicted: np.ndarray, chosen: str, r2_dev: float = float("nan")) -> Answer:
    """Predictions (n,) in mm with their R2 and root mean square error on the test cycles."""
    rows = asked.rows("test")
    truth, answer = asked.target_mm[rows], predicted[rows]
    return Answer(predicted, chosen, float(r2_score(truth, answer)), float(np.sqrt(np.mean((truth - answer) ** 2))),
                  r2_dev)


def oracle(data: Sequence, asked: Task) -> Answer:
    """A cubic function of the true stress and of the early transient, fitted on the training cycles."""
    at = asked.which.end_s - 1
    x = np.stack([data.stress[at], np.exp(-data.since_s[at] / (0.08 * data.cycle_s))], 1)
    x = PolynomialFeatures(3).fit_transform(x)
    train, dev = asked.rows("train"), asked.rows("dev")
    predicted = Ridge(1e-6).fit(x[train], asked.target_mm[train]).predict(x)
    return scored(asked, predicted, "cubic", float(r2_score(asked.target_mm[dev], predicted[dev])))


def boosted_trees(waves: Tensor, asked: Task, normalised: bool, context: int = 1, seed: int = 0) -> Answer:
    """Gradient-boosted trees on 72 statistics of each window, of standardised windows where asked; `context` windows
    in a row are read together."""
    x = window_features((standardise(waves) if normalised else waves).numpy())
    x = np.concatenate([np.roll(x, k, axis=0) for k in range(context)], 1)
    train, dev, best = asked.rows("train"), asked.rows("dev"), None
    for iterations in ITERATIONS:
        model = HistGradientBoostingRegressor(random_state=seed, **{**TREES, "max_iter": iterations})
        predicted = model.fit(x[train], asked.target_mm[train]).predict(x)
        on_dev = float(r2_score(asked.target_mm[dev], predicted[dev]))
        if best is None or on_dev > best[0]:
            best = on_dev, predicted, iterations
    return scored(asked, best[1], f"{best[2]} iterations", best[0])


@torch.no_grad()
def network_features(model: GP2Vec, waves: Tensor, batch_size: int = 64) -> dict[str, np.ndarray]:
    """Pooled frozen features (n, 3 D + 3) of each layer, with the window's log amplitude per component."""
    device, out = next(model.parameters()).device, {}
    model.eval()
    for rows in torch.arange(len(waves)).split(batch_size):
        batch = waves[rows].to(device)
        amplitude = batch.std(-1).clamp_min(1e-10).log10()
        kept = model.contexts(model.latents(standardise(batch))[1], keep=True)[1]
        for layer in layers_of(model.plan.depth):
            pooled = torch.cat([pool_frames(kept[layer].float()), amplitude], 1)
            out.setdefault(f"block {layer}", []).append(pooled.cpu().numpy())
    return {layer: np.concatenate(parts).astype(np.float64) for layer, parts in out.items()}


def ridge(features: dict[str, np.ndarray], asked: Task) -> Answer:
    """Ridge on frozen features; layer and penalty are chosen on the validation cycles."""
    train, dev, best = asked.rows("train"), asked.rows("dev"), None
    for layer, x in features.items():
        x = StandardScaler().fit(x[train]).transform(x)
        for penalty in PENALTIES:
            predicted = Ridge(penalty * len(train), solver="cholesky").fit(x[train], asked.target_mm[train]).predict(x)
            on_dev = float(r2_score(asked.target_mm[dev], predicted[dev]))
            if best is None or on_dev > best[0]:
                best = on_dev, predicted, f"{layer}, penalty {penalty:g}"
    return scored(asked, best[1], best[2], best[0])


def cycle_bootstrap(first: Answer, second: Answer, asked: Task, draws: int = 500, seed: int = 0) -> tuple[float, float]:
    """95 % interval of the difference of R2 (first - second) over whole test cycles."""
    rows = asked.rows("test")
    cycles = [rows[asked.which.cycle[rows] == k] for k in np.unique(asked.which.cycle[rows])]
    generator, values = np.random.default_rng(seed), []
    for _ in range(draws):
        chosen = np.concatenate([cycles[k] for k in generator.integers(len(cycles), size=len(cycles))])
        truth = asked.target_mm[chosen]
        values.append(r2_score(truth, first.predicted_mm[chosen]) - r2_score(truth, second.predicted_mm[chosen]))
    return tuple(float(v) for v in np.percentile(values, [2.5, 97.5]))


def mean_cycle(data: Sequence, asked: Task, lead_s: float, now: Answer) -> Answer:
    """The mean displacement of the training cycles a lead later in the cycle, given the predicted state now.

    The state is read from the contemporaneous prediction: the training window whose displacement is nearest answers
    with what came `lead_s` later on average.
    """
    train = asked.rows("train")
    order = np.argsort(now.predicted_mm[train])
    state, later = now.predicted_mm[train][order], asked.target_mm[train][order]
    width = max(5, len(train) // 40)
    smooth = np.convolve(later, np.ones(width) / width, mode="same") / np.convolve(
        np.ones_like(later), np.ones(width) / width, mode="same")
    predicted = np.interp(now.predicted_mm, state, smooth)
    return scored(asked, predicted, "state to mean future")


__all__ = ["LEADS", "Answer", "Task", "boosted_trees", "cut_windows", "cycle_bootstrap", "mean_cycle",
           "network_features", "oracle", "ridge", "scored", "task"]
