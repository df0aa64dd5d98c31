"""A study small enough for a page: PhaseNetMag on few records, two epochs a trial."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import optuna

from quakebook.magnitude.data.splits import load_splits
from quakebook.magnitude.settings import Config, config
from quakebook.magnitude.studies.tuning import StudyPlan, run_study
from quakebook.magnitude.studies.tuning_files import analysis

RECORDS = {"smoke": 240, "quick": 900, "paper": 50_000}
EPOCHS = {"smoke": 1, "quick": 2, "paper": 20}


def run_small_study(folder: Path, trials: int, preset: str = "quick") -> dict[str, Any]:
    """Run the study below `folder`; returns the arguments of `figures.study_analysis`."""
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        study = run_study(_plan(folder, trials, preset))
        return analysis(study)
    finally:
        optuna.logging.set_verbosity(verbosity)


def _plan(folder: Path, trials: int, preset: str) -> StudyPlan:
    fixed = ["network.type=phasenet_mag", "network.output_scale=3", "network.amplitude=physical",
             "network.filter_factor=1",
             f"data.records={RECORDS[preset]}"]

    def make_config(more: list[str]) -> Config:
        return config(*fixed, *more, preset=preset)

    return StudyPlan("small", "phasenet_mag", make_config, load_splits(make_config([]).data), trials, EPOCHS[preset],
                     folder, fixed=("filter_factor", "amplitude"))
