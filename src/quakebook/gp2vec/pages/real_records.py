"""Tables and sentences about the probes on real records, as recorded."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from quakebook.training.recorded import Recorded

from ..figures.scores import TITLES
from ..recorded import read
from ..scoring.tasks import CHANCE, METRICS
from ..studies.real_records import TASKS

NAME = "real"
ROADS = {"own": "fitted on other real records", "transfer": "fitted on synthetic records"}
METHODS = ("pretrained", "untrained", "handcrafted", "trees")
OTHERS = {"untrained": "the same network without training",
          "handcrafted": "handcrafted features with the same linear probe",
          "trees": "boosted trees on the handcrafted features"}
Differences = dict[str, dict[str, tuple[float, float, float]]]


def recorded_result() -> Recorded | None:
    """The recorded experiment; None where there is none."""
    return read.result(NAME) if NAME in read.available() else None


def values(kept: Recorded) -> dict[str, float]:
    """Its metrics under their short names."""
    return read.metrics_of(kept)


def table(found: Mapping[str, float]) -> pd.DataFrame:
    """One row a road and task: chance, rows, and the score of each method; range over the untrained networks."""
    rows = []
    for road, title in ROADS.items():
        for task in TASKS:
            row = {"probe": title, "task": TITLES[task], "number": METRICS[task], "chance": f"{CHANCE[task]:.2f}",
                   "rows": f"{found[f'{road}.rows.{task}']:.0f}"}
            rows.append(row | {method: _score(found, f"{road}.{method}", task) for method in METHODS})
    return pd.DataFrame(rows)


def _score(found: Mapping[str, float], method: str, task: str) -> str:
    some = [value for key, value in found.items()
            if key == f"{method}.{task}" or (key.startswith(f"{method}.") and key.endswith(f".{task}"))]
    spread = f" ({min(some):.2f} to {max(some):.2f})" if len(some) > 1 else ""
    return f"{np.mean(some):.2f}{spread}"


def differences(found: Mapping[str, float], road: str) -> Differences:
    """Other method -> task -> how far the pretrained features are above it, with the 95 % interval over stations."""
    return {other: {task: tuple(found[f"{road}.minus_{other}.{task}{end}"] for end in ("", ".low", ".high"))
                    for task in TASKS} for other in OTHERS}


def verdicts(found: Mapping[str, float], road: str) -> dict[str, dict[str, str]]:
    """Other method -> task -> better, worse, or undecided where the interval holds zero."""
    return {other: {task: "better" if low > 0 else "worse" if high < 0 else "undecided"
                    for task, (_, low, high) in tasks.items()} for other, tasks in differences(found, road).items()}


def sentence(found: Mapping[str, float], road: str) -> str:
    """Against each method: on which tasks the pretrained features are better, worse, or undecided."""
    parts = []
    for other, tasks in verdicts(found, road).items():
        words = [f"{word} for {' and '.join(f'*{TITLES[task]}*' for task in TASKS if tasks[task] == word)}"
                 for word in ("better", "worse", "undecided") if word in tasks.values()]
        parts.append(f"Against {OTHERS[other]} the pretrained features are {', '.join(words)}.")
    return (f"Probes {ROADS[road]}. {' '.join(parts)} There is one training of the network: another one may end "
            "elsewhere.")


def size_sentence(found: Mapping[str, float]) -> str:
    """What so few records can tell apart: the widest and narrowest interval of a difference in ROC AUC."""
    widths = [high - low for tasks in differences(found, "own").values() for task, (_, low, high) in tasks.items()
              if METRICS[task] == "ROC AUC"]
    return (f"There are {found['records']:.0f} records of {found['stations']:.0f} stations. The 95 % intervals of a "
            f"difference in ROC AUC are {min(widths):.2f} to {max(widths):.2f} wide; smaller differences cannot be "
            "told from none. Magnitude cannot be asked: the records have none. Nor can noise against event: every "
            "record holds an earthquake.")


def missing() -> str:
    """What stands in place of the experiment."""
    return ("The probes on real records are not recorded in this copy of the book; `quakebook record gp2vec real` "
            "makes them where the Northern California sample is.")
