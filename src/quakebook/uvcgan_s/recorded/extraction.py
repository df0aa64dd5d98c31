"""Recorded extraction of earthquakes from noise: all methods on one set of mixtures, synthetic or real, and picks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from quakebook.training.recorded import Outcome

from ..data import real_mixtures
from ..data import spectrograms as task
from ..studies import extraction, picks
from .seismic_weights import separators

#: Names of the entries, and of what they measure in metrics.
NAMES = {"synthetic": "seismic-picks", "real": "seismic-real"}
#: Mixtures whose waveforms are kept for a figure.
SHOWN = 1


def make(kind: Literal["synthetic", "real"], count: int, folder: Path, seed: int = 0) -> Outcome:
    """Every method with recorded weights, filters and bounds on `count` mixtures; picks by two pickers.

    Raises
    ------
    FileNotFoundError
        The real sample is not on this machine.
    """
    if kind == "real":
        found = real_mixtures.make(_sample(), count, seed)
        mixtures, groups = found.mixtures, found.earthquake
    else:
        mixtures, groups = task.mixtures("test", count, seed), np.arange(count)
    made = separators(folder)
    waves = extraction.extract(mixtures, made)
    gains = extraction.gains_db(mixtures, waves)
    errors = {(name, key): picker(wave.numpy(), task.RATE_HZ) - mixtures.p_s
              for name, picker in picks.pickers(folder.parent / "bluedisc").items() for key, wave in waves.items()}
    metrics = {**_gains(gains, groups), **_picks(errors, groups, mixtures.p_s),
               "mixtures": float(len(groups)), "earthquakes": float(len(np.unique(groups)))}
    arrays = {**{f"gain:{key}": values for key, values in gains.items()},
              **{f"error:{name}:{key}": values for (name, key), values in errors.items()},
              **{f"example:{key}": wave[:SHOWN] for key, wave in waves.items()}, "p_s": mixtures.p_s,
              "earthquake": np.unique(groups, return_inverse=True)[1]}
    return Outcome({f"seismic_{kind}.{key}": value for key, value in metrics.items()},
                   {key: np.asarray(values, dtype=np.float32) for key, values in arrays.items()},
                   facts={"data": kind, "title": f"extraction from {kind} mixtures", "methods": sorted(made)})


def _sample():
    from quakebook.data import load_records, required_sample_path

    return load_records(str(required_sample_path()))


def _gains(gains: Mapping[str, NDArray], groups: NDArray) -> dict[str, float]:
    """Mean gain of every method, and of the full method less every other, with the spread over earthquakes."""
    metrics: dict[str, float] = {}
    for key, values in gains.items():
        metrics |= _measured(f"{key}.gain_db", values, groups)
        if "full" in gains and key not in ("full", *extraction.BOUNDS):
            metrics |= _measured(f"full_minus_{key}.gain_db", gains["full"] - values, groups)
    return metrics


def _picks(errors: Mapping[tuple[str, str], NDArray], groups: NDArray, onsets: NDArray) -> dict[str, float]:
    """Scores of every picker on every kind of waveform, and what extraction changes in the share of P found."""
    metrics: dict[str, float] = {}
    for (name, key), values in errors.items():
        score = vars(picks.score(values + onsets, onsets))
        metrics |= {f"{key}.{name}.{word}": value for word, value in score.items()}
        if key not in ("mixture", *extraction.BOUNDS):
            change, known = near(values).astype(float) - near(errors[name, "mixture"]), np.isfinite(onsets)
            metrics |= _measured(f"{key}_minus_mixture.{name}.found", change[known], groups[known])
    return metrics


def near(errors_s: NDArray) -> NDArray:
    """Which picks are found: within the tolerance; NaN is not."""
    return np.abs(errors_s) <= picks.TOLERANCE_S


def _measured(name: str, values: NDArray, groups: NDArray) -> dict[str, float]:
    """A mean, half the width of its 95 % interval, and the lower end of it, which a claim can ask for."""
    mean, half = extraction.mean_with_spread(np.asarray(values, dtype=float), groups)
    return {name: mean, f"{name}.half": half, f"{name}.low": mean - half}
