"""Inverted sections, blind wells, uncertainty."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.plots import PALETTE

from .model import NAMES


def nine_panels(predicted: np.ndarray, true: np.ndarray, dt_s: float, title: str = "") -> Figure:
    """Predicted, true and absolute difference of one section, for the three properties.

    Parameters
    ----------
    predicted, true : ndarray, shape (traces, 3, T)
    """
    fig, axes = plots.subplots(3, 3, figsize=(7.5, 6.0), layout="constrained", sharex=True, sharey=True)
    extent = (1, len(true), true.shape[2] * dt_s * 1000, 0)
    for k, name in enumerate(NAMES):
        p, t = predicted[:, k].astype(float), true[:, k].astype(float)
        low, high = float(t.min()), float(t.max())
        error = np.abs(p - t)
        pictures = ((p, "jet", low, high), (t, "jet", low, high), (error, "gray", 0.0, 0.15 * (high - low)))
        for ax, (values, cmap, a, b) in zip(axes[k], pictures, strict=True):
            image = ax.imshow(values.T, extent=extent, aspect="auto", cmap=cmap, vmin=a, vmax=b)
        fig.colorbar(axes[k, 0].images[0], ax=axes[k, :2], label=name, shrink=0.9)
        fig.colorbar(image, ax=axes[k, 2], label="|error|", shrink=0.9)
        axes[k, 0].set_ylabel("time (ms)")
        axes[k, 0].set_title(f"PCC {np.corrcoef(p.ravel(), t.ravel())[0, 1]:.3f}", fontsize=8.5)
    axes[0, 1].set_title("true", fontsize=8.5)
    axes[0, 2].set_title("absolute difference", fontsize=8.5)
    for ax in axes[2]:
        ax.set_xlabel("trace")
    if title:
        fig.suptitle(title, fontsize=10)
    return fig


def blind_well(true: np.ndarray, initial: np.ndarray, predictions: Mapping[str, np.ndarray], dt_s: float,
               std: np.ndarray | None = None) -> Figure:
    """Three logs of one blind trace: truth, initial model, every prediction (3, T); band of +-2 `std` round the last.
    """
    fig, axes = plots.subplots(1, 3, figsize=(7.5, 4.6), layout="constrained", sharey=True)
    t_ms = np.arange(true.shape[1]) * dt_s * 1000
    for k, (ax, name) in enumerate(zip(axes, NAMES, strict=True)):
        ax.plot(true[k], t_ms, color="black", lw=1.6, label="true")
        ax.plot(initial[k], t_ms, color="0.6", ls=":", label="initial")
        for (label, volume), colour in zip(predictions.items(), PALETTE, strict=False):
            ax.plot(volume[k], t_ms, color=colour, lw=0.9, label=label)
        if std is not None:
            last = list(predictions.values())[-1][k]
            ax.fill_betweenx(t_ms, last - 2 * std[k], last + 2 * std[k], color="0.8", alpha=0.6, lw=0, label="±2 sd")
        ax.set_xlabel(name)
    axes[0].set(ylabel="time (ms)", ylim=(t_ms[-1], 0))
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return fig


def uncertainty(std: np.ndarray, predicted: np.ndarray, true: np.ndarray, shape: tuple[int, int], inline: int,
                dt_s: float, blind: np.ndarray) -> Figure:
    """Predictive deviation of one inline above, on a scale from zero; below, errors of blind traces beside it.

    Volumes have shape (traces, 3, T). Lower row: share of errors below k deviations against the normal law.
    """
    fig, axes = plots.subplots(2, 3, figsize=(7.5, 5.0), layout="constrained")
    extent = (1, shape[1], true.shape[2] * dt_s * 1000, 0)
    rows = slice(inline * shape[1], (inline + 1) * shape[1])
    from scipy.stats import norm

    levels = np.linspace(0, 4, 60)
    for k, name in enumerate(NAMES):
        image = axes[0, k].imshow(std[rows, k].T, extent=extent, aspect="auto", cmap="viridis",
                                    vmin=0.0)
        fig.colorbar(image, ax=axes[0, k], label=f"sd, {name}", location="bottom")
        axes[0, k].set_xlabel("crossline")
        z = (np.abs(predicted[blind, k] - true[blind, k]) / std[blind, k]).ravel()
        axes[1, k].plot(2 * norm.cdf(levels) - 1, np.searchsorted(np.sort(z), levels) / z.size, color=PALETTE[k])
        axes[1, k].plot([0, 1], [0, 1], color="0.5", lw=0.8, ls="--")
        axes[1, k].set(xlabel="expected share", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes[0, 0].set_ylabel("time (ms)")
    axes[1, 0].set_ylabel("found share")
    return fig
