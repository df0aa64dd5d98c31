"""Utility space: three task gradients, their convex combinations, and the direction that Nash bargaining takes."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.bugfinv.objective.nash import nash_weights

from .strategies import TASK_COLOURS, TASKS

#: Task gradients (3, 2) without and with conflict: on the right the density pulls against the others.
AGREEING = np.array([[1.0, 0.25], [0.55, 0.9], [0.15, 0.75]])
OPPOSED = np.array([[1.0, 0.25], [0.55, 0.9], [-0.75, 0.15]])


def nash_direction(gradients: np.ndarray) -> np.ndarray:
    """Sum alpha_t g_t for gradients (3, d); its inner product with gradient t is 1 / alpha_t, its norm sqrt 3."""
    return nash_weights(gradients @ gradients.T) @ gradients


def utility_space(agreeing: np.ndarray = AGREEING, opposed: np.ndarray = OPPOSED) -> Figure:
    """Both cases side by side."""
    fig, (*axes, key) = plots.subplots(1, 3, figsize=(7.5, 2.9), layout="constrained", width_ratios=(1, 1, 0.55))
    for ax, gradients, title in zip(axes, (agreeing, opposed), ("(a) no conflict", "(b) ρ opposed"), strict=True):
        _panel(ax, gradients)
        ax.set_title(title)
        ax.set_xlabel("gradient, component 1")
    axes[0].set_ylabel("gradient, component 2")
    key.axis("off")
    key.legend(*axes[0].get_legend_handles_labels(), loc="center left", borderaxespad=0.0)
    return fig


def _panel(ax: Axes, gradients: np.ndarray) -> None:
    ax.fill(*gradients.T, color="0.88", label="convex combinations")
    _agreed_region(ax, gradients)
    for g, colour, name in zip(gradients, TASK_COLOURS, TASKS, strict=True):
        ax.annotate("", g, (0, 0), arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.8, "shrinkA": 0,
                                               "shrinkB": 0})
        ax.plot([], [], color=colour, label=f"gradient of {name}")
    direction = nash_direction(gradients)
    ax.plot([0, direction[0]], [0, direction[1]], color="#2E8B57", lw=2, ls="--", label="Nash direction")
    ax.plot(*direction, marker="*", markersize=14, color="#2E8B57")
    plain = gradients.sum(0)
    ax.plot([0, plain[0]], [0, plain[1]], color="black", lw=1, ls=":", label="plain sum")
    ax.plot(0, 0, "o", color="black", markersize=4)
    ax.set_aspect("equal")
    ax.set(xlim=(-1.1, 1.9), ylim=(-0.35, 2.1))


def _agreed_region(ax: Axes, gradients: np.ndarray) -> None:
    x, y = np.meshgrid(np.linspace(-1.1, 1.9, 200), np.linspace(-0.35, 2.1, 200))
    worst = np.min([g[0] * x + g[1] * y for g in gradients], axis=0)
    ax.contourf(x, y, worst > 0, levels=[0.5, 1.5], colors=["#E4F2EA"], zorder=0)
    ax.fill([], [], color="#E4F2EA", label="every task gains")
