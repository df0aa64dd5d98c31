"""Table of the page on the Marmousi2 model."""

from __future__ import annotations

import pandas as pd

from quakebook.bugfinv.figures.training import LABELS
from quakebook.bugfinv.recorded import read as recorded

from .inversion import NASH_MARMOUSI2


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
