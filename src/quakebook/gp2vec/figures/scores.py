"""Probe scores by method, scores against labels, curves of the binary tasks, and embeddings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from sklearn.metrics import precision_recall_curve, roc_curve

from quakebook.plots import PALETTE, subplots
from quakebook.plots.style import book_style

from ..scoring.plane import principal_plane
from ..scoring.probes import ProbeResult
from ..scoring.tasks import CHANCE, METRICS, TASKS

TITLES = {"phase": "before P, P to S, after S", "P": "P onset", "S": "S onset", "kind": "noise, tremor, event",
          "SP": "log S minus P time", "M": "magnitude"}


def probes(scores: Mapping[str, Mapping[str, Sequence[float]]]) -> Figure:
    """Dots for seeds, bars for their mean; dashed: chance.

    Parameters
    ----------
    scores : mapping
        Method -> task -> scores of the seeds.
    """
    methods = list(scores)
    with book_style():
        fig, axes = subplots(2, 3, figsize=(7.5, 4.6), layout="constrained", sharex=True)
        for ax, task in zip(axes.flat, TASKS, strict=True):
            for k, method in enumerate(methods):
                values = np.asarray(scores[method].get(task, []), float)
                if len(values):
                    ax.bar(k, values.mean(), color=PALETTE[k % len(PALETTE)], alpha=0.6)
                    ax.plot(np.full(len(values), k), values, "k.", ms=3)
            ax.axhline(CHANCE[task], color="0.4", ls="--", lw=0.8)
            ax.set(title=TITLES[task], ylabel=METRICS[task], ylim=(None, 1.0), xticks=range(len(methods)))
            ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]) if CHANCE[task] == 0 else 0.9 * CHANCE[task])
            ax.set_xticklabels(methods, rotation=35, ha="right")
    return fig


def label_efficiency(arrays: Mapping[str, np.ndarray], tasks: Sequence[str] = ("kind", "SP", "M")) -> Figure:
    """Score against the share of labelled events: mean (line) and range (shade) over seeds."""
    share = 100 * arrays["fractions"]
    with book_style():
        fig, axes = subplots(1, len(tasks), figsize=(7.5, 3.2), layout="constrained")
        for ax, task in zip(axes, tasks, strict=True):
            names = [key.removeprefix(f"{task}_") for key in arrays if key.startswith(f"{task}_")]
            for k, name in enumerate(names):
                values = arrays[f"{task}_{name}"]
                colour = PALETTE[k % len(PALETTE)]
                ax.plot(share, values.mean(1), color=colour, marker=".", label=name.replace("_", " "))
                ax.fill_between(share, values.min(1), values.max(1), color=colour, alpha=0.15, lw=0)
            top = max(arrays[f"{task}_{name}"].max() for name in names)
            ax.set(xscale="log", xlabel="Labelled events (%)", title=TITLES[task], ylabel=METRICS[task],
                   ylim=(-0.1 if CHANCE[task] == 0 else 0.8 * CHANCE[task], top + 0.05))
            ax.set_xticks(share, [f"{s:g}" for s in share], minor=False)
            ax.minorticks_off()
        axes[0].legend(fontsize=7)
    return fig


def operating(results: Mapping[str, Mapping[str, ProbeResult]]) -> Figure:
    """ROC and precision against recall of the P and S onset probes; method -> task -> result."""
    with book_style():
        fig, axes = subplots(2, 2, figsize=(7.5, 5.0), layout="constrained")
        for column, task in enumerate(("P", "S")):
            for k, (method, tasks) in enumerate(results.items()):
                truth, answer = tasks[task].truth, tasks[task].answer
                false, true, _ = roc_curve(truth, answer)
                precision, recall, _ = precision_recall_curve(truth, answer)
                axes[0, column].plot(false, true, color=PALETTE[k], label=f"{method}, {tasks[task].score:.3f}")
                axes[1, column].plot(recall, precision, color=PALETTE[k])
            axes[0, column].set(title=TITLES[task], xlabel="False positive rate", ylabel="True positive rate")
            axes[1, column].set(xlabel="Recall", ylabel="Precision", ylim=(0, 1.02))
            axes[0, column].legend(loc="lower right")
    return fig


def embedding(pooled: np.ndarray, groupings: Mapping[str, tuple[np.ndarray, Sequence[str]]]) -> Figure:
    """First two principal components of pooled features (n, d), one panel a grouping.

    Parameters
    ----------
    groupings : mapping
        Title -> group of each window (n,), counted from 0 or -1 for none (grey), and the names of the groups.
    """
    found = principal_plane(pooled)
    with book_style():
        fig, axes = subplots(1, len(groupings), figsize=(3.75 * len(groupings), 4.2), layout="constrained",
                             squeeze=False)
        for ax, (title, (group, names)) in zip(axes[0], groupings.items(), strict=True):
            if (group < 0).any():
                ax.plot(*found.points[group < 0].T, ".", ms=2, color="0.8", label="others")
            for k, name in enumerate(names):
                ax.plot(*found.points[group == k].T, ".", ms=3, alpha=0.6, color=PALETTE[k], label=name)
            ax.set(title=title, xlabel=f"First component ({100 * found.share[0]:.0f} % of the variance)",
                   ylabel=f"Second ({100 * found.share[1]:.0f} %)")
            ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3, fontsize=7)
    return fig
