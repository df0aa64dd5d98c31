"""`DownstreamEvaluator`: phase picking, tremor and magnitude bins from frozen features, or by fine-tuning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score
from sklearn.model_selection import GroupShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor, nn

from ..data.metadata import collate
from ..data.windows import log_rms
from ..networks.backbone import Backbone
from .encode import pool_frames
from .finetune import Recipe, fit_network, predict

Labels = Tensor | np.ndarray | Sequence[float]
Metadata = Mapping[str, Tensor] | Sequence[Mapping[str, Any]] | None
#: Linear probe in torch: Adam, epochs and batch of the published evaluator.
PROBE_LR, PROBE_EPOCHS, PROBE_BATCH = 1e-3, 100, 64


class DownstreamEvaluator:
    """Scores of a network's features on labelled windows.

    Parameters
    ----------
    model : GP2Vec
        Put into evaluation mode; its weights are never changed.
    device : str, optional
        Default: where the model is.
    layer : int
        Layer that is read, as in `encode`.
    batch_size : int
    seed : int
        Of the split and of the heads.
    """

    def __init__(self, model: Backbone, device: str | torch.device | None = None, layer: int = -1,
                 batch_size: int = 64, seed: int = 0) -> None:
        self.device = torch.device(device) if device is not None else next(model.parameters()).device
        self.model, self.layer, self.batch_size, self.seed = model.to(self.device).eval(), layer, batch_size, seed

    def evaluate_phase_picking(self, waveforms: Tensor, pick_labels: Labels, metadata: Metadata = None,
                               groups: Sequence[Any] | None = None, test_size: float = 0.3) -> dict[str, Any]:
        """Does a window hold an onset? `pick_labels` (N,) are 0 or 1, or (N, T) per frame.

        Windows that overlap or show one event must share a group, else the test windows are not independent.
        """
        labels = np.asarray(pick_labels)
        if labels.ndim == 2:
            return self._per_frame(waveforms, labels, metadata, groups, test_size)
        return self._evaluate(waveforms, labels, metadata, groups, test_size)

    def evaluate_tremor_detection(self, waveforms: Tensor, tremor_labels: Labels, metadata: Metadata = None,
                                  groups: Sequence[Any] | None = None, test_size: float = 0.3) -> dict[str, Any]:
        """Does a window hold tremor? `tremor_labels` (N,) are 0 or 1."""
        return self._evaluate(waveforms, np.asarray(tremor_labels), metadata, groups, test_size)

    def evaluate_magnitude_estimation(self, waveforms: Tensor, magnitudes: Labels, metadata: Metadata = None,
                                      groups: Sequence[Any] | None = None, test_size: float = 0.3,
                                      num_magnitude_bins: int = 5,
                                      edges: Sequence[float] | None = None) -> dict[str, Any]:
        """Which magnitude bin? Equal widths between the smallest and largest unless inner `edges` are given.

        The amplitude of each component, which standardised windows have lost, joins the features. ``off_by_one`` is
        the accuracy that lets a neighbouring bin count.
        """
        values = np.asarray(magnitudes, float)
        if edges is None:
            edges = np.linspace(values.min(), values.max(), num_magnitude_bins + 1)[1:-1]
        return self._evaluate(waveforms, np.digitize(values, edges), metadata, groups, test_size, amplitude=True,
                              ordered=True)

    def fine_tune(self, waveforms: Tensor, labels: Labels, metadata: Metadata = None,
                  groups: Sequence[Any] | None = None, test_size: float = 0.3,
                  recipe: Recipe | None = None) -> dict[str, Any]:
        """Train head and network (a copy) on the training windows; the same metric keys under "fine_tuning"."""
        y = self._labels(waveforms, np.asarray(labels))
        train, test = self._split(len(y), groups, test_size, y)
        fields = self._metadata(metadata, len(y))
        take = {name: value[torch.as_tensor(train)] for name, value in (fields or {}).items()} or None
        fitted = fit_network(self.model, waveforms[torch.as_tensor(train)].to(self.device), y[train],
                             recipe or Recipe(), self.seed, classes=int(y.max()) + 1, metadata=take)
        rest = {name: value[torch.as_tensor(test)] for name, value in (fields or {}).items()} or None
        logits = predict(fitted, waveforms[torch.as_tensor(test)].to(self.device), self.batch_size, rest)
        return {"fine_tuning": _metrics(y[test], torch.as_tensor(logits).softmax(1).numpy())}

    @torch.no_grad()
    def features(self, waveforms: Tensor, metadata: Metadata = None, amplitude: bool = False) -> np.ndarray:
        """Pooled features (N, 3 D), with `amplitude` three more columns."""
        fields, parts = self._metadata(metadata, len(waveforms)), []
        for rows in torch.arange(len(waveforms)).split(self.batch_size):
            some = {name: value[rows] for name, value in fields.items()} if fields else None
            batch = waveforms[rows].to(self.device)
            pooled = pool_frames(self.model.encode(batch, some, layer=self.layer))
            parts.append(torch.cat([pooled, log_rms(batch)], 1) if amplitude else pooled)
        return torch.cat(parts).float().cpu().numpy()

    def _evaluate(self, waveforms: Tensor, labels: np.ndarray, metadata: Metadata, groups: Sequence[Any] | None,
                  test_size: float, amplitude: bool = False, ordered: bool = False) -> dict[str, Any]:
        y = self._labels(waveforms, labels)
        train, test = self._split(len(y), groups, test_size, y)
        return self._score(self.features(waveforms, metadata, amplitude), y, train, test, ordered)

    def _per_frame(self, waveforms: Tensor, labels: np.ndarray, metadata: Metadata, groups: Sequence[Any] | None,
                   test_size: float) -> dict[str, Any]:
        """Frames are the rows; all frames of a window stay on one side of the split."""
        fields, parts = self._metadata(metadata, len(waveforms)), []
        with torch.no_grad():
            for rows in torch.arange(len(waveforms)).split(self.batch_size):
                some = {name: value[rows] for name, value in fields.items()} if fields else None
                parts.append(self.model.encode(waveforms[rows].to(self.device), some, layer=self.layer).cpu())
        values = torch.cat(parts).float().numpy()
        if labels.shape != values.shape[:2]:
            raise ValueError(f"per-frame labels must have shape {values.shape[:2]}; found {labels.shape}")
        y = labels.astype(int)
        train, test = self._split(len(y), groups, test_size, y.max(1))
        flat = np.arange(y.size).reshape(y.shape)
        return self._score(values.reshape(-1, values.shape[-1]), y.reshape(-1), flat[train].ravel(),
                           flat[test].ravel(), False)

    def _score(self, x: np.ndarray, y: np.ndarray, train: np.ndarray, test: np.ndarray,
               ordered: bool) -> dict[str, Any]:
        scaler = StandardScaler().fit(x[train])
        linear = _linear_probe(scaler.transform(x[train]), y[train], scaler.transform(x[test]), int(y.max()) + 1,
                               self.seed)
        logistic = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000, class_weight="balanced"))
        logistic.fit(x[train], y[train])
        probabilities = np.zeros((len(test), int(y.max()) + 1))
        probabilities[:, logistic.classes_] = logistic.predict_proba(x[test])
        return {"linear_probe": _metrics(y[test], linear, ordered),
                "sklearn": _metrics(y[test], probabilities, ordered)}

    def _labels(self, waveforms: Tensor, labels: np.ndarray) -> np.ndarray:
        if labels.shape != (len(waveforms),):
            raise ValueError(f"labels must have shape ({len(waveforms)},), one a window; found {labels.shape}")
        y = labels.astype(int)
        if (y != labels).any() or y.min() < 0:
            raise ValueError("labels must be whole numbers from 0; found "
                             f"{sorted(set(labels.tolist()))[:5]}")
        return y

    def _split(self, n: int, groups: Sequence[Any] | None, test_size: float,
               y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        groups = np.arange(n) if groups is None else np.asarray(groups)
        if len(groups) != n:
            raise ValueError(f"`groups` must name one group a window, {n}; found {len(groups)}")
        splitter = GroupShuffleSplit(1, test_size=test_size, random_state=self.seed)
        train, test = next(splitter.split(np.zeros((n, 1)), groups=groups))
        if len(np.unique(y[train])) < 2:
            raise ValueError("the training windows hold one class only; give more windows or groups, or another seed")
        return train, test

    def _metadata(self, metadata: Metadata, n: int) -> dict[str, Tensor] | None:
        if metadata is None:
            return None
        fields = dict(metadata) if isinstance(metadata, Mapping) else collate(metadata)
        for name, value in fields.items():
            if len(value) != n:
                raise ValueError(f"`metadata[{name!r}]` must have {n} values, one a window; found {len(value)}")
        return {name: torch.as_tensor(value) for name, value in fields.items()}


def _linear_probe(x: np.ndarray, y: np.ndarray, x_test: np.ndarray, classes: int, seed: int) -> np.ndarray:
    """Class probabilities (n, classes) of one linear layer trained with Adam."""
    generator = torch.Generator().manual_seed(seed)
    inputs, targets = torch.from_numpy(x.astype(np.float32)), torch.from_numpy(y)
    weight = torch.bincount(targets, minlength=classes).clamp_min(1).float().reciprocal()
    layer = nn.Linear(x.shape[1], classes)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    optimiser = torch.optim.Adam(layer.parameters(), lr=PROBE_LR)
    loss = nn.CrossEntropyLoss(weight=weight / weight.sum() * classes)
    for _ in range(PROBE_EPOCHS):
        for rows in torch.randperm(len(inputs), generator=generator).split(PROBE_BATCH):
            optimiser.zero_grad()
            loss(layer(inputs[rows]), targets[rows]).backward()
            optimiser.step()
    with torch.no_grad():
        return layer(torch.from_numpy(x_test.astype(np.float32))).softmax(1).numpy()


def _metrics(truth: np.ndarray, probabilities: np.ndarray, ordered: bool = False) -> dict[str, float]:
    answer = probabilities.argmax(1)
    out = {"accuracy": float(accuracy_score(truth, answer)),
           "f1_macro": float(f1_score(truth, answer, average="macro", zero_division=0)),
           "f1_weighted": float(f1_score(truth, answer, average="weighted", zero_division=0))}
    if probabilities.shape[1] == 2 and len(np.unique(truth)) == 2:
        out["auc"] = float(roc_auc_score(truth, probabilities[:, 1]))
    if ordered:
        out["off_by_one"] = float((np.abs(truth - answer) <= 1).mean())
    return out
