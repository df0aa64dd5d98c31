"""Pictures for the explorers that work without a kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.bugfinv.scoring.metrics import KEYS

from .model import NAMES
from .strategies import TASK_COLOURS, TASKS
from .training import Log


def section_frames(sections: Mapping[str, np.ndarray], true: np.ndarray, dt_s: float, parameter: int
                   ) -> list[Figure]:
    """Prediction and error of one parameter, one frame per method; sections have shape (traces, 3, T)."""
    t = true[:, parameter].astype(float)
    low, high = float(t.min()), float(t.max())
    extent = (1, len(true), true.shape[2] * dt_s * 1000, 0)
    frames = []
    for section in sections.values():
        p = section[:, parameter].astype(float)
        fig, axes = plots.subplots(1, 2, figsize=(5.6, 2.3), layout="constrained", sharey=True)
        first = axes[0].imshow(p.T, extent=extent, aspect="auto", cmap="jet", vmin=low, vmax=high)
        second = axes[1].imshow(np.abs(p - t).T, extent=extent, aspect="auto", cmap="gray", vmin=0,
                                vmax=0.25 * (high - low))
        for ax in axes:
            ax.locator_params(nbins=4)
        fig.colorbar(first, ax=axes[0], label=NAMES[parameter])
        fig.colorbar(second, ax=axes[1], label="|error|")
        axes[0].set(ylabel="time (ms)", xlabel="trace", title=f"PCC {np.corrcoef(p.ravel(), t.ravel())[0, 1]:.3f}")
        axes[1].set_xlabel("trace")
        frames.append(fig)
    return frames


def weight_frames(logs: Mapping[str, Log], steps: Sequence[int]) -> dict[str, list[Figure]]:
    """Weights of the tasks up to a step (share of their sum), and the task losses; rows by method, frames by step."""
    return {method: [_weights(log, step, max(steps)) for step in steps] for method, log in logs.items()}


def _weights(log: Log, step: int, last: int) -> Figure:
    fig, (left, right) = plots.subplots(1, 2, figsize=(6.4, 2.5), layout="constrained")
    at = np.asarray(log["step"], float)
    weights = np.stack([np.asarray(log[f"weight.{key}"], float) for key in KEYS])
    weights = weights / weights.sum(axis=0)
    losses = np.stack([np.asarray(log[f"loss.{key}"], float) for key in KEYS])
    good = np.isfinite(weights).all(0) & np.isfinite(losses).all(0)
    seen = good & (at <= step)
    for k, (name, colour) in enumerate(zip(TASKS, TASK_COLOURS, strict=True)):
        left.plot(at[seen], weights[k, seen], color=colour, label=name)
        right.plot(at[seen], losses[k, seen], color=colour)
    left.axhline(1 / 3, color="0.6", lw=0.7, ls="--")
    left.set(xlim=(0, last), ylim=(0, 1), xlabel="step", ylabel="share of the weights")
    right.set(xlim=(0, last), yscale="log", ylim=(0.8 * losses[:, good].min(), 1.2 * losses[:, good].max()),
              xlabel="step", ylabel="task loss")
    left.legend(ncols=3, loc="upper right")
    return fig
