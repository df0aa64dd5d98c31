"""Pre-training over its steps: gap to chance, accuracy, code use; one line a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from quakebook.plots import PALETTE, subplots
from quakebook.plots.style import book_style

PANELS = (("dev_gap", "Gap to chance (nats)"), ("dev_accuracy", "True target first"),
          ("dev_code_perplexity", "Code perplexity"))


def curves(histories: Mapping[str, Mapping[str, np.ndarray]], most: float = 640.0) -> Figure:
    """Held-out gap, accuracy and code perplexity at each validation.

    Parameters
    ----------
    histories : mapping
        Name -> arrays ``step``, ``dev_gap``, ``dev_accuracy``, ``dev_code_perplexity``. Names that differ only after
        their last "-" share a colour (seeds).
    most : float
        Perplexity of a book that is used evenly.
    """
    groups = list(dict.fromkeys(name.rpartition("-")[0] or name for name in histories))
    with book_style():
        fig, axes = subplots(1, 3, figsize=(7.5, 3.3), layout="constrained")
        for ax, (key, label) in zip(axes, PANELS, strict=True):
            for name, history in histories.items():
                group = name.rpartition("-")[0] or name
                first = next(each for each in histories if (each.rpartition("-")[0] or each) == group) == name
                ax.plot(history["step"], history[key], color=PALETTE[groups.index(group) % len(PALETTE)], marker=".",
                        ms=3, lw=0.9, label=group if first else None)
            ax.set(xlabel="Step", title=label, ylim=(min(0, ax.get_ylim()[0]), None))
        axes[0].axhline(0, color="0.5", lw=0.6)
        axes[2].axhline(most, color="0.5", lw=0.6, ls=":")
        handles, labels = axes[0].get_legend_handles_labels()
        fig.legend(handles, labels, loc="outside lower center", ncols=1)
    return fig


def codebook(usage: Mapping[str, np.ndarray]) -> Figure:
    """Share of each code, most frequent first; one line a run and group. Dotted: even use."""
    with book_style():
        fig, ax = subplots(figsize=(7.5, 2.8), layout="constrained")
        for k, (name, share) in enumerate(usage.items()):
            for g, row in enumerate(share):
                ordered = np.sort(row)[::-1]
                ax.semilogy(np.arange(1, len(row) + 1), np.where(ordered > 0, ordered, np.nan), lw=1.0,
                            color=PALETTE[k % len(PALETTE)], ls=("-", "--")[g % 2], label=name if g == 0 else None)
        size = len(next(iter(usage.values()))[0])
        ax.axhline(1 / size, color="black", lw=0.7, ls=":")
        ax.set(xlabel="Code, most frequent first", ylabel="Share of frames")
        ax.legend()
    return fig


def joint_codes(share: np.ndarray) -> Figure:
    """Share of frames of each pair of codes (a, b), most frequent codes first; white: never."""
    with book_style():
        fig, ax = subplots(figsize=(4.4, 3.6), layout="constrained")
        image = ax.imshow(np.where(share > 0, 100 * share, np.nan), cmap="viridis", interpolation="none",
                          norm="log", origin="lower")
        ax.set(xlabel="Code of the second book", ylabel="Code of the first book")
        fig.colorbar(image, ax=ax, label="Share of frames (%)")
    return fig


def schedule(log: Mapping[str, np.ndarray]) -> Figure:
    """Learning rate, temperature of the noise (where there is one), and hidden share of each logged step.

    Parameters
    ----------
    log : mapping
        Columns of a run's ``metrics.csv``: ``step``, ``lr_gp2vec``, ``temperature``, ``masked_fraction``.
    """
    panels = [("lr_gp2vec", "Learning rate"), ("temperature", "Temperature"), ("masked_fraction", "Hidden share")]
    panels = [(key, label) for key, label in panels if np.nanmax(log[key]) > 0]
    with book_style():
        fig, axes = subplots(1, len(panels), figsize=(7.5, 2.3), layout="constrained", squeeze=False)
        for ax, (key, label) in zip(axes[0], panels, strict=True):
            ax.plot(log["step"], log[key], color=PALETTE[0], lw=0.9)
            ax.set(xlabel="Step", title=label, ylim=(0, None))
        axes[0, -1].axhspan(0.3, 0.6, color="0.9", zorder=0)
        axes[0, -1].set_ylim(0, 1)
    return fig


def losses(loss: np.ndarray, chance: np.ndarray, guessing: float) -> Figure:
    """Loss of each step (nats), and of guessing among the distractors that were left; dotted: among all."""
    step = np.arange(1, len(loss) + 1)
    with book_style():
        fig, ax = subplots(figsize=(7.5, 2.8), layout="constrained")
        ax.plot(step, loss, color=PALETTE[0], lw=0.9, label="loss of the network")
        ax.plot(step, chance, color=PALETTE[1], lw=0.9, label="guessing among the distractors left")
        ax.axhline(guessing, color="black", lw=0.7, ls=":", label="guessing among all distractors")
        ax.set(xlabel="Step", ylabel="Loss (nats)", ylim=(0, None))
        ax.legend()
    return fig


def throughput(rows: Sequence[Mapping[str, float | str]]) -> Figure:
    """Windows a second against windows of a step, one line a precision."""
    with book_style():
        fig, ax = subplots(figsize=(4.6, 2.6), layout="constrained")
        for k, name in enumerate(dict.fromkeys(row["precision"] for row in rows)):
            some = [row for row in rows if row["precision"] == name]
            ax.semilogx([row["batch"] for row in some], [row["windows a second"] for row in some], marker="o", ms=4,
                      color=PALETTE[k], label=name)
        batches = sorted({row["batch"] for row in rows})
        ax.set_xticks(batches, [str(each) for each in batches])
        ax.set_xticks([], minor=True)
        ax.set(xlabel="Windows of a step", ylabel="Windows a second", ylim=(0, None))
        ax.legend()
    return fig
