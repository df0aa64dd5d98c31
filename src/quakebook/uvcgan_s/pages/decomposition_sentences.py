"""Sentences of the page on the method, made from its results: they change when the numbers do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..studies import digits
from ..studies.jet_numbers import ordering
from .seeds import ONE_SEED, order

Rows = Mapping[str, Sequence[Mapping[str, float]]]


def sentence(rows: Rows) -> str:
    """What the recorded comparison says, with an ordering inside the seed spread called undecided."""
    if not {"full", "identity"} <= set(rows):
        return "No comparison on digits is recorded yet; the page shows the trainings that ran just now."
    full, other = (_errors(rows, name) for name in ("full", "identity"))
    if min(len(full), len(other)) < 2:
        return (f"The full method leaves a mean error of {np.mean(full):.3f} on unseen blends, splitting sums of "
                f"independent draws {np.mean(other):.3f} ({ONE_SEED}).")
    stands = ordering(full, other)
    if stands == "below":
        return (f"With critics and cycles the mean error on unseen blends is {np.mean(full):.3f}; splitting sums of "
                f"independent draws alone leaves {np.mean(other):.3f}: every seed of the first is better.")
    if stands == "above":
        return (f"Splitting sums of independent draws ({np.mean(other):.3f}) is better here than the full method "
                f"({np.mean(full):.3f}), with every seed.")
    return (f"Full method ({np.mean(full):.3f}) and splitting of sums ({np.mean(other):.3f}) are not told apart by "
            f"{len(full)} seeds: undecided.")


def variants(rows: Rows) -> str:
    """How the error of every other recorded variant stands to that of the full method; what is absent is named."""
    if "full" not in rows:
        return ""
    full = _errors(rows, "full")
    said = [f"{digits.VARIANTS[name][0]} {np.mean(_errors(rows, name)):.3f} ({order(_errors(rows, name), full)})"
            for name in rows if name != "full"]
    absent = [title for name, (title, _) in digits.VARIANTS.items() if name not in rows]
    parts = [f"Error of the full method {np.mean(full):.3f}; beside it: {', '.join(said)}."] if said else []
    return " ".join([*parts, *([f"Not recorded: {', '.join(absent)}."] if absent else [])])


def reached(trained: Mapping[str, Any], rows: Rows, steps: Mapping[str, int]) -> str:
    """How far the trainings of this page came, and how far the recorded ones did.

    Parameters
    ----------
    trained : mapping
        Title -> run that was trained on this page.
    rows : mapping
        Variant -> metrics of its recorded seeds.
    steps : mapping
        Variant -> length of its recorded trainings.
    """
    said, names = [], {title: name for name, (title, _) in digits.VARIANTS.items()}
    for title, run in trained.items():
        found, training = run.record["metrics"], run.config["training"]
        word = "below" if found["error"] < found["trivial_error"] else "not below"
        text = (f"the {title} leaves an error of {found['error']:.3f} after {training['steps']:,} steps, {word} the "
                f"{found['trivial_error']:.3f} of the mixture taken for both parts")
        kept = [row["error"] for row in rows.get(names.get(title, ""), ())]
        said.append(text + (f" (recorded ones of {steps[names[title]]:,} steps: {np.mean(kept):.3f})" if kept else ""))
    return f"Trained while this page ran: {'; '.join(said)}."


def _errors(rows: Rows, name: str) -> list[float]:
    return [row["test_error"] for row in rows[name]]
