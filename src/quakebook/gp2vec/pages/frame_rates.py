"""The same tiny network at several frame rates, as recorded: what more frames cost and what they give."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import pandas as pd

from quakebook.numerals import numeral

from ..networks.architecture import of_size
from ..networks.encoder import lengths, total_stride
from ..recorded import read
from ..recorded.plan import TINY_RATES
from ..studies.cost import forward_flop
from ..studies.throughput import seconds_a_window
from .pretraining import not_recorded

SAMPLES = 3000


def rows() -> list[dict[str, float]]:
    """One row a recorded rate, slowest first: frames, GFLOP of a step per window, and what was measured."""
    out = []
    for name in TINY_RATES:
        if f"tiny-rates/{name}" not in read.available():
            continue
        plan = of_size("tiny", name, norm="group", fusion="none")
        found = read.metrics_of(read.result(f"tiny-rates/{name}"))
        out.append({"preset": name, "frames a second": 100 / total_stride(plan.convolutions),
                    "frames": lengths(plan.convolutions, SAMPLES, "same")[-1],
                    "GFLOP": 3e-9 * forward_flop(plan, SAMPLES), "gap": found["dev_gap"],
                    "accuracy": found["dev_accuracy"], "P": found["probe.P"], "S": found["probe.S"]})
    return sorted(out, key=lambda row: row["frames"])


def step_seconds(preset: str = "quick") -> dict[str, float]:
    """Seconds of a training step per window at each rate, slowest rate first, measured now."""
    return seconds_a_window(list(TINY_RATES), steps=1 if preset == "smoke" else 3)


def step_sentence(seconds: Mapping[str, float]) -> str:
    """Whether a step takes longer the more frames there are, on this machine."""
    grows = all(a < b for a, b in pairwise(seconds.values()))
    word = "grows with the number of frames" if grows else "does not grow with the number of frames at every rate"
    each = ", ".join(f"{name} {1000 * value:.0f} ms" for name, value in seconds.items())
    return f"The time of a training step {word}, measured while this page was made: {each} a window."


def table(found: list[dict[str, float]]) -> pd.DataFrame:
    """The rows as text."""
    forms = {"frames a second": "{:g}".format, "frames": "{:d}".format, "GFLOP": lambda value: numeral(value, 3),
             "gap": "{:.2f}".format, "accuracy": "{:.3f}".format, "P": "{:.3f}".format, "S": "{:.3f}".format}
    heading = {"GFLOP": "GFLOP per window and step", "P": "P onset, ROC AUC", "S": "S onset, ROC AUC"}
    return pd.DataFrame([{"preset": row["preset"], **{heading.get(key, key): form(row[key])
                                                      for key, form in forms.items()}} for row in found])


def sentence(found: list[dict[str, float]]) -> str:
    """Whether more frames a second go with better onset probes here."""
    if len(found) < 2:
        return missing()
    parts = []
    for phase in ("P", "S"):
        rises = all(a[phase] <= b[phase] for a, b in zip(found[:-1], found[1:], strict=True))
        best = max(found, key=lambda row: row[phase])
        parts.append(f"the {phase} probe rises with the frame rate" if rises else
                     f"the {phase} probe is best at {best['frames a second']:g} frames a second")
    times = found[-1]["GFLOP"] / found[0]["GFLOP"]
    return (f"In these short trainings {' and '.join(parts)}; the fastest rate costs {times:.0f} times the operations "
            "of the slowest. One seed each: no order is claimed.")


def missing() -> str:
    """What stands in place of the comparison."""
    return not_recorded("comparison of frame rates")
