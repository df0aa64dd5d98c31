"""Three ways to make one shared gradient of three tasks: drawn, and computed on a real batch."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from quakebook import plots
from quakebook.bugfinv.studies.strategies import Strategies
from quakebook.plots import PALETTE

TASKS = ("Vp", "Vs", "ρ")
TASK_COLOURS = PALETTE[:3]
SHARED = "#B03060"


def schematic() -> Figure:
    """Constant weights, gradient solver, Bayesian fusion: where the task gradients meet."""
    fig, axes = plots.subplots(1, 3, figsize=(7.5, 3.6), layout="constrained")
    titles = ("(a) constant weights", "(b) gradient solver", "(c) Bayesian fusion")
    for ax, title, kind in zip(axes, titles, ("sum", "solver", "bayes"), strict=True):
        _network(ax, kind)
        ax.set_title(title)
    return fig


def computed(found: Strategies, row: int, feature_pair: tuple[int, int] = (0, 1)) -> Figure:
    """The same three tasks' arrows at one row, in the plane of two features."""
    i, j = feature_pair
    fig, axes = plots.subplots(1, 3, figsize=(7.5, 3.0), layout="constrained")
    sets = (("(a) sum", found.tasks[:, row][:, [i, j]], found.summed[row, [i, j]]),
            ("(b) Nash: α-weighted", (found.nash[:, None, None] * found.tasks)[:, row][:, [i, j]],
             found.nash_gradient[row, [i, j]]),
            ("(c) fusion: mean ± 1 sd", found.expected[row][:, [i, j]], found.fused[row, [i, j]]))
    for ax, (title, arrows, result) in zip(axes, sets, strict=True):
        for task, arrow in enumerate(arrows):
            _arrow(ax, arrow, TASK_COLOURS[task], TASKS[task])
        if title.startswith("(c)"):
            _ellipses(ax, arrows, found.deviation[row][:, [i, j]])
        _arrow(ax, result, "black", "shared")
        ax.set_title(title)
        ax.set_xlabel(f"dL/dh, feature {i}")
        ax.ticklabel_format(style="sci", scilimits=(0, 0))
        ax.margins(0.2)
        ax.axhline(0, color="0.85", zorder=0)
        ax.axvline(0, color="0.85", zorder=0)
    axes[0].set_ylabel(f"dL/dh, feature {j}")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return fig


def _arrow(ax: Axes, tip: np.ndarray, colour: str, label: str) -> None:
    ax.plot([0, tip[0]], [0, tip[1]], color=colour, label=label, marker="o", markevery=[1], markersize=5,
            lw=2.2 if colour == "black" else 1.5)


def _ellipses(ax: Axes, centres: np.ndarray, deviations: np.ndarray) -> None:
    angle = np.linspace(0, 2 * np.pi, 60)
    for task, (centre, sd) in enumerate(zip(centres, deviations, strict=True)):
        ax.fill(centre[0] + sd[0] * np.cos(angle), centre[1] + sd[1] * np.sin(angle), color=TASK_COLOURS[task],
                alpha=0.15, lw=0)


def _network(ax: Axes, kind: str) -> None:
    ax.set(xlim=(0, 10), ylim=(0, 12.4))
    ax.axis("off")
    _box(ax, 5, 0.7, 4.4, 1.0, "gathers, 6 angles", "0.93")
    ax.add_patch(FancyBboxPatch((2.0, 2.1), 6.0, 4.5, boxstyle="round,pad=0.1", fc="#F3F6FA", ec="0.6", ls="--"))
    for k, y in enumerate((2.8, 4.35, 5.9)):
        _box(ax, 5, y, 4.4, 1.0, f"shared layers {k + 1}" if k < 2 else "last shared layer", "white")
    for (x, name), colour in zip(((1.7, "Vp"), (5.0, "Vs"), (8.3, "ρ")), TASK_COLOURS, strict=True):
        _box(ax, x, 8.9, 2.3, 1.0, name, "white", colour)
        ax.text(x, 11.0, f"$L_{{{name}}}$", ha="center", va="center", color=colour)
        _line(ax, (x, 10.55), (x, 9.5), colour)
        if kind == "bayes":
            t = np.linspace(-1, 1, 50)
            ax.fill_between(x + t, 9.55, 9.55 + 0.7 * np.exp(-6 * t**2), color=colour, alpha=0.25, lw=0)
        _line(ax, (x, 8.4), (5 + (x - 5) * 0.28, 7.55), colour)
    names = {"sum": "Σ", "solver": "solver: α₁ α₂ α₃", "bayes": "precision-weighted mean"}
    _box(ax, 5, 7.2, {"sum": 1.2, "solver": 5.0, "bayes": 6.6}[kind], 0.75, names[kind], "#FFF4D6")
    _line(ax, (5, 6.8), (5, 6.45), SHARED)
    _line(ax, (5, 5.35), (5, 4.9), SHARED)
    _line(ax, (5, 3.8), (5, 3.35), SHARED)
    _line(ax, (3.4, 1.25), (3.4, 2.25), "0.5")
    if kind == "solver":
        for y in (2.8, 4.35, 5.9):
            ax.plot([7.3, 9.3], [y, y], color="0.5", lw=0.8)
        ax.plot([9.3, 9.3], [2.8, 7.2], color="0.5", lw=0.8)
        _line(ax, (9.3, 7.2), (7.65, 7.2), "0.5")
    if kind == "bayes":
        ax.plot([7.3, 9.3, 9.3], [5.9, 5.9, 7.2], color="0.5", lw=0.8)
        _line(ax, (9.3, 7.2), (8.45, 7.2), "0.5")


def _box(ax: Axes, x: float, y: float, width: float, height: float, text: str, fill: str, edge: str = "0.4") -> None:
    ax.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, boxstyle="round,pad=0.08", fc=fill,
                                ec=edge))
    ax.text(x, y, text, ha="center", va="center", fontsize=7.5)


def _line(ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
    ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=9, color=colour, lw=1.4, shrinkA=0,
                                 shrinkB=0))
