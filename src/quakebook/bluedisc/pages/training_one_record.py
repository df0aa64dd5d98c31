"""Numbers of the figures that follow one record through several trainings."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from quakebook.bluedisc.scoring.followed import Track
from quakebook.bluedisc.scoring.peaks import PHASES
from quakebook.bluedisc.settings import EvaluationConfig
from quakebook.picking import find_picks


def heights_in_time(track: Track, sample: int, phase: str, settings: EvaluationConfig | None = None) -> NDArray:
    """Highest value within 0.1 s of the label at every kept step.

    Parameters
    ----------
    track : Track
    sample : int
        Tracked window; it must hold exactly one label of the phase.
    phase : {"P", "S"}

    Returns
    -------
    ndarray, shape (k,)
        NaN in the steps at which the curve was not kept.
    """
    settings = settings or EvaluationConfig()
    channel = PHASES.index(phase)
    picks, _ = find_picks(track.label[sample, channel].astype(float), height=0.5)
    if len(picks) != 1:
        raise ValueError(f"tracked window {sample} must hold one {phase} label; found {len(picks)}")
    reach = int(settings.precise_samples)
    return track.prediction[:, sample, channel, max(int(picks[0]) - reach, 0):int(picks[0]) + reach + 1].max(-1)


def numbers(tracks: Mapping[str, Track], sample: int, settings: EvaluationConfig | None = None) -> dict[str, float]:
    """For each training and phase: height at the end, share of later steps over 0.7 (%), and rise of the height.

    "Later" means the second half of the kept steps; the rise is the mean of their last quarter minus that of the first.
    """
    settings = settings or EvaluationConfig()
    made: dict[str, float] = {}
    for name, track in tracks.items():
        for phase in PHASES:
            height = heights_in_time(track, sample, phase, settings)
            later, quarter = height[len(height) // 2:], max(len(height) // 4, 1)
            made |= {f"record.{name}.{phase}.height": float(height[-1]),
                     f"record.{name}.{phase}.found_percent": 100 * float(np.mean(later >= settings.confidence)),
                     f"record.{name}.{phase}.rise": float(height[-quarter:].mean() - height[:quarter].mean())}
    if {"bce", "hybrid"} <= set(tracks):
        made |= {"record.p_difference": made["record.hybrid.P.height"] - made["record.bce.P.height"],
                 "record.s_gain_percent": made["record.hybrid.S.found_percent"] - made["record.bce.S.found_percent"]}
    return made
