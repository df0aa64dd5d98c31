"""Numbers, tables and sentences of the published toy on drawn faces, trained while the page runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..studies import toy

PARTS = {"error": "both", "error_a0": "cat", "error_a1": "dog"}


def live(preset: str, seed: int = 0) -> dict[str, Any]:
    """The full method and its cheapest rival on drawn faces, trained now unless they exist."""
    return {method: toy.train(method, "smoke" if preset == "smoke" else "quick", seed) for method in toy.METHODS}


def table(scores: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Mean absolute errors on unseen blends by method, and of the answer that costs nothing."""
    rows = [{"method": toy.METHODS[method][0], **{title: f"{row[key]:.3f}" for key, title in PARTS.items()}}
            for method, row in scores.items()]
    trivial = next(iter(scores.values()))
    return pd.DataFrame([*rows, {"method": "mixture for both", **{
        title: f"{trivial[f'trivial_{key}']:.3f}" for key, title in PARTS.items()}}])


def scores(runs: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Metrics of runs."""
    return {method: run.record["metrics"] for method, run in runs.items()}


def metrics(found: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """For the claim: error of each part less that of the mixture, the less favourable of both parts."""
    return {f"toy.{method}.both_minus_mixture": max(row[key] - row[f"trivial_{key}"] for key in PARTS if key != "error")
            for method, row in found.items()}


def sentence(found: Mapping[str, Mapping[str, float]], steps: int) -> str:
    """Whether both parts are nearer to the truth than the blend, after how many steps."""
    said = []
    for method, row in found.items():
        nearer = [title for key, title in PARTS.items() if key != "error" and row[key] < row[f"trivial_{key}"]]
        words = {0: "neither part is", 1: f"only the {''.join(nearer[:1])} is", 2: "both parts are"}[len(nearer)]
        said.append(f"{words} nearer to the truth than the blend by the {toy.METHODS[method][0]}")
    return f"After {steps} steps {'; '.join(said)}."
