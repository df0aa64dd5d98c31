"""Linear probes: closed-form ridge on frozen features; layer and penalty are chosen on validation records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh
from sklearn.metrics import r2_score, recall_score, roc_auc_score
from sklearn.preprocessing import StandardScaler

from .encode import Features
from .tasks import FRAME_TASKS, TASKS, split

#: Penalties that are tried, in units of the number of training rows.
PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)
#: Tasks whose answer is a number.
NUMBERS = ("SP", "M")


@dataclass(frozen=True)
class ProbeResult:
    """Score on the test records, the chosen layer and penalty, and what bootstraps need.

    Attributes
    ----------
    score : float
        Balanced accuracy, ROC AUC or R2.
    layer : str
    penalty : float
    truth, answer : ndarray, shape (n,)
        Test labels, and predicted class, score of "onset", or number.
    events : ndarray, shape (n,)
        Event of each test row.
    """

    score: float
    layer: str
    penalty: float
    truth: np.ndarray
    answer: np.ndarray
    events: np.ndarray


class TooFewLabels(ValueError):
    """A task whose training records hold no two classes, or fewer than two numbers."""


def rows_of(features: Features, layer: str, task: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Feature rows, labels and record numbers of a task; frames that are not asked about are left out."""
    label = features.questions.label[task].numpy()
    if task in FRAME_TASKS:
        values = features.frames[layer][task]
        record = np.repeat(np.arange(len(values)), values.shape[1])
        values, label = values.reshape(-1, values.shape[-1]), label.reshape(-1)
    else:
        values, record = features.pooled[layer], np.arange(len(features.pooled[layer]))
    known = np.isfinite(label) if task in NUMBERS else label >= 0
    return values[known].astype(np.float64), label[known], record[known]


def score(task: str, truth: np.ndarray, answer: np.ndarray) -> float:
    """The number of a task; NaN where the test rows hold one class only, or fewer than two rows."""
    if len(truth) < 2 or (task not in NUMBERS and len(np.unique(truth)) < 2):
        return float("nan")
    if task in NUMBERS:
        return float(r2_score(truth, answer))
    if task in ("P", "S"):
        return float(roc_auc_score(truth, answer))
    # mean recall of the classes that occur: the balanced accuracy, without a warning about classes that do not
    return float(recall_score(truth, answer, labels=np.unique(truth), average="macro", zero_division=0))


@dataclass(frozen=True)
class Linear:
    """A fitted ridge: answers x (n, d) by x @ weight + bias."""

    weight: np.ndarray
    bias: np.ndarray

    def answers(self, x: np.ndarray, task: str) -> np.ndarray:
        """Number, score of "onset", or class."""
        out = x @ self.weight + self.bias
        if task in NUMBERS:
            return out[:, 0]
        return out[:, 1] - out[:, 0] if task in ("P", "S") else out.argmax(1)


def fit_ridge(x: np.ndarray, y: np.ndarray, task: str, penalties: Sequence[float] = PENALTIES) -> list[Linear]:
    """Ridge on numbers, or on one-hot targets with balanced class weights, for each penalty times the rows.

    One eigendecomposition of the weighted covariance serves all penalties.
    """
    if task in NUMBERS:
        weight, target = np.ones(len(x)), y[:, None].astype(float)
    else:
        classes, member, counts = np.unique(y, return_inverse=True, return_counts=True)
        weight = (len(y) / (len(classes) * counts))[member]
        target = (y[:, None] == np.arange(int(classes.max()) + 1)).astype(float)
    x_mean, y_mean = np.average(x, axis=0, weights=weight), np.average(target, axis=0, weights=weight)
    centred = x - x_mean
    values, vectors = eigh((centred * weight[:, None]).T @ centred)
    projected = vectors.T @ ((centred * weight[:, None]).T @ (target - y_mean))
    fitted = []
    for penalty in penalties:
        coefficients = vectors @ (projected / (values + penalty * len(x))[:, None])
        fitted.append(Linear(coefficients, y_mean - x_mean @ coefficients))
    return fitted


def probe(features: Features, task: str, parts: dict[str, np.ndarray] | None = None,
          labelled: np.ndarray | None = None, layers: Sequence[str] | None = None) -> ProbeResult:
    """The probe of one task.

    Parameters
    ----------
    features : Features
    task : str
        phase, P, S, kind, SP or M.
    parts : dict of ndarray, optional
        Records of train, dev and test; default by event.
    labelled : ndarray of int, optional
        Only these records of the training part have labels.
    layers : sequence of str, optional
        Layers to choose from; default all.
    """
    if task not in TASKS:
        raise ValueError(f"unknown task {task!r}; known: {', '.join(TASKS)}")
    parts = split(features.events) if parts is None else parts
    train = parts["train"] if labelled is None else labelled
    best: ProbeResult | None = None
    best_dev = -np.inf
    for layer in layers or features.pooled:
        x, y, record = rows_of(features, layer, task)
        inside = {"train": np.isin(record, train), "dev": np.isin(record, parts["dev"]),
                  "test": np.isin(record, parts["test"])}
        if inside["train"].sum() < 2 or (task not in NUMBERS and len(np.unique(y[inside["train"]])) < 2):
            continue
        scaler = StandardScaler().fit(x[inside["train"]])
        scaled = {name: scaler.transform(x[rows]) for name, rows in inside.items()}
        fitted = fit_ridge(scaled["train"], y[inside["train"]], task)
        for penalty, model in zip(PENALTIES, fitted, strict=True):
            on_dev = score(task, y[inside["dev"]], model.answers(scaled["dev"], task))
            if best is None or on_dev > best_dev:
                answer = model.answers(scaled["test"], task)
                truth = y[inside["test"]]
                best_dev = on_dev if np.isfinite(on_dev) else best_dev
                best = ProbeResult(score(task, truth, answer), layer, penalty, truth, answer,
                                   features.events[record[inside["test"]]])
    if best is None:
        raise TooFewLabels(f"task {task!r} needs labelled training records of two classes; found {len(train)} records")
    return best


def probe_all(features: Features, labelled: np.ndarray | None = None) -> dict[str, ProbeResult]:
    """All six tasks; one that cannot be asked of so few records has the score NaN."""
    results, nothing = {}, np.empty(0)
    for task in TASKS:
        try:
            results[task] = probe(features, task, labelled=labelled)
        except TooFewLabels:
            results[task] = ProbeResult(float("nan"), "none", 0.0, nothing, nothing, nothing)
    return results
