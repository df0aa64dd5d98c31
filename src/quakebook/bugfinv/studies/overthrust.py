"""The README's four methods on the SEG/EAGE Overthrust model, as numbers that its table can be compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from quakebook.bugfinv import api
from quakebook.bugfinv.settings import config
from quakebook.publishing import claims
from quakebook.training.run import Run

METHODS = ("lbfgs", "cw", "nash", "bugfinv")


def invert(path: str | Path, overrides: Sequence[str] = (), preset: str = "paper") -> dict[str, Run]:
    """Finished runs of the four methods on the model at `path`; those that exist already are not made again."""
    name = f"data.name={Path(path).expanduser().resolve()}"
    return {method: api.train(config(f"objective.method={method}", name, *overrides, preset=preset))
            for method in METHODS}


def metrics(runs: Mapping[str, Run]) -> dict[str, float]:
    """``overthrust.<method>.<score>`` over all traces, heads as trained; with posterior heads under ``posterior``."""
    values = {}
    for method, run in runs.items():
        for key, value in run.record["metrics"].items():
            heads, traces, *score = key.split(".", 2)
            if traces == "all" and score:
                part = "" if heads == "trained" else f"{heads}."
                values[f"overthrust.{method}.{part}{score[0]}"] = value
    return values


def report(runs: Mapping[str, Run]) -> tuple[Path, pd.DataFrame]:
    """Keep the numbers where the claims are judged; their path, and a table of scores like that of recorded runs."""
    seeds = sorted({run.record["seed"] for run in runs.values()})
    path = claims.report("bugfinv", "overthrust", metrics(runs), data="benchmark",
                         run=[run.id for run in runs.values()], seeds=seeds)
    rows = [{"method": method, "heads": heads, "seed": run.record["seed"],
             **{key.removeprefix(f"{heads}.all."): value for key, value in run.record["metrics"].items()
                if key.startswith(f"{heads}.all.")}}
            for method, run in runs.items() for heads in ("trained", "posterior")
            if f"{heads}.all.nrmse.overall" in run.record["metrics"]]
    return path, pd.DataFrame(rows)
