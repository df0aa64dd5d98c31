"""Tables of a study: results and best parameters. No pickle: the study itself lives in its storage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pandas as pd
from optuna.trial import TrialState

from quakebook.magnitude.scoring import files

#: Importance of parameters is estimated from more completed trials than this.
ENOUGH_TRIALS = 10


def results_table(study: optuna.Study) -> pd.DataFrame:
    """One row a trial: trial_number, value, state, error, times, duration, param_*, intermediate_step_*."""
    return pd.DataFrame([_row(trial) for trial in study.trials])


def _row(trial: optuna.trial.FrozenTrial) -> dict[str, Any]:
    return {
        "trial_number": trial.number, "value": trial.value, "state": trial.state.name,
        "error": trial.user_attrs.get("error", ""),
        "datetime_start": trial.datetime_start, "datetime_complete": trial.datetime_complete,
        "duration": trial.duration.total_seconds() if trial.duration else np.nan,
        **{f"param_{name}": value for name, value in trial.params.items()},
        **{f"intermediate_step_{step}": value for step, value in sorted(trial.intermediate_values.items())},
    }


def analysis(study: optuna.Study) -> dict[str, Any]:
    """Arguments of `figures.study_analysis`."""
    complete = sorted((trial for trial in study.trials if trial.state == TrialState.COMPLETE), key=lambda t: t.value)
    if not complete:
        reasons = [trial.user_attrs["error"] for trial in study.trials if "error" in trial.user_attrs]
        raise ValueError(f"study {study.study_name!r} has no completed trial"
                         + (f"; the last one failed: {reasons[-1]}" if reasons else ""))
    best = complete[: max(len(complete) // 4, 1)]
    importance = {}
    if len(complete) > ENOUGH_TRIALS:
        importance = optuna.importance.get_param_importances(study)
    return {"values": [np.nan if trial.state != TrialState.COMPLETE else trial.value for trial in study.trials],
            "importance": {name: float(value) for name, value in importance.items()},
            "best_rates": [trial.params["learning_rate"] for trial in best],
            "best_curve": [value for _, value in sorted(complete[0].intermediate_values.items())]}


def write_tables(study: optuna.Study, folder: Path) -> list[Path]:
    """Write the results and, once a trial is complete, the best parameters as CSV; returns the paths."""
    tables = {"results": results_table(study)}
    if any(trial.state == TrialState.COMPLETE for trial in study.trials):
        tables["best_params"] = pd.DataFrame([{**study.best_params, "best_value": study.best_value,
                                               "best_trial": study.best_trial.number}])
    return [files.write_text(folder / f"{study.study_name}_{kind}.csv", table.to_csv(index=False).splitlines())
            for kind, table in tables.items()]
