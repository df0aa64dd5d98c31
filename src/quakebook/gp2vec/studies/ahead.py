"""The displacement some time ahead: a network and trees that are fitted to the future, and two ways of not being so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from ..data.caldera import Sequence as StickSlip
from . import stick_slip
from .stick_slip import LEADS, Answer, Task

#: Rivals of the network, in the order in which they are drawn.
RIVALS = ("trees", "persistence", "mean_cycle")


@dataclass(frozen=True)
class Ahead:
    """Answers at one lead.

    Attributes
    ----------
    lead : float
        Share of the mean cycle.
    asked : Task
    answers : dict of Answer
        "network" and "trees" are fitted to the future; "persistence" repeats the network's present answer;
        "mean_cycle" answers with what came later on average, given that answer.
    gain : (float, float)
        95 % interval over whole test cycles of R2 of the network minus that of persistence.
    """

    lead: float
    asked: Task
    answers: dict[str, Answer]
    gain: tuple[float, float]


def ahead(data: StickSlip, wide: Tensor, features: dict[str, np.ndarray], leads: Sequence[float] = LEADS,
          draws: int = 500) -> list[Ahead]:
    """Answers at each lead; the first lead must be 0, whose answer is the one that persistence repeats.

    Parameters
    ----------
    data : Sequence
    wide : Tensor, shape (n, 3, N)
        Windows for the trees, amplitudes kept.
    features : dict of ndarray, shape (n, d)
        Of the network, by layer.
    """
    if leads[0] != 0:
        raise ValueError(f"`leads` must begin with 0; found {leads[0]:g}")
    found: list[Ahead] = []
    for lead in leads:
        asked = stick_slip.task(data, lead * data.cycle_s)
        network = stick_slip.ridge(features, asked)
        now = found[0].answers["network"] if found else network
        answers = {"network": network, "trees": stick_slip.boosted_trees(wide, asked, normalised=False),
                   "persistence": stick_slip.scored(asked, now.predicted_mm, "present answer"),
                   "mean_cycle": stick_slip.mean_cycle(data, asked, lead * data.cycle_s, now)}
        gain = stick_slip.cycle_bootstrap(network, answers["persistence"], asked, draws)
        found.append(Ahead(lead, asked, answers, gain))
    return found


def metrics(found: Sequence[Ahead]) -> dict[str, float]:
    """``R2_ahead.METHOD.LEAD``."""
    return {f"R2_ahead.{name}.{each.lead:g}": answer.r2 for each in found for name, answer in each.answers.items()}


def arrays(found: Sequence[Ahead]) -> dict[str, np.ndarray]:
    """R2 and interval by lead; truth and fitted answers (leads, test windows) in mm.

    A window whose target lies outside the test cycles at a lead is NaN there.
    """
    rows = found[0].asked.rows("test")
    out: Mapping[str, np.ndarray] = {
        "leads": np.array([each.lead for each in found]),
        **{f"ahead_{name}": np.array([each.answers[name].r2 for each in found]) for name in ("network", *RIVALS)},
        "ahead_gain_low": np.array([each.gain[0] for each in found]),
        "ahead_gain_high": np.array([each.gain[1] for each in found]),
        "ahead_truth_mm": np.stack([_at(each, each.asked.target_mm, rows) for each in found]),
        **{f"ahead_predicted_{name}": np.stack([_at(each, each.answers[name].predicted_mm, rows) for each in found])
           for name in ("network", "trees")}}
    return dict(out)


def _at(each: Ahead, values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.where(np.isin(rows, each.asked.rows("test")), values[rows], np.nan).astype(np.float32)
