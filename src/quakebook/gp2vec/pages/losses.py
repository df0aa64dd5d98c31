"""Loss of each step of a training: where it starts, and whether it falls."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quakebook.training.recorded import Recorded
from quakebook.training.runs import Run

#: Steps at the beginning whose mean loss is compared with that of the last fifth.
FIRST = 5


@dataclass(frozen=True)
class Losses:
    """Contrastive loss of each step in nats, and what guessing would lose given the distractors that were left.

    Attributes
    ----------
    loss, chance : ndarray, shape (steps,)
    guessing : float
        ln(1 + distractors): the loss of guessing when no distractor is left out.
    """

    loss: np.ndarray
    chance: np.ndarray
    guessing: float

    @property
    def start(self) -> float:
        """Loss of the first step, which the untrained network computes, above guessing."""
        return float(self.loss[0] - self.guessing)

    @property
    def first(self) -> float:
        """Mean over the first steps."""
        return float(self.loss[:FIRST].mean())

    @property
    def last(self) -> float:
        """Mean over the last fifth of the steps."""
        return float(self.loss[-max(1, len(self.loss) // 5):].mean())


def of_run(run: Run) -> Losses | None:
    """Those of a run; None where not every step was logged."""
    log = run.metrics()
    log = log[np.isfinite(log["contrastive_loss"])]
    return _losses(log["step"], log["contrastive_loss"], log["chance"], run.config["objective"])


def of_recorded(kept: Recorded) -> Losses | None:
    """Those of a recorded training; None where it was recorded without them."""
    if "log_loss" not in kept.arrays:
        return None
    return _losses(*(kept.arrays[f"log_{name}"] for name in ("step", "loss", "chance")),
                   kept.facts["settings"]["objective"])


def _losses(step: Any, loss: Any, chance: Any, objective: Mapping[str, Any]) -> Losses | None:
    if not np.array_equal(np.asarray(step), np.arange(1, len(step) + 1)):
        return None
    distractors = objective["negatives"] + objective["cross_negatives"]
    return Losses(np.asarray(loss, float), np.asarray(chance, float), math.log(1 + distractors))


def metrics(found: Sequence[Losses | None], start: str, fall: str) -> dict[str, float]:
    """Start farthest from 0.1 nats above guessing (the middle of what is expected), and smallest fall, by name."""
    if not found or any(each is None for each in found):
        return {}
    return {start: max((each.start for each in found), key=lambda value: abs(value - 0.1)),
            fall: min(each.first - each.last for each in found)}


def sentence(live: Losses | None, kept: Sequence[Losses | None]) -> str:
    """Where the loss of this page's training starts and ends, and how many recorded trainings can be asked the same."""
    known = sum(each is not None for each in kept)
    rest = ("The recorded trainings are checked in the same way." if known == len(kept) else
            f"{known or 'None'} of the {len(kept)} recorded trainings kept the loss of each step; only a family whose "
            "trainings all did is checked in the same way.")
    if live is None:
        return f"The loss of each step was not logged on this page. {rest}"
    word = "below" if live.last < live.first else "not below"
    return (f"At the first step, untrained, the network loses {live.loss[0]:.2f} nats; guessing among all distractors "
            f"loses {live.guessing:.2f} ({live.start:+.2f}). Over the last fifth of the steps the mean loss is "
            f"{live.last:.2f}, {word} the {live.first:.2f} of the first {min(FIRST, len(live.loss))} steps. {rest}")
