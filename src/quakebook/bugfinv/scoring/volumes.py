"""What an inversion leaves behind: volumes, and all their scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.stats import spearmanr
from torch import Tensor

from quakebook.bugfinv.data.survey import Survey

from .metrics import KEYS, scores


def report_volumes(run: Any, survey: Survey, volumes: Mapping[str, Tensor]) -> None:
    """Write the volumes (traces, 3, T), and report the scores of each over all and over blind traces."""
    arrays = {name: volume.numpy() for name, volume in volumes.items()}
    run.write_arrays("volumes", arrays, inlines=survey.shape[0], crosslines=survey.shape[1], dt_s=survey.dt_s)
    run.report(score_volumes(arrays, survey))


def score_volumes(arrays: Mapping[str, np.ndarray], survey: Survey, split: str = "test") -> dict[str, float]:
    """Scores named ``<heads>.<traces>.<score>``; for "std" also the calibration at blind traces.

    Parameters
    ----------
    arrays : mapping
        Volumes (traces, 3, T) of "trained" and "posterior" heads, and "std".
    survey : Survey
    split : {"test", "dev", "train"}
        "test" scores all traces and the blind ones, "dev" the validation wells, "train" the training wells.

    Raises
    ------
    ValueError
        Unknown split.
    """
    chosen = {"test": {"all": None, "blind": survey.blind_traces()}, "dev": {"validation": survey.validation},
              "train": {"train": survey.train}}
    if split not in chosen:
        raise ValueError(f"unknown split {split!r}; known: {', '.join(chosen)}")
    true = survey.true.numpy()
    values: dict[str, float] = {}
    for heads in (name for name in arrays if name != "std"):
        for label, keep in chosen[split].items():
            part = scores(arrays[heads], true, survey.shape, keep=keep)
            values |= {f"{heads}.{label}.{key}": value for key, value in part.items()}
    if "std" in arrays and split == "test":
        blind = chosen["test"]["blind"]
        values |= calibration(arrays["posterior"][blind], arrays["std"][blind], true[blind])
    return values


def calibration(predicted: np.ndarray, std: np.ndarray, true: np.ndarray) -> dict[str, float]:
    """Spearman correlation of predicted deviation and absolute error, and the part of errors within 1 and 2 sd.

    All arrays (traces, 3, T). Where deviation or error is the same everywhere the correlation is 0.
    """
    found = {}
    for k, name in enumerate(KEYS):
        error, sd = np.abs(predicted[:, k] - true[:, k]).ravel(), std[:, k].ravel()
        step = max(1, error.size // 100_000)
        varied = np.ptp(sd[::step]) > 0 and np.ptp(error[::step]) > 0
        found[f"calibration.spearman.{name}"] = (float(spearmanr(sd[::step], error[::step]).statistic) if varied
                                                 else 0.0)
        for n in (1, 2):
            found[f"calibration.within{n}sd.{name}"] = float(np.mean(error <= n * sd))
    return found
