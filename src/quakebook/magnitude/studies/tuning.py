"""Hyperparameter search with Optuna: resumable, prunable, shared by several workers through its storage."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import optuna
import torch
from optuna.trial import TrialState

from quakebook.magnitude.api import PAPER, in_steps
from quakebook.magnitude.data.splits import Splits
from quakebook.magnitude.experiment import MagnitudeExperiment
from quakebook.magnitude.networks.checkpoint import load, write_atomically
from quakebook.magnitude.settings import Config
from quakebook.training import runs
from quakebook.training.loop import fit

from .search_space import as_overrides, suggest

#: Published settings of the study.
SAMPLER_SEED, STARTUP_TRIALS, WARMUP_STEPS, TRIAL_PATIENCE = 42, 5, 5, 5


@dataclass(frozen=True)
class StudyPlan:
    """What to search, on what, how long.

    Attributes
    ----------
    name, model_type : str
    make_config : callable
        Overrides -> configuration.
    n_trials : int
        Finished trials that the study shall have in the end, whoever ran them.
    folder : Path
        Of the model; the study's files go below ``optuna_studies``.
    """

    name: str
    model_type: str
    make_config: Callable[[list[str]], Config]
    splits: Splits
    n_trials: int
    max_epochs: int
    folder: Path
    storage: str | None = None
    with_inputs: bool = False
    worker: int = 0
    fixed: tuple[str, ...] = ()

    @property
    def studies(self) -> Path:
        """Folder of the study's files."""
        return self.folder / "optuna_studies"


class TrialExperiment(MagnitudeExperiment):
    """A training that reports each epoch to its trial and stops when the trial is pruned."""

    trial: optuna.Trial
    pruned = False

    def validate(self, step: int) -> dict[str, float]:
        found = super().validate(step)
        epoch = len(self.history.dev)
        self.trial.report(found["dev_loss"], epoch)
        self.pruned = self.trial.should_prune()
        return found

    def stop_early(self, step: int) -> bool:
        return self.pruned or super().stop_early(step)


def run_study(plan: StudyPlan) -> optuna.Study:
    """Open or create the study and run trials until it has `n_trials` finished ones."""
    study = open_study(plan)
    done = _finished(study)
    if done < plan.n_trials:
        stop = optuna.study.MaxTrialsCallback(plan.n_trials, states=(TrialState.COMPLETE, TrialState.PRUNED))
        study.optimize(lambda trial: objective(trial, plan), n_trials=plan.n_trials - done, callbacks=[stop])
    return study


def open_study(plan: StudyPlan) -> optuna.Study:
    """Study in its storage (SQLite file beside the study unless a URL is given)."""
    plan.studies.mkdir(parents=True, exist_ok=True)
    url = plan.storage or f"sqlite:///{(plan.studies / plan.name).resolve()}.db"
    arguments = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}
    storage = optuna.storages.RDBStorage(url, engine_kwargs=arguments)
    study = optuna.create_study(
        study_name=plan.name, storage=storage, load_if_exists=True, direction="minimize",
        pruner=optuna.pruners.MedianPruner(n_startup_trials=STARTUP_TRIALS, n_warmup_steps=WARMUP_STEPS))
    seed = SAMPLER_SEED + 1000 * plan.worker + len(study.trials)  # a resumed study draws on, it does not repeat
    study.sampler = optuna.samplers.TPESampler(seed=seed)
    return study


def objective(trial: optuna.Trial, plan: StudyPlan) -> float:
    """Best dev loss of one training; a batch that does not fit in memory prunes the trial."""
    parameters = suggest(trial, plan.model_type, plan.with_inputs, plan.fixed)
    config = plan.make_config([*as_overrides(parameters, plan.model_type), f"optimiser.epochs={plan.max_epochs}",
                               f"optimiser.early_stopping_patience={TRIAL_PATIENCE}", "optimiser.save_every=0"])
    config = in_steps(config, plan.splits)
    experiment = TrialExperiment(config, plan.splits)
    experiment.trial = trial
    try:
        with tempfile.TemporaryDirectory() as root:
            _train(experiment, config, plan, root)
    except torch.OutOfMemoryError as error:
        raise optuna.TrialPruned(f"batch of {config.data.batch_size} does not fit in memory") from error
    if experiment.pruned:
        raise optuna.TrialPruned
    return experiment.history.best


def _train(experiment: TrialExperiment, config: Config, plan: StudyPlan, root: str) -> None:
    def work(run: Any) -> None:
        experiment.run = run
        fit(experiment, config.training, run)

    run = runs.obtain(PAPER, config, plan.splits.fingerprint, ["quakebook.magnitude.studies.tuning"], work, root=root)
    if not experiment.pruned:
        best = experiment.history.dev.index(experiment.history.best) + 1
        stamp = datetime.now().strftime("%Y%m%d_%H%M%S")
        name = f"trial_{experiment.trial.number}_best_epoch_{best}_{stamp}.pt"
        write_atomically(plan.folder / "optuna_trials" / name, load(run.path / "model_best.pt").content)


def _finished(study: optuna.Study) -> int:
    return sum(trial.state in (TrialState.COMPLETE, TrialState.PRUNED) for trial in study.trials)
