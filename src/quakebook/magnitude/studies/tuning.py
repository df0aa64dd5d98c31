"""Hyperparameter search with Optuna: resumable, prunable, shared by several workers through its storage."""

from __future__ import annotations

import tempfile
import warnings
from datetime import datetime
from typing import Any

import optuna
import torch
from optuna.trial import TrialState

from quakebook.magnitude.api import PAPER, in_steps
from quakebook.magnitude.experiment import MagnitudeExperiment
from quakebook.magnitude.networks.checkpoint import load, write_atomically
from quakebook.magnitude.settings import Config
from quakebook.training import runs
from quakebook.training.loop import fit

from .search_space import as_overrides, suggest
from .study_storage import StudyPlan, open_study
from .tuning_files import write_tables

__all__ = ["StudyFull", "StudyPlan", "TrialExperiment", "objective", "open_study", "run_study"]

#: Epochs without a better dev loss that end a trial (published).
TRIAL_PATIENCE = 5


class StudyFull(RuntimeError):
    """A trial that was begun when the study had all its trials."""


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
    """Open or create the study and run trials until it has `n_trials`, the running ones of other workers included.

    A trial that fails is kept with its reason and counts; one whose process was killed does not. The tables are written
    after each trial.
    """
    study = open_study(plan)
    while _room(study, plan):
        study.optimize(lambda trial: objective(trial, plan), n_trials=1, catch=(Exception,),
                       callbacks=[lambda study, _: write_tables(study, plan.studies) and None])
    return study


def objective(trial: optuna.Trial, plan: StudyPlan) -> float:
    """Best dev loss of one training; a batch that does not fit in memory prunes the trial."""
    earlier = [each for each in _counted(trial.study) if each.number < trial.number]
    if len(earlier) >= plan.n_trials:  # another worker took the last place between our count and our start
        raise StudyFull(f"the study has its {plan.n_trials} trials")
    try:
        return _best_dev_loss(trial, plan)
    except optuna.TrialPruned:
        raise
    except Exception as error:
        trial.set_user_attr("error", f"{type(error).__name__}: {error}")
        raise


def _best_dev_loss(trial: optuna.Trial, plan: StudyPlan) -> float:
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


def _room(study: optuna.Study, plan: StudyPlan) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        optuna.storages.fail_stale_trials(study)
    return len(_counted(study)) < plan.n_trials


def _counted(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    """Trials that take a place: complete, pruned, running, or failed for a reason of their own."""
    return [trial for trial in study.get_trials(deepcopy=False)
            if trial.state in (TrialState.COMPLETE, TrialState.PRUNED, TrialState.RUNNING)
            or "error" in trial.user_attrs]
