"""Fine-tuning and training from scratch, as recorded: with all labels, and with few of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from quakebook.publishing import claims
from quakebook.training.recorded import Recorded

from ..figures.scores import TITLES
from ..recorded import read
from ..scoring.tasks import WINDOW_TASKS
from .verdicts import verdict

#: Trained family -> its recorded experiment with labels.
RECORDED = {"tiny": "tiny-labels", "small-hz5": "small-labels"}
#: Column of the table -> name in the recorded arrays.
COLUMNS = {"from scratch": "scratch", "fine-tuned": "fine_tuned"}
#: Shares of the labels that count as few.
FEW = (0.05, 0.10)

Scores = dict[str, dict[str, list[float]]]


def result() -> Recorded | None:
    """The recorded experiment: the small network's where it is there, else the tiny one's."""
    return of_family("small-hz5") or of_family("tiny")


def of_family(family: str) -> Recorded | None:
    """The experiment with a network of a family; None where it is not recorded."""
    name = RECORDED.get(family)
    return read.result(name) if name in read.available() else None


def all_labels(kept: Recorded | None) -> Scores | None:
    """Column -> task -> scores of the seeds with all labels; None where the experiment is not recorded.

    Only tasks that ask about a whole window are there: fine-tuning gives one answer a window.
    """
    if kept is None:
        return None
    row = _row(kept.arrays, 1.0)
    return {column: {task: kept.arrays[f"{task}_{name}"][row].tolist() for task in WINDOW_TASKS}
            for column, name in COLUMNS.items()}


def all_labels_sentence(kept: Recorded | None) -> str:
    """How the two columns were made, and how they stand to the linear probe of the frozen features."""
    if kept is None:
        return ("From scratch and fine-tuned: not recorded for these networks in this copy of the book; "
                "`quakebook record gp2vec` makes what is missing.")
    return (f"Fine-tuning changes the weights of the pretrained network, training from scratch begins with random "
            f"ones; both take {kept.facts['arguments']['steps']} updates and were repeated with "
            f"{kept.arrays['kind_scratch'].shape[1]} seeds. By the 95 % intervals over the seeds, fine-tuning with all "
            f"labels is, against training from scratch, {_against(kept.arrays, 'scratch')}. Against the linear probe "
            f"of the frozen features it is {_against(kept.arrays, 'frozen')}. More updates may change this.")


def _against(arrays: Mapping[str, np.ndarray], other: str) -> str:
    """On which tasks fine-tuning with all labels is better, worse, or neither."""
    row = _row(arrays, 1.0)
    words = {task: verdict(arrays[f"{task}_fine_tuned"][row], arrays[f"{task}_{other}"][row]) for task in WINDOW_TASKS}
    return "; ".join(f"{word} for {', '.join(f'*{TITLES[task]}*' for task in words if words[task] == word)}"
                     for word in ("better", "worse", "undecided") if word in words.values())


def _row(arrays: Mapping[str, np.ndarray], share: float) -> int:
    return int(np.flatnonzero(np.isclose(arrays["fractions"], share))[0])


def sentence(kept: Recorded | None) -> str:
    """At the smallest share of labels: fine-tuned and frozen against from scratch, per task."""
    if kept is None:
        return "No label-efficiency experiment is recorded in this copy of the book."
    arrays, share = kept.arrays, 100 * kept.arrays["fractions"][0]
    parts = []
    for task in WINDOW_TASKS:
        frozen, tuned, scratch = (arrays[f"{task}_{name}"][0] for name in ("frozen", "fine_tuned", "scratch"))
        parts.append(f"{TITLES[task]}: frozen {frozen.mean():.2f}, fine-tuned {tuned.mean():.2f}, from scratch "
                     f"{scratch.mean():.2f} (fine-tuned against scratch: {verdict(tuned, scratch)})")
    seeds = arrays["kind_scratch"].shape[1]
    return f"With {share:g} % of the labelled events, means over {seeds} seeds. {'; '.join(parts)}."


def metrics(kept: Recorded | None) -> dict[str, claims.Measured]:
    """How far fine-tuning is above training from scratch with few labels, seed by seed, mean over `FEW`."""
    if kept is None:
        return {}
    rows = [_row(kept.arrays, share) for share in FEW]
    return {f"labels.few.tuned_over_scratch.{task}": claims.over_seeds(
        (kept.arrays[f"{task}_fine_tuned"] - kept.arrays[f"{task}_scratch"])[rows].mean(0)) for task in WINDOW_TASKS}
