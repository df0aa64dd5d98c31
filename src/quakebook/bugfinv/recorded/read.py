"""Recorded runs, read back: one table of scores, the sections, and the summary that the claims are judged by."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from quakebook.project import find_project
from quakebook.training.files import write_json

SCORES = ("pcc", "r2", "ssim", "nrmse")


def folder() -> Path:
    """``book/recorded/bugfinv`` of the project."""
    return find_project().recorded / "bugfinv"


def runs(family: str) -> list[dict[str, Any]]:
    """Everything recorded of a family (synthetic, robustness, marmousi2), by name; empty where nothing is."""
    return [{"name": p.stem, **json.loads(p.read_text(encoding="utf-8"))}
            for p in sorted((folder() / family).glob("*.json"))]


@cache
def arrays(family: str, name: str) -> dict[str, np.ndarray]:
    """Sections, blind wells and log of one recorded run."""
    path = folder() / family / f"{name}.npz"
    if not path.is_file():
        known = [p.stem for p in sorted(path.parent.glob("*.npz"))]
        raise ValueError(f"nothing recorded under {family}/{name}; there are: {', '.join(known) or 'none'}")
    with np.load(path, allow_pickle=False) as file:
        return {key: file[key] for key in file.files}


def score_table(family: str, where: str = "all") -> pd.DataFrame:
    """One row per method, heads and seed, one column per score (``pcc.Vp`` ... ``nrmse.overall``) and the seconds."""
    rows = []
    for run in runs(family):
        for heads in ("trained", "posterior"):
            prefix = f"{heads}.{where}."
            found = {k.removeprefix(prefix): v for k, v in run["scores"].items() if k.startswith(prefix)}
            if found:
                rows.append({"name": run["name"], "method": run["method"], "heads": heads, "seed": run["seed"],
                             "seconds": run["seconds"], **found})
    return pd.DataFrame(rows)


def spread(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Mean and standard deviation over seeds, and the number of seeds, per method and heads."""
    grouped = table.groupby(["method", "heads"])[columns]
    sizes = grouped.size().rename("seeds").to_frame()
    return pd.concat({"mean": grouped.mean(), "std": grouped.std(ddof=1).fillna(0.0), "number": sizes}, axis=1)


def summarise() -> list[Path]:
    """Write one summary per family: means and spreads per method, heads and score, as the claims' metrics."""
    written = []
    for family, data in (("synthetic", "synthetic"), ("marmousi2", "real")):
        table = score_table(family)
        if table.empty:
            continue
        columns = [c for c in table.columns if c.split(".")[0] in SCORES]
        metrics: dict[str, float] = {}
        for (method, heads), row in spread(table, columns).iterrows():
            for column in columns:
                metrics[f"{family}.{method}.{heads}.{column}"] = float(row[("mean", column)])
                metrics[f"{family}.{method}.{heads}.{column}.sd"] = float(row[("std", column)])
        seconds = float(table.drop_duplicates("name")["seconds"].sum())
        written.append(write_json(folder() / f"{family}.json", {
            "paper": "bugfinv", "source": family, "data": data, "metrics": metrics | directions(table, family),
            "device": sorted({run["device"] for run in runs(family)}), "seconds": round(seconds, 1)}))
    return written


def directions(table: pd.DataFrame, family: str) -> dict[str, float]:
    """Differences that answer the papers' orderings: positive where the first method has the smaller error."""
    error = table.groupby(["method", "heads"])["nrmse.overall"].mean()
    pairs = {"bugfinv_over_nash": (("nash", "trained"), ("bugfinv", "trained")),
             "bugfinv_posterior_over_nash": (("nash", "trained"), ("bugfinv", "posterior")),
             "bugfinv_over_cw": (("cw", "trained"), ("bugfinv", "trained")),
             "nash_over_cw": (("cw", "trained"), ("nash", "trained")),
             "cw_over_lbfgs": (("lbfgs", "trained"), ("cw", "trained")),
             "lbfgs_over_initial": (("initial", "trained"), ("lbfgs", "trained"))}
    found = {f"{family}.{name}": float(error[worse] - error[better]) for name, (worse, better) in pairs.items()
             if worse in error and better in error}
    solvers = [float(error[(m, "trained")]) for m in ("upgrad", "cagrad", "imtl_g", "aligned_mtl")
               if (m, "trained") in error]
    if solvers and ("nash", "trained") in error:
        found[f"{family}.nash_over_solvers"] = min(solvers) - float(error[("nash", "trained")])
    return found
