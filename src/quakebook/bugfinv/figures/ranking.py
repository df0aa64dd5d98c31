"""The ranking of the methods over seeds, and how it holds against noise and number of wells."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from quakebook import plots
from quakebook.plots import PALETTE

from .training import LABELS

COLUMNS = {"pcc.Vp": "PCC (Vp)", "r2.Vs": "R² (Vs)", "ssim.rho": "SSIM (ρ)", "nrmse.overall": "NRMSE (overall)"}


def ranking(table: pd.DataFrame, column: str = "nrmse.overall") -> Figure:
    """One row per method, one dot per seed: trained heads filled, posterior heads open; sorted by the better of both.

    `table` as from `recorded.score_table`.
    """
    means = table.groupby(["method", "heads"])[column].mean()
    best = means.groupby("method").min().sort_values(ascending=False)
    fig, ax = plots.subplots(figsize=(7.5, 0.9 + 0.33 * len(best)), layout="constrained")
    for y, method in enumerate(best.index):
        part = table[table.method == method]
        for heads, offset, fill in (("trained", 0.14, PALETTE[0]), ("posterior", -0.14, "white")):
            values = part[part.heads == heads][column].to_numpy()
            colour = PALETTE[0] if heads == "trained" else PALETTE[1]
            ax.plot(values, np.full(len(values), y + offset), "o", color=colour, mfc=fill if heads == "posterior"
                    else colour, markersize=5, label=f"{heads} heads" if y == len(best) - 1 else None)
            if len(values):
                ax.plot([values.mean()] * 2, [y + offset - 0.16, y + offset + 0.16], color=colour, lw=1.5)
    ax.set_yticks(range(len(best)), [LABELS.get(m, m) for m in best.index])
    ax.set(xlabel=COLUMNS.get(column, column), xscale="log")
    ax.xaxis.set_minor_formatter(StrMethodFormatter("{x:g}"))
    ax.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    ax.tick_params(axis="x", which="both", labelsize=8)
    ax.grid(axis="x", alpha=0.3, which="both")
    ax.legend(loc="upper right")
    return fig


def robustness(table: pd.DataFrame) -> Figure:
    """Error against signal-to-noise ratio and against the number of wells.

    `table` has columns method, heads, axis ("snr_db" or "n_wells"), value, nrmse.overall.
    """
    fig, axes = plots.subplots(1, 2, figsize=(7.5, 3.3), layout="constrained", sharey=True)
    labels = {"snr_db": "signal-to-noise ratio (dB)", "n_wells": "training wells"}
    for ax, (key, label) in zip(axes, labels.items(), strict=True):
        part = table[table.axis == key]
        for (method, heads), colour in zip((("cw", "trained"), ("nash", "trained"), ("bugfinv", "trained"),
                                            ("bugfinv", "posterior")), PALETTE, strict=False):
            line = part[(part.method == method) & (part.heads == heads)].sort_values("value")
            ax.plot(line.value, line["nrmse.overall"], "o-", color=colour, markersize=4,
                    label=f"{LABELS[method]}, {heads} heads")
        ax.set(xlabel=label, yscale="log", xticks=sorted(part.value.unique()))
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
        ax.yaxis.set_minor_formatter(StrMethodFormatter("{x:g}"))
    axes[0].set_ylabel("NRMSE, mean of three")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig
