"""From predictions to tables of scores: magnitudes and phases."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import benchmark_tasks as tasks
from .magnitude_errors import binned, bootstrap, magnitude_edges, noise_scores, per_event, scores
from .pick_scores import TOLERANCES_S, best_threshold, detection_scores, residual_scores, trace_scores
from .predict import MagnitudePredictions
from .predict_picks import PhasePredictions
from .readout import skill_free_r2

SNR_EDGES_DB = (-np.inf, 10.0, 20.0, 30.0, 40.0, np.inf)
DISTANCE_EDGES_KM = (0.0, 20.0, 40.0, 80.0, 160.0, np.inf)


def score_magnitudes(found: MagnitudePredictions, readout: str = "post_p_mean", draws: int = 1000) -> dict[str, Any]:
    """All magnitude scores of one model on one set.

    Returns
    -------
    dict
        ``scores``, ``interval`` (95 %, over events), ``event_level``, ``by_magnitude``, ``by_snr_db``,
        ``by_distance_km``, ``read_outs`` (each way to read the series), ``noise``, ``flattened`` with the floor that
        needs no skill, ``seconds_per_record``.
    """
    event = found.is_event
    if not event.any():
        raise ValueError("no record with a magnitude to score")
    true, predicted, names = found.true[event], found.values(readout)[event], found.event[event]
    result: dict[str, Any] = {
        "readout": "scalar" if "scalar" in found.read_outs else readout,
        "scores": scores(true, predicted),
        "interval": bootstrap(true, predicted, names, draws),
        "event_level": per_event(true, predicted, names),
        "by_magnitude": binned(true, predicted, true, magnitude_edges(true)),
        "by_snr_db": binned(true, predicted, found.snr_db[event], SNR_EDGES_DB),
        "by_distance_km": binned(true, predicted, found.distance_km[event], DISTANCE_EDGES_KM),
        "read_outs": {name: scores(true, values[event]) for name, values in found.read_outs.items()},
        "seconds_per_record": found.seconds_per_record,
    }
    if "scalar" not in found.read_outs:
        result["noise"] = noise_scores(found.values(readout)[~event])
        result["flattened"] = {**found.flattened, "floor_r2": no_skill_floor(found)}
    return result


def no_skill_floor(found: MagnitudePredictions, window_s: float = 30.0) -> float:
    """Flattened R2 of a model that knows onset and mean magnitude only, for the windows of a set."""
    event = found.is_event
    after = 1 - np.clip(found.onset_s[event], 0, window_s) / window_s
    return skill_free_r2(float(after.mean()), float(found.true[event].mean()), float(found.true[event].std()))


def score_phases(found: PhasePredictions, threshold: float, tuned: dict[str, float] | None = None,
                 task_thresholds: dict[str, float] | None = None) -> dict[str, Any]:
    """All picker scores of one model on one set.

    Parameters
    ----------
    found : PhasePredictions
    threshold : float
        Fixed threshold (0.3).
    tuned : dict, optional
        Phase -> F1-optimal threshold of the dev set.
    task_thresholds : dict, optional
        ``detection`` and ``identification`` thresholds of the dev set.
    """
    result: dict[str, Any] = {"threshold": threshold, "seconds_per_record": found.seconds_per_record}
    for phase, picks in found.picks.items():
        entry: dict[str, Any] = {}
        for tolerance in TOLERANCES_S:
            entry[f"within_{tolerance:g}s"] = detection_scores(picks, threshold, tolerance)
            if tuned:
                entry[f"tuned_within_{tolerance:g}s"] = detection_scores(picks, tuned[phase], tolerance)
        entry["residual"] = residual_scores(picks, threshold)
        entry["tuned_threshold"] = tuned[phase] if tuned else float("nan")
        result[phase] = entry
    result["tasks"] = _task_scores(found, task_thresholds or dev_thresholds(found)["tasks"])
    sums = found.sums
    result["trace"] = trace_scores(sums["squared_error"], sums["label"], sums["label_squared"], int(sums["n"]))
    return result


def dev_thresholds(found: PhasePredictions) -> dict[str, dict[str, float]]:
    """Thresholds to choose on the dev set: per phase, and for the benchmark tasks."""
    ratio = tasks.log_ratio(found.short["score_p"], found.short["score_s"])
    return {"picks": {phase: best_threshold(picks) for phase, picks in found.picks.items()},
            "tasks": {"detection": tasks.optimal_threshold(_event_score(found), found.is_event),
                      "identification": tasks.optimal_threshold(ratio, found.short["is_p"] > 0.5)}}


def _task_scores(found: PhasePredictions, thresholds: dict[str, float]) -> dict[str, Any]:
    short = found.short
    is_p = short["is_p"] > 0.5
    return {
        "detection": tasks.detection(_event_score(found), found.is_event, thresholds["detection"]),
        "identification": tasks.phase_identification(short["score_p"], short["score_s"], is_p,
                                                     thresholds["identification"]),
        "onset_p": tasks.onset_time(short["error_s"][is_p]),
        "onset_s": tasks.onset_time(short["error_s"][~is_p]),
    }


def _event_score(found: PhasePredictions) -> np.ndarray:
    return np.maximum(found.picks["P"].height, found.picks["S"].height)
