"""Numbers and tables of the page on the method: digits live, and as recorded."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from quakebook.training import recorded

from .. import api
from ..networks.build import TASKS, build_networks, parameter_count
from ..recorded import CHAPTER
from ..studies import digits
from .seeds import cell


def live(variant: str, preset: str, seed: int = 0, *overrides: str) -> Any:
    """The run of one variant at the length of a page, trained now unless it exists."""
    return api.train(digits.live(variant, seed, *overrides, preset=preset))


def results(where: Path | None = None) -> dict[str, list[dict[str, float]]]:
    """Variant -> metrics of every recorded seed; variants without a recorded training are absent."""
    names = recorded.names(CHAPTER, where)
    read = {variant: [recorded.read(CHAPTER, name, where).metrics for name in names
                      if name.rpartition("-")[0] == f"digits-{variant}"] for variant in digits.VARIANTS}
    return {variant: rows for variant, rows in read.items() if rows}


def lengths(where: Path | None = None) -> dict[str, int]:
    """Variant -> steps of its recorded trainings."""
    return {name.rpartition("-")[0].removeprefix("digits-"):
            recorded.read(CHAPTER, name, where).facts["settings"]["training"]["steps"]
            for name in recorded.names(CHAPTER, where) if name.startswith("digits-")}


def errors(rows: Mapping[str, list[dict[str, float]]], variants: tuple[str, ...]) -> dict[str, list[float]]:
    """Title -> error of every seed on unseen blends, for the variants that are there."""
    return {digits.VARIANTS[v][0]: [row["test_error"] for row in rows[v]] for v in variants if v in rows}


def errors_here(trained: Mapping[str, Any]) -> dict[str, list[float]]:
    """The same of the trainings of the page, one each."""
    return {title: [run.record["metrics"]["error"]] for title, run in trained.items()}


def table(rows: Mapping[str, list[dict[str, float]]]) -> pd.DataFrame:
    """Errors on unseen blends: mean over seeds, and half their range where there are several."""
    lines = []
    for variant, seeds in rows.items():
        line = {"variant": digits.VARIANTS[variant][0], "seeds": str(len(seeds))}
        for key, title in (("error", "both"), ("error_a0", "round digits"), ("error_a1", "straight digits")):
            line[title] = cell(seeds, f"test_{key}")
        lines.append(line)
    trivial = next(iter(rows.values()))[0] if rows else {}
    if trivial:
        lines.append({"variant": "mixture for both", "seeds": "–", "both": f"{trivial['test_trivial_error']:.3f}",
                      "round digits": f"{trivial['test_trivial_error_a0']:.3f}",
                      "straight digits": f"{trivial['test_trivial_error_a1']:.3f}"})
    return pd.DataFrame(lines)


def metrics(rows: Mapping[str, list[dict[str, float]]]) -> dict[str, float]:
    """Differences for the claims, each for the least favourable pair of seeds: full minus another variant."""
    if "full" not in rows:
        return {}
    worst = max(row["test_error"] for row in rows["full"])
    made = {f"digits.full_minus_{variant}.error": worst - min(row["test_error"] for row in seeds)
            for variant, seeds in rows.items() if variant != "full"}
    return made | {"digits.full_minus_mixture.error": worst - rows["full"][0]["test_trivial_error"]}


def sizes() -> pd.DataFrame:
    """Parameters of the published networks."""
    rows = []
    for task in TASKS:
        with torch.device("meta"):
            made = build_networks(task)
        rows.append({"task": task, **{name: f"{parameter_count(each):,}" for name, each in made.items()}})
    return pd.DataFrame(rows)


def shown(run: Any) -> dict[str, Tensor]:
    """Mixtures, extracted and true parts that a run kept at its end."""
    kept = run.read_arrays("shown")
    first, second = torch.as_tensor(kept["parts"][-1]).chunk(2, dim=1)
    return {"mixtures": torch.as_tensor(kept["mixture"]), "first": first, "second": second,
            "true_first": torch.as_tensor(kept["true_a0"]), "true_second": torch.as_tensor(kept["true_a1"])}


def frames_of(run: Any) -> tuple[list[Any], list[str]]:
    """Frames of the decompositions through a run's training, and their steps."""
    from ..figures.frames import image_frames

    kept = run.read_arrays("shown")
    parts = {int(step): (images[:, 0], images[:, 1]) for step, images in zip(kept["step"], kept["parts"], strict=True)}
    truth = kept["true_a0"][:, 0], kept["true_a1"][:, 0]
    return image_frames(kept["mixture"][:, 0], truth, parts, ("round", "straight")), [str(step) for step in parts]


def curves(runs: Mapping[str, Any]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Title -> steps and errors of the validations of live runs."""
    kept = {title: run.read_arrays("history") for title, run in runs.items()}
    return {title: (history["step"], history["error"]) for title, history in kept.items()}
