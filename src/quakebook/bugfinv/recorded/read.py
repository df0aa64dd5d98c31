"""Recorded runs, read back: one table of scores, the sections, and the orderings that the claims are judged by."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from quakebook.bugfinv.studies.orderings import of_table
from quakebook.training import recorded_files
from quakebook.training.recorded import folder as chapter_folder

SCORES = ("pcc", "r2", "ssim", "nrmse")


def folder() -> Path:
    """``book/recorded/bugfinv`` of the project."""
    return chapter_folder("bugfinv")


def names(family: str, where: Path | None = None) -> list[str]:
    """Names of the recorded runs of a set, without the set's own name."""
    return [name.removeprefix(f"{family}/") for name in recorded_files.names(where or folder())
            if name.startswith(f"{family}/")]


def runs(family: str, where: Path | None = None) -> list[dict[str, Any]]:
    """Facts of all recorded runs of a set (synthetic, robustness, marmousi2, ...), by name, with their ``scores``."""
    entries = []
    for name in names(family, where):
        result = recorded_files.read(where or folder(), f"{family}/{name}")
        scores = {key.removeprefix(f"{family}.{name}."): value for key, value in result.metrics.items()}
        entries.append({**result.facts, "name": name, "scores": scores})
    return entries


def arrays(family: str, name: str) -> dict[str, np.ndarray]:
    """Sections, blind wells and log of one recorded run."""
    return _arrays(folder(), family, name)


@cache
def _arrays(where: Path, family: str, name: str) -> dict[str, np.ndarray]:
    known = names(family, where)
    if name not in known:
        raise ValueError(f"nothing recorded under {family}/{name}; there are: {', '.join(known) or 'none'}")
    return recorded_files.read(where, f"{family}/{name}").arrays


def score_table(family: str, part: str = "all", where: Path | None = None) -> pd.DataFrame:
    """One row per method, heads and seed, one column per score (``pcc.Vp`` ... ``nrmse.overall``) and the seconds.

    `part` is "all" or "blind": the traces that are scored.
    """
    rows = []
    for run in runs(family, where):
        for heads in ("trained", "posterior"):
            prefix = f"{heads}.{part}."
            scores = {k.removeprefix(prefix): v for k, v in run["scores"].items() if k.startswith(prefix)}
            if scores:
                rows.append({"name": run["name"], "method": run["method"], "heads": heads, "seed": run["seed"],
                             "seconds": run["seconds"], **scores})
    return pd.DataFrame(rows)


def spread(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Mean and standard deviation over seeds, and the number of seeds, per method and heads."""
    grouped = table.groupby(["method", "heads"])[columns]
    sizes = grouped.size().rename("seeds").to_frame()
    return pd.concat({"mean": grouped.mean(), "std": grouped.std(ddof=1).fillna(0.0), "number": sizes}, axis=1)


#: Orderings of the papers, and of this book's ablation: worse method first, as (method, heads).
PAIRS = {"bugfinv_over_nash": (("nash", "trained"), ("bugfinv", "trained")),
         "bugfinv_posterior_over_nash": (("nash", "trained"), ("bugfinv", "posterior")),
         "bugfinv_over_cw": (("cw", "trained"), ("bugfinv", "trained")),
         "nash_over_cw": (("cw", "trained"), ("nash", "trained")),
         "cw_over_lbfgs": (("lbfgs", "trained"), ("cw", "trained")),
         "lbfgs_over_initial": (("initial", "trained"), ("lbfgs", "trained")),
         "bugfinv_posterior_over_equal": (("bugfinv_equal", "posterior"), ("bugfinv", "posterior")),
         "bugfinv_over_equal": (("bugfinv_equal", "trained"), ("bugfinv", "trained"))}
SOLVERS = ("upgrad", "cagrad", "imtl_g", "aligned_mtl")


def directions(table: pd.DataFrame, family: str) -> dict[str, float]:
    """Differences that answer the orderings: positive where the first-named method has the smaller error.

    With several seeds ``.sd``, the half-width of the 95 % interval of the difference, and ``.seeds`` stand beside.
    """
    error = table.groupby(["method", "heads"])["nrmse.overall"].mean()
    solvers = [method for method in SOLVERS if (method, "trained") in error]
    pairs = dict(PAIRS)
    if solvers:
        best = min(solvers, key=lambda method: error[(method, "trained")])
        pairs["nash_over_solvers"] = ((best, "trained"), ("nash", "trained"))
    values: dict[str, float] = {}
    for name, (worse, better) in pairs.items():
        ordering = of_table(table, worse, better)
        if ordering is None:
            continue
        values[f"{family}.{name}"] = ordering.difference
        if ordering.half_width is not None:
            values[f"{family}.{name}.sd"] = ordering.half_width
            values[f"{family}.{name}.seeds"] = float(ordering.seeds)
    return values
