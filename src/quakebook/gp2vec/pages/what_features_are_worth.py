"""Numbers, tables and sentences of the page about the worth of features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from quakebook.publishing import claims

from ..figures.scores import TITLES
from ..recorded import read
from ..scoring.tasks import CHANCE, METRICS, TASKS
from . import labels
from .verdicts import verdict

#: Trained family -> its recorded baselines.
BASELINES = {"tiny": "tiny-baselines", "small-hz5": "small-baselines", "small-hz25": "small-baselines-hz25"}

Scores = dict[str, dict[str, list[float]]]


def family() -> str | None:
    """The largest family of trainings that is recorded with its baselines; None without any."""
    there = set(read.available())
    for name in ("small-hz25", "small-hz5", "tiny"):
        if BASELINES[name] in there and read.seeds(name):
            return name
    return None


def scores(name: str) -> Scores:
    """Method -> task -> scores of the seeds."""
    base = read.metrics_of(read.result(BASELINES[name]))
    seeds = sorted({int(key.rpartition(".")[2]) for key in base if key.startswith("random.")})
    trained = read.seeds(name)
    out: Scores = {"pretrained": {}, "untrained": {}, "handcrafted": {}, "trees": {}}
    for task in TASKS:
        out["pretrained"][task] = [read.metrics_of(each)[f"probe.{task}"] for each in trained]
        out["untrained"][task] = [base[f"random.{task}.{seed}"] for seed in seeds]
        out["handcrafted"][task] = [base[f"handcrafted.{task}"]]
        out["trees"][task] = [base[f"trees.{task}"]]
    return out


def table(values: Mapping[str, Mapping[str, Sequence[float]]], trained: labels.Scores | None = None) -> pd.DataFrame:
    """One row per task: chance, and mean (range) of each method.

    Parameters
    ----------
    values : mapping
        Method -> task -> scores of the seeds.
    trained : mapping, optional
        The same of fine-tuning and of training from scratch, see `labels.all_labels`; a dash stands for a task that
        they are not asked. None: the two columns say that they are not recorded.
    """
    rows = []
    for task in TASKS:
        row = {"task": TITLES[task], "number": METRICS[task], "chance": f"{CHANCE[task]:.2f}"}
        row |= {method: _mean_and_range(tasks[task]) for method, tasks in values.items()}
        for column in labels.COLUMNS:
            row[column] = "not recorded" if trained is None else _mean_and_range(trained[column].get(task, ()))
        rows.append(row)
    return pd.DataFrame(rows)


def _mean_and_range(scores: Sequence[float]) -> str:
    if not len(scores):
        return "–"
    spread = f" ({min(scores):.3f} to {max(scores):.3f})" if len(scores) > 1 else ""
    return f"{np.mean(scores):.3f}{spread}"


def comparison(values: Scores, other: str) -> dict[str, str]:
    """Task -> verdict of the pretrained features against another method."""
    return {task: verdict(values["pretrained"][task], values[other][task]) for task in TASKS}


def comparison_sentence(values: Scores, other: str) -> str:
    """On which tasks pretrained features are better or worse than another method, or undecided."""
    verdicts = comparison(values, other)
    names = {word: [f"*{TITLES[task]}*" for task in TASKS if verdicts[task] == word]
             for word in ("better", "worse", "undecided")}
    method = {"untrained": "the same network without training", "handcrafted": "the handcrafted features with the same "
              "linear probe", "trees": "boosted trees on the handcrafted features"}[other]
    open_word = "undecided (the 95 % interval over the seeds holds zero, or there is one seed only)"
    parts = [f"{word if word != 'undecided' else open_word} for {', '.join(some)}"
             for word, some in names.items() if some]
    return f"Against {method} the pretrained features are {'; '.join(parts)}."


def fusion_table() -> pd.DataFrame:
    """Recorded trainings with metadata; one seed each, so that no order is read from it."""
    from .pretraining import COLUMNS, row_of

    there = [name for name in read.available() if name.startswith("fusion/")]
    there = there or [name for name in read.available() if name.startswith("tiny-fusion/")]
    rows = [{"metadata": name.rpartition("/")[2].replace("_", " "), **row_of(read.result(name))} for name in there]
    return pd.DataFrame(rows, columns=["metadata", *(heading for _, heading, _ in COLUMNS)])


def fusion_sentence(table: pd.DataFrame) -> str:
    """How far the ways lie apart; one seed each decides nothing."""
    if "none" not in set(table["metadata"]) or len(table) < 2:
        return ""
    gaps = {name: float(gap) for name, gap in zip(table["metadata"], table["gap"], strict=True)}
    others = [value for name, value in gaps.items() if name != "none"]
    return (f"Without metadata the held-out gap is {gaps['none']:.2f} nats, with them {min(others):.2f} to "
            f"{max(others):.2f}. One seed each: whether metadata help, and which way is best, stays undecided.")


def metrics() -> dict[str, float | claims.Measured]:
    """Numbers that the claims ask for: advantage of the pretrained features over each other kind, per task."""
    out: dict[str, float | claims.Measured] = {}
    for name, kept in BASELINES.items():
        if kept not in read.available() or len(read.seeds(name)) < 2:  # one seed has no spread
            continue
        values = scores(name)
        for other in ("untrained", "handcrafted", "trees"):
            for task in TASKS:
                out[f"features.{name}.over_{other}.{task}"] = claims.difference(values["pretrained"][task],
                                                                                values[other][task])
        base = read.metrics_of(read.result(kept))
        out[f"features.{name}.shuffled_P"] = base["shuffled.P"]
    return out | labels.metrics(labels.result())


def name_of(family_name: str) -> str:
    """A family of trainings as a reader would name it."""
    from .pretraining import FAMILIES

    return FAMILIES[family_name]


def comparison_missing() -> str:
    """What stands in place of the recorded comparison."""
    from .pretraining import not_recorded

    return not_recorded("comparison with baselines")


def fusion_missing() -> str:
    """What stands in place of the table of fusions."""
    from .pretraining import not_recorded

    return not_recorded("training with metadata")
