"""A study and its storage: what it searches, on which data, and where its trials are kept."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import optuna

from quakebook.magnitude.data.splits import Splits
from quakebook.magnitude.settings import Config
from quakebook.training.config import ConfigError

#: Published settings of the study.
SAMPLER_SEED, STARTUP_TRIALS, WARMUP_STEPS = 42, 5, 5
#: A running trial that gave no sign for so many seconds belongs to a process that is gone.
HEARTBEAT_S, SILENCE_S = 30, 120
#: Settings that may differ between the workers of one study.
OF_WORKERS = (("training", "device"), ("training", "devices"))


@dataclass(frozen=True)
class StudyPlan:
    """What to search, on what, how long.

    Attributes
    ----------
    name, model_type : str
    make_config : callable
        Overrides -> configuration.
    n_trials : int
        Trials that the study shall have in the end, whoever runs them.
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



def open_study(plan: StudyPlan) -> optuna.Study:
    """Study in its storage (SQLite file beside the study unless a URL is given).

    Raises
    ------
    ConfigError
        The study was begun on other data, another search space or other settings; its trials cannot be compared.
    """
    plan.studies.mkdir(parents=True, exist_ok=True)
    url = plan.storage or f"sqlite:///{(plan.studies / plan.name).resolve()}.db"
    arguments = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)  # the heartbeat
        storage = optuna.storages.RDBStorage(url, engine_kwargs=arguments, heartbeat_interval=HEARTBEAT_S,
                                             grace_period=SILENCE_S)
    study = optuna.create_study(
        study_name=plan.name, storage=storage, load_if_exists=True, direction="minimize",
        pruner=optuna.pruners.MedianPruner(n_startup_trials=STARTUP_TRIALS, n_warmup_steps=WARMUP_STEPS))
    _keep_or_compare(study, identity(plan))
    seed = SAMPLER_SEED + 1000 * plan.worker + len(study.trials)  # a resumed study draws on, it does not repeat
    study.sampler = optuna.samplers.TPESampler(seed=seed)
    return study


def identity(plan: StudyPlan) -> dict[str, Any]:
    """What all trials of a study share: data, search space, settings that are not searched."""
    settings = asdict(plan.make_config([]))
    for node, name in OF_WORKERS:
        settings[node].pop(name, None)
    return {"data": f"{plan.splits.label}, fingerprint {plan.splits.fingerprint}",
            "space": {"model_type": plan.model_type, "inputs": plan.with_inputs, "fixed": sorted(plan.fixed),
                      "max_epochs": plan.max_epochs},
            "settings": json.loads(json.dumps(settings))}


def _keep_or_compare(study: optuna.Study, wanted: dict[str, Any]) -> None:
    stored = study.user_attrs
    if not stored and not study.trials:
        for name, value in wanted.items():
            study.set_user_attr(name, value)
        return
    for name, value in wanted.items():
        if stored.get(name) != value:
            raise ConfigError(f"study {study.study_name!r} holds trials of other {name}: "
                              f"{_difference(stored.get(name), value)}. Choose another --study_name")


def _difference(stored: Any, wanted: Any, path: str = "") -> str:
    """The first leaf that differs, for a message."""
    if isinstance(stored, dict) and isinstance(wanted, dict):
        for name in wanted:
            if stored.get(name) != wanted[name]:
                return _difference(stored.get(name), wanted[name], f"{path}.{name}".lstrip("."))
    return f"{path + ' ' if path else ''}stored {stored!r}, now {wanted!r}"
