"""What a pretrained network is compared with: random weights, handcrafted features, boosted trees, from scratch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from ..data.windows import Pool, cut
from ..experiment import build
from ..objective.pretraining import GP2Vec
from ..scoring.encode import Features, extract
from ..scoring.finetune import Recipe, fit_network, predict
from ..scoring.probes import NUMBERS, ProbeResult, rows_of, score
from ..scoring.tasks import FRAME_TASKS, WINDOW_TASKS, split
from ..settings import GP2VecConfig
from .handcrafted_features import frame_features

#: Boosted trees: learning rate, iterations, rows per leaf, L2.
TREES = {"learning_rate": 0.08, "max_iter": 150, "min_samples_leaf": 10, "l2_regularization": 1.0}


def random_network(settings: GP2VecConfig, seed: int) -> GP2Vec:
    """The same architecture with its start weights."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return build(settings).eval()


def handcrafted(pool: Pool, samples: int, batch_size: int) -> Features:
    """Handcrafted features of the probe windows."""
    return extract(frame_features, pool, samples, batch_size)


def trees(features: Features, task: str, parts: dict[str, np.ndarray] | None = None,
          labelled: np.ndarray | None = None, seed: int = 0) -> ProbeResult:
    """Gradient-boosted trees on the features of one layer (handcrafted ones have one only)."""
    parts = split(features.events) if parts is None else parts
    layer = next(iter(features.pooled))
    x, y, record = rows_of(features, layer, task)
    train = np.isin(record, parts["train"] if labelled is None else labelled)
    test = np.isin(record, parts["test"])
    if task in NUMBERS:
        answer = HistGradientBoostingRegressor(random_state=seed, **TREES).fit(x[train], y[train]).predict(x[test])
    else:
        model = HistGradientBoostingClassifier(random_state=seed, class_weight="balanced", **TREES)
        model.fit(x[train], y[train])
        answer = model.predict_proba(x[test])[:, 1] if task in ("P", "S") else model.predict(x[test])
    return ProbeResult(score(task, y[test], answer), layer, 0.0, y[test], answer, features.events[record[test]])


def shuffled(features: Features, seed: int = 0) -> Features:
    """The same features with labels that have nothing to do with them: all methods must be at chance.

    Labels change places among all that were asked of a task, frames of one window included: a frame task asks its
    questions in a fixed order, so that exchanging whole windows would leave most labels where they were.
    """
    generator, label = np.random.default_rng(seed), {}
    for task, values in features.questions.label.items():
        mixed = values.clone()
        asked = torch.isfinite(values) if values.is_floating_point() else values >= 0
        rows = torch.as_tensor(generator.permutation(int(asked.sum())))
        mixed[asked] = values[asked][rows]
        label[task] = mixed
    return replace(features, questions=replace(features.questions, label=label))


def supervised(model: GP2Vec, pool: Pool, task: str, recipe: Recipe, seed: int, samples: int,
               labelled: np.ndarray | None = None, batch_size: int = 128) -> ProbeResult:
    """Fine-tuning (or, by the recipe, training from scratch) on a window task.

    The number that is regressed is standardised with the training labels.
    """
    if task not in WINDOW_TASKS:
        raise ValueError(f"fine-tuning answers {', '.join(WINDOW_TASKS)}; found {task!r} "
                         f"({', '.join(FRAME_TASKS)} are asked of frames)")
    from ..scoring.tasks import questions

    start = pool.fixed_starts(samples)
    label = questions(pool, start, samples).label[task].numpy()
    parts = split(pool.events)
    known = np.isfinite(label) if task in NUMBERS else label >= 0
    train = parts["train"] if labelled is None else labelled
    train, test = train[known[train]], parts["test"][known[parts["test"]]]
    windows = {name: _windows(pool, start, rows, samples) for name, rows in (("train", train), ("test", test))}
    classes = 0 if task in NUMBERS else int(label[known].max()) + 1
    mean, spread = (label[train].mean(), label[train].std() + 1e-9) if task in NUMBERS else (0.0, 1.0)
    network = fit_network(model, windows["train"], (label[train] - mean) / spread if task in NUMBERS else label[train],
                          recipe, seed, classes)
    out = predict(network, windows["test"], batch_size)
    answer = out[:, 0] * spread + mean if task in NUMBERS else out.argmax(1)
    return ProbeResult(score(task, label[test], answer), "fine-tuned", 0.0, label[test], answer, pool.events[test])


def _windows(pool: Pool, start: torch.Tensor, rows: np.ndarray, samples: int) -> torch.Tensor:
    index = torch.as_tensor(rows, device=pool.waveforms.device)
    return cut(pool.waveforms, index, start[index], samples)


def bootstrap_difference(first: ProbeResult, second: ProbeResult, task: str, draws: int = 400,
                         seed: int = 0) -> tuple[float, float, float]:
    """Score of `first` minus that of `second` on the same test rows, with its 95 % interval over events.

    Returns
    -------
    difference, low, high : float
    """
    if not np.array_equal(first.truth, second.truth):
        raise ValueError("both results must have the same test rows")
    names, member = np.unique(first.events.astype(str), return_inverse=True)
    rows = [np.flatnonzero(member == k) for k in range(len(names))]
    generator, values = np.random.default_rng(seed), []
    for _ in range(draws):
        chosen = np.concatenate([rows[k] for k in generator.integers(len(names), size=len(names))])
        values.append(score(task, first.truth[chosen], first.answer[chosen])
                      - score(task, second.truth[chosen], second.answer[chosen]))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return first.score - second.score, float(low), float(high)
