"""Single events of the jets page: what methods make of one mixture, and one event through a training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.data.calorimeter import open_domains

from ..figures import frames
from ..recorded import jets as recorded
from ..scoring.jets import Jets, find_jets
from ..studies.methods import NAMES, Mixtures, Separate, subtract


@dataclass(frozen=True)
class Example:
    """One mixture with its truth and what methods make of it; images (24, 64), GeV."""

    mixture: NDArray
    answers: dict[str, tuple[NDArray, NDArray]]
    jets: Jets


def example(row: int = 0, separators: Mapping[str, Separate] | None = None, *, data: str = "synthetic:tiny",
            split: str = "val") -> Example:
    """The first event from `row` on with two true jets above 20 GeV inside the acceptance.

    Parameters
    ----------
    row : int
    separators : mapping, optional
        Learned method -> separation, shown besides the truth, the iterative method and the clipped row median.
    data, split : str
    """
    domains = open_domains(data, split, records=row + 64 if data.startswith("synthetic:") else None)
    rows = np.arange(row, min(row + 64, len(domains.mixture)))
    background, signal = (part[:, 0].cpu().numpy().astype(float) for part in domains.truth(rows))
    for k, jets in enumerate(find_jets(signal, 0.4, min_pt_gev=20.0)):
        if len(jets.central()) >= 2:
            return Example(background[k] + signal[k], {"truth": (background[k], signal[k]), **_answers(
                (background[k] + signal[k])[None], separators or {})}, jets)
    raise ValueError(f"no event with two jets above 20 GeV among rows {row} to {row + 64} of {data}, {split}")


def _answers(mixtures: NDArray, separators: Mapping[str, Separate]) -> dict[str, tuple[NDArray, NDArray]]:
    answers = {}
    for key in (*separators, "ics", "median_clipped"):
        made = subtract(key, Mixtures(mixtures), separate=separators.get(key))
        answers[NAMES[key]] = (made.background[0], made.signal[0])
    return answers


def examples(count: int, separators: Mapping[str, Separate] | None = None, *, split: str = "val") -> list[Example]:
    """Several events, each from another part of the set."""
    return [example(64 * k, separators, split=split) for k in range(count)]


def training_frames(where: Path | None = None) -> tuple[list[Figure], list[str]]:
    """Frames and labels of one event through a recorded training; both empty where none is recorded."""
    kept = recorded.snapshots(where=where)
    if kept is None:
        return [], []
    jets = find_jets(kept.truth[1][None], 0.4)[0]
    return frames.training_frames(kept.mixture, kept.truth, kept.steps, jets), [str(step) for step in kept.steps]
