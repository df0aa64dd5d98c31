"""Train one network and keep it as a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from quakebook.training import runs
from quakebook.training.loop import fit

from .experiment import MagnitudeExperiment
from .factory import model_class
from .options import lookup
from .settings import Config
from .sources import Splits, load_splits

PAPER = "magnitude"


def train(config: Config, root: str | Path | None = None, splits: Splits | None = None) -> runs.Run:
    """Train, or return the finished run of the same configuration, data and source.

    Parameters
    ----------
    config : Config
        As `quakebook.magnitude.config` makes it. With ``optimisation.epochs`` set, steps and epoch length follow from
        the number of training records; otherwise ``training.steps`` and ``training.validate_every`` count.
    root : path, optional
        Where runs are kept.
    splits : Splits, optional
        Data in memory already (tuning trains many models on one set).

    Returns
    -------
    Run
        Holds ``model_best.pt``, ``model_final.pt``, ``training_history.pt``.
    """
    entry = lookup(config.model.type)
    if entry.name in ("richter", "constant"):
        raise ValueError(f"{entry.name!r} is fitted in one go, not trained: see quakebook.magnitude.baselines")
    splits = load_splits(config.data) if splits is None else splits
    config = in_steps(config, splits)

    def work(run: runs.Run) -> None:
        experiment = MagnitudeExperiment(config, splits)
        experiment.run = run
        fit(experiment, config.training, run)

    modules = ["quakebook.magnitude.experiment", model_class(entry.name).__module__]
    return runs.obtain(PAPER, config, splits.fingerprint, modules, work, root=root)


def in_steps(config: Config, splits: Splits) -> Config:
    """Turn ``optimisation.epochs`` into optimiser steps; without it the configuration is unchanged."""
    epochs = config.optimisation.epochs
    if not epochs:
        return config
    batch = min(config.optimisation.batch_size, len(splits.train))
    per_epoch = -(-len(splits.train) // batch)
    training = replace(config.training, steps=epochs * per_epoch, validate_every=per_epoch)
    return replace(config, training=training)


def config_of(run: Any) -> Config:
    """Configuration that a run was trained with."""
    from quakebook.training.config import from_dict

    return from_dict(Config, run.config)
