"""What is recorded of the chapter: every model trained on one core and scored, and a picker on real records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from quakebook.magnitude.api import arrays_of, score_checkpoint, train
from quakebook.magnitude.data.splits import load_splits
from quakebook.magnitude.live import live_config
from quakebook.magnitude.model_types import lookup
from quakebook.magnitude.networks.checkpoint import load
from quakebook.magnitude.scoring.history import load_history
from quakebook.magnitude.scoring.scores import score_magnitudes
from quakebook.magnitude.settings import Config, config
from quakebook.magnitude.studies import baselines
from quakebook.training.recorded import Outcome

from . import real_records

#: Whole windows are kept for the figures of one seed only, as float16 scaled to their peak.
EXAMPLE_SEED, EXAMPLES = 1, 4


def training(job: str, group: str, seed: int, overrides: Sequence[str]) -> Outcome:
    """Train a model (or take the finished run) and score it on the test split; baselines are fitted in one go."""
    settings = config(*overrides, f"training.seed={seed}", preset="quick")
    fitted_at_once = lookup(settings.network.type).batch_size == 0
    run, tree, predictions, history = _baseline(settings) if fitted_at_once else network(settings)
    head = {key: tree.pop(key) for key in ("model_type", "title", "data")}
    facts = {**head, "job": job, "group": group, "seed": seed, "seeds": [seed], "architecture": "published",
             "evaluation": tree, "history": history}
    metrics = {f"{job}-seed{seed}.{key}": value for key, value in headline(tree).items()}
    return Outcome(metrics, small(arrays_of(predictions), keep_examples=seed == EXAMPLE_SEED), settings, run, facts)


def real() -> Outcome:
    """Picks of a PhaseNet trained on synthetic records, on the real sample.

    Raises
    ------
    FileNotFoundError
        The Northern California sample is not on this machine.
    """
    from quakebook.data import required_sample_path

    required_sample_path()
    settings = live_config("quick", "phasenet", None, "optimiser.lr=1e-2")
    run = train(settings)
    return real_records.outcome(real_records.apply(run), settings, run)


def headline(evaluation: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of an evaluation that tables show: magnitude errors, or picks within 0.5 s and their residuals."""
    if "scores" in evaluation:
        numbers = dict(evaluation["scores"])
    else:
        numbers = {f"{phase}.{key}": evaluation[phase]["within_0.5s"][key]
                   for phase in "PS" for key in ("precision", "recall", "f1")}
        numbers |= {f"{phase}.{key}_s": evaluation[phase]["residual"][key]
                    for phase in "PS" for key in ("mean", "std", "mae")}
    return numbers


def network(settings: Config) -> tuple[Any, dict[str, Any], Any, dict[str, Any]]:
    """Train and score: run, scores, predictions, history."""
    splits = load_splits(settings.data)
    run = train(settings, splits=splits)
    history, _ = load_history(str(run.path / "training_history.pt"))
    tree, predictions = score_checkpoint(load(run.path / "model_best.pt"), splits, settings.evaluation)
    return run, tree, predictions, history


def _baseline(settings: Config) -> tuple[None, dict[str, Any], Any, dict[str, Any]]:
    splits = load_splits(settings.data)
    entry = lookup(settings.network.type)
    predictions = baselines.predict(baselines.fit(entry.name, splits.train), splits.test)
    scores = score_magnitudes(predictions, draws=settings.evaluation.bootstrap)
    return None, {"model_type": entry.name, "title": entry.title, "data": splits.label, **scores}, predictions, {}


def small(arrays: Mapping[str, Any], keep_examples: bool) -> dict[str, Any]:
    """Single precision, and examples of one seed only."""
    kept: dict[str, Any] = {}
    for name, values in arrays.items():
        values = np.asarray(values)
        if not name.startswith("example_"):
            kept[name] = values.astype(np.float32) if values.dtype.kind == "f" else values
        elif keep_examples:
            values = values[:: max(len(values) // EXAMPLES, 1)][:EXAMPLES].astype(np.float32)
            if name == "example_waveforms":
                values = values / np.maximum(np.abs(values).max(axis=(1, 2), keepdims=True), 1e-10)
            kept[name] = values.astype(np.float16)
    return kept
