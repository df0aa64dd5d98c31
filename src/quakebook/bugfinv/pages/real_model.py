"""Table of the page on the Marmousi2 model."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pandas as pd

from quakebook.bugfinv.figures.training import LABELS
from quakebook.bugfinv.recorded import plan
from quakebook.bugfinv.recorded import read as recorded

from .inversion import NASH_MARMOUSI2
from .sentences import bullets, not_recorded, ordering

#: Width and depth of the published model (Martin, Wiley and Marfurt 2006).
ORIGINAL_KM = (17.0, 3.5)


def marmousi2_table() -> pd.DataFrame:
    """The Nash paper's scores beside ours with the same rule, and with BUGFInv."""
    table = recorded.score_table("marmousi2")
    rows = []
    for key, published in NASH_MARMOUSI2.items():
        for score, value in zip(("pcc", "r2", "ssim"), published, strict=True):
            row = {"score": f"{score.upper().replace('R2', 'R²')} ({key.replace('rho', 'ρ')})",
                   "Nash paper": f"{value:.4f}"}
            for method, heads in (("initial", "trained"), ("lbfgs", "trained"), ("cw", "trained"),
                                  ("nash", "trained"), ("bugfinv", "trained"), ("bugfinv", "posterior")):
                part = table[(table.method == method) & (table.heads == heads)] if len(table) else table
                name = LABELS[method] + (f", {heads}" if method == "bugfinv" else "")
                row[name] = f"{part[f'{score}.{key}'].mean():.4f}" if len(part) else "–"
            rows.append(row)
    return pd.DataFrame(rows)


def notes() -> list[str]:
    """What the loader found in the model; one line that says so where nothing is recorded."""
    runs = recorded.runs("marmousi2")
    return list(runs[0]["notes"]) if runs else [not_recorded("marmousi2/*")]


def ranking_sentences() -> str:
    """The README's order on Marmousi2, line by line; with one seed each line is undecided."""
    table = recorded.score_table("marmousi2")
    if table.empty:
        return not_recorded("marmousi2/*")
    pairs = [(("initial", "trained"), ("lbfgs", "trained")), (("lbfgs", "trained"), ("cw", "trained")),
             (("cw", "trained"), ("nash", "trained")), (("nash", "trained"), ("cw_unit", "trained")),
             (("initial", "trained"), ("bugfinv", "trained")), (("cw", "posterior"), ("bugfinv", "posterior")),
             (("bugfinv", "posterior"), ("bugfinv_equal", "posterior"))]
    return bullets([ordering(table, *pair) for pair in pairs])


def extent_sentence(overrides: Sequence[str] = plan.MARMOUSI2) -> str:
    """What part of Marmousi2 is used, from the settings of the recorded runs."""
    values = dict(word.split("=", 1) for word in overrides)
    traces, depths = json.loads(values["data.file_shape"])
    step = float(values["data.dz_m"])
    return (f"The form used here has {traces} traces of {depths} samples, {step:g} m apart: "
            f"{traces * step / 1000:g} km x {(depths - 1) * step / 1000:g} km of the original's "
            f"{ORIGINAL_KM[0]:g} km x {ORIGINAL_KM[1]:g} km.")
