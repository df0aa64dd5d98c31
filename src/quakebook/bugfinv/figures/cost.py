"""Cost of one backward against the number of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.plots import PALETTE


def cost(table: pd.DataFrame) -> Figure:
    """Milliseconds against rows, one line per form; `table` has columns form, rows, milliseconds."""
    fig, ax = plots.subplots(figsize=(6.0, 3.6), layout="constrained")
    for (form, part), colour in zip(table.groupby("form", sort=False), PALETTE, strict=False):
        ax.plot(part.rows, part.milliseconds, "o-", color=colour, label=form)
    ends = table[table.form == table.form.iloc[-1]]
    rows = np.array([ends.rows.min(), ends.rows.max()], float)
    ax.plot(rows, ends.milliseconds.iloc[-1] * rows / rows[-1], color="0.6", ls=":", label="slope 1")
    ax.set(xscale="log", yscale="log", xlabel="rows (time samples of all traces)", ylabel="time of one backward (ms)")
    ax.legend()
    return fig


def slope(table: pd.DataFrame, form: str) -> float:
    """Exponent of cost against rows between the two largest sizes."""
    part = table[table.form == form].sort_values("rows").tail(2)
    return float(np.diff(np.log(part.milliseconds))[0] / np.diff(np.log(part.rows))[0])
