"""Losses, scores, weights and conflict against the step."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.bugfinv.scoring.metrics import KEYS
from quakebook.plots import PALETTE

from .strategies import TASK_COLOURS, TASKS

Log = Mapping[str, np.ndarray]
LABELS = {"initial": "initial model", "lbfgs": "L-BFGS", "cw": "CW", "cw_unit": "CW, unit length", "nash": "Nash",
          "bugfinv": "BUGFInv", "bugfinv_informed": "BUGFInv, γ 1, σ² 0.05", "upgrad": "UPGrad", "cagrad": "CAGrad",
          "imtl_g": "IMTL-G", "aligned_mtl": "Aligned-MTL", "mgda": "MGDA", "pcgrad": "PCGrad",
          "dual_proj": "DualProj", "famo": "FAMO", "uncertainty": "uncertainty weighting",
          "bugfinv_equal": "BUGFInv, equal weights", "bugfinv_unit": "BUGFInv, unit length",
          "equal_unit": "BUGFInv, equal weights, unit length"}


def losses(logs: Mapping[str, Log]) -> Figure:
    """Sum of the three task losses, and the error at the validation traces, of every method."""
    fig, (left, right) = plots.subplots(1, 2, figsize=(7.5, 3.3), layout="constrained")
    for k, (method, log) in enumerate(logs.items()):
        colour, dash = PALETTE[k % len(PALETTE)], "--" if k >= len(PALETTE) else "-"
        total = sum(np.asarray(log[f"loss.{name}"], float) for name in KEYS)
        good = np.isfinite(total)
        left.plot(np.asarray(log["step"])[good], total[good], color=colour, ls=dash, label=LABELS.get(method, method))
        if "validation.nrmse.overall" in log:
            error = np.asarray(log["validation.nrmse.overall"], float)
            good = np.isfinite(error)
            right.plot(np.asarray(log["step"])[good], error[good], color=colour, ls=dash)
    left.set(yscale="log", xlabel="step", ylabel="sum of task losses", title="(a) training wells")
    right.set(yscale="log", xlabel="step", ylabel="NRMSE, mean of three", title="(b) validation traces, trained heads")
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return fig


def conflict(nash: Log, bugfinv: Log) -> Figure:
    """Cosines between the task gradients, Nash weights, BUGFInv's mean shares, and the clamped part of variances."""
    fig, axes = plots.subplots(2, 2, figsize=(7.5, 4.8), layout="constrained", sharex=True)
    for pair, colour in zip(("Vp-Vs", "Vp-rho", "Vs-rho"), PALETTE[3:], strict=False):
        _smooth(axes[0, 0], bugfinv, f"cosine.{pair}", colour, pair.replace("rho", "ρ"))
    axes[0, 0].axhline(0, color="black", lw=0.7)
    axes[0, 0].set(ylim=(-1, 1), ylabel="cosine", title="(a) task gradients at the features")
    for key, name, colour in zip(KEYS, TASKS, TASK_COLOURS, strict=True):
        _smooth(axes[0, 1], nash, f"weight.{key}", colour, name)
        _smooth(axes[1, 0], bugfinv, f"weight.{key}", colour, name)
    axes[0, 1].set(yscale="log", ylabel="α", title="(b) Nash weights")
    axes[1, 0].axhline(1 / 3, color="0.5", lw=0.7, ls="--")
    axes[1, 0].set(ylabel="mean share", xlabel="step", ylim=(0, 1), title="(c) BUGFInv's weights")
    axes[1, 1].plot(bugfinv["step"], bugfinv["clamped"], color="black")
    axes[1, 1].set(xlabel="step", ylabel="part below the floor", ylim=(-0.02, 1.02), title="(d) clamped variances")
    for ax, where in zip(axes.flat[:3], ("lower right", "lower right", "upper right"), strict=True):
        ax.legend(loc=where, ncols=3)
    return fig


def _smooth(ax, log: Log, key: str, colour: str, label: str, width: int = 7) -> None:
    step, values = np.asarray(log["step"], float), np.asarray(log[key], float)
    good = np.isfinite(values)
    step, values = step[good], values[good]
    ax.plot(step, values, color=colour, alpha=0.25, lw=0.7)
    if len(values) > 2 * width:
        half = width // 2
        mean = np.convolve(values, np.ones(width) / width, "valid")
        ax.plot(step[half:-half], mean, color=colour, label=label)
    else:
        ax.plot(step, values, color=colour, label=label)
