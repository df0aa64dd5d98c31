"""What is recorded of the chapter: inversions longer than a page can wait for, and the means over their seeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from quakebook.bugfinv import api
from quakebook.bugfinv.experiment import network_inputs
from quakebook.bugfinv.networks.inversion import InversionNetwork
from quakebook.bugfinv.settings import config
from quakebook.bugfinv.studies.shares import BINS, study
from quakebook.project import shared_data
from quakebook.training.config import to_dict
from quakebook.training.recorded import Outcome
from quakebook.training.run import Run

from . import read as recorded

#: What Marmousi2 is: a model that others use too, neither measured nor made here.
BENCHMARK = "benchmark"


def inversion(family: str, name: str, method: str, seed: int, overrides: Sequence[str],
              model: str | None = None) -> Outcome:
    """Compute a run and keep its scores, its log and a few sections.

    Parameters
    ----------
    family, name : str
        Set of runs that it belongs to, and its name in it.
    method : str
        Name of the method in tables.
    overrides : sequence of str
        Of the quick preset.
    model : str, optional
        Folder of a model among the shared data.

    Raises
    ------
    FileNotFoundError
        The model is not on this machine.
    """
    path = None if model is None else shared_data(model)
    if model is not None and path is None:
        raise FileNotFoundError(f"the model {model} is not on this machine; name the folder that holds it in "
                                "$QUAKEBOOK_SHARED_DATA")
    settings = config(*overrides, *([f"data.name={path}"] if path else []), preset="quick")
    run = api.train(settings)
    survey = api.survey_of(settings.data)
    facts = {"data": "synthetic" if model is None else BENCHMARK, "family": family, "method": method, "seed": seed,
             "preset": "quick", "overrides": list(overrides), "notes": list(api.load_model(settings.data).notes)}
    values = {**run.record["metrics"], **api.evaluate(run, "dev")}  # the learning rate is chosen by the latter
    metrics = {f"{family}.{name}.{key}": value for key, value in values.items()}
    sections = seed == 0 and family in ("synthetic", "marmousi2")
    kept = _portable(to_dict(settings), str(path), model)
    return Outcome(metrics, _pictures(run, survey, sections), kept, run, facts)


def shares(seed: int, overrides: Sequence[str]) -> Outcome:
    """How BUGFInv's shares are distributed in a trained network, and how far its gradient is from the plain mean."""
    settings = config(*overrides, preset="quick")
    run, survey, bayes = api.train(settings), api.survey_of(settings.data), settings.objective.bayes
    n = settings.network
    network = InversionNetwork(9 if n.lowfreq_input else 6, n.channels, n.regression, n.dropout, n.init)
    network.load_state_dict(run.load_checkpoint("model")["inversion"])
    inputs = network_inputs(survey, n.lowfreq_input)
    found = study(network, inputs[survey.train], survey.labels[survey.train], bayes.gamma, bayes.obs_noise)
    arrays = {"histogram": found.histogram, "bins": BINS, "mean": found.mean, "deviation": found.deviation,
              "by_residual": found.by_residual, **_log(run)}
    return Outcome({f"shares.seed{seed}.{key}": value for key, value in found.metrics.items()}, arrays, settings, run,
                   {"data": "synthetic", "overrides": list(overrides)})


def _portable(value: Any, path: str, name: str | None) -> Any:
    """Settings with the model's name in the place of its path on this machine."""
    if isinstance(value, dict):
        return {key: _portable(part, path, name) for key, part in value.items()}
    return name if name is not None and value == path else value


def summary(family: str, folder: Path) -> Outcome:
    """Means and spreads over seeds per method, heads and score, as the claims' metrics, from what is recorded."""
    table, runs = recorded.score_table(family, where=folder), recorded.runs(family, folder)
    if table.empty:
        raise ValueError(f"no run of {family} is recorded in {folder}")
    columns = [column for column in table.columns if column.split(".")[0] in recorded.SCORES]
    metrics: dict[str, float] = {}
    for (method, heads), row in recorded.spread(table, columns).iterrows():
        for column in columns:
            metrics[f"{family}.{method}.{heads}.{column}"] = float(row[("mean", column)])
            metrics[f"{family}.{method}.{heads}.{column}.sd"] = float(row[("std", column)])
    facts = {"data": runs[0]["data"], "device": ", ".join(sorted({run["device"] for run in runs})),
             "seeds": sorted({run["seed"] for run in runs}),
             "seconds_of_runs": round(sum(run["seconds"] for run in runs), 1)}
    return Outcome(metrics | recorded.directions(table, family), run=[run["run"] for run in runs], facts=facts)


def _log(run: Run) -> dict[str, np.ndarray]:
    log = run.metrics()
    return {f"log.{name}": log[name].to_numpy(dtype=np.float32) for name in log.columns if len(log)}


def _pictures(run: Run, survey: Any, sections: bool) -> dict[str, np.ndarray]:
    """The log of the training; with `sections`, one thinned inline section of every volume and the blind wells.

    Half precision and at most 100 traces of 225 samples: pictures, not data.
    """
    out = _log(run)
    if not sections:
        return out
    volumes = {**run.read_arrays("volumes"), "true": survey.true.numpy()}
    inlines, crosslines = survey.shape
    rows = np.arange(crosslines)[:: -(-crosslines // 100)] + inlines // 2 * crosslines
    every = -(-survey.true.shape[-1] // 225)
    out |= {f"section.{name}": volume[rows, :, ::every].astype(np.float16) for name, volume in volumes.items()}
    out |= {f"blind.{name}": volume[survey.blind].astype(np.float16) for name, volume in volumes.items()}
    return out | {"section.rows": rows, "blind.rows": survey.blind, "section.dt_s": np.array(every * survey.dt_s)}
