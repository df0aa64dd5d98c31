"""All magnitude models and baselines on one set, one table."""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from quakebook.magnitude.api import evaluate_run, train
from quakebook.magnitude.data.splits import load_splits
from quakebook.magnitude.model_types import MODEL_TYPES, types_of
from quakebook.magnitude.scoring.scores import score_magnitudes
from quakebook.magnitude.settings import Config
from quakebook.magnitude.studies import baselines

from .training import config_of_flags

#: Flags that only one model knows are kept away from the others.
MODELS = (*types_of("magnitude"), "magnet")
BASELINES = ("richter", "constant")


def compare(args: argparse.Namespace) -> pd.DataFrame:
    """Train (or find) each model with the flags that apply to it, score all on the same test records."""
    rows = []
    for model_type in MODELS:
        settings = config_of_flags(_applicable(args, model_type), model_type)
        run = train(settings, root=Path(args.output_dir) / "runs")
        rows.append(_row(model_type, evaluate_run(run, settings)))
    rows += [_baseline(name, settings) for name in BASELINES]
    return pd.DataFrame(rows)


def _baseline(name: str, settings: Config) -> dict[str, float | str]:
    splits = load_splits(settings.data)
    found = baselines.predict(baselines.fit(name, splits.train), splits.test)
    return _row(name, score_magnitudes(found, draws=settings.evaluation.bootstrap))


def _row(model_type: str, tree: dict) -> dict[str, float | str]:
    numbers = {name: tree["scores"][name] for name in ("n", "mae", "rmse", "r2", "bias", "slope")}
    low, high = tree["interval"]["mae"]
    return {"model": MODEL_TYPES[model_type].title, **numbers, "mae_low": low, "mae_high": high}


def _applicable(args: argparse.Namespace, model_type: str) -> argparse.Namespace:
    from .flags import model_flags

    known = {option.name for option in MODEL_TYPES[model_type].options}
    kept = {name: value for name, value in vars(args).items() if name not in model_flags() or name in known}
    return argparse.Namespace(**kept)
