"""Hidden spans, the true target's rank among its distractors, and the distance to what is visible."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.figure import Figure

from quakebook.plots import PALETTE, PHASE_COLOURS, subplots
from quakebook.plots.style import book_style

from ..data.masking import SpanMask, draw_mask
from ..scoring.guesses import Guesses

#: Positions of the sliders.
LENGTHS, SHARES = (3, 5, 10, 20, 40), (0.2, 0.4, 0.65, 0.9, 1.2)


def spans(rule: SpanMask, frames: int = 150, windows: int = 24, seed: int = 0) -> Figure:
    """Hidden frames (dark) of some windows, and the histogram of the hidden share over a thousand."""
    generator = torch.Generator().manual_seed(seed)
    mask = draw_mask(rule, 1000, frames, generator)
    share = mask.float().mean(1).numpy()
    with book_style():
        fig, (left, right) = subplots(1, 2, figsize=(7.5, 2.6), layout="constrained", width_ratios=(2, 1))
        left.imshow(mask[:windows].numpy(), aspect="auto", cmap="Greys", interpolation="none", vmin=0, vmax=1)
        left.set(xlabel="Latent frame", ylabel="Window",
                 title=f"span {rule.span(frames)} frames, start probability {rule.start_prob:.3f}")
        right.hist(share, bins=np.linspace(0, 1, 41), color=PALETTE[0])
        right.set(xlabel="Hidden share of a window", yticks=[], xlim=(0, 1), title=f"mean {share.mean():.2f}")
    return fig


def span_frames() -> dict[str, list[Figure]]:
    """Figures of `spans` by share that is asked for, one per span length: pages' explorer."""
    return {f"{share:g}": [spans(SpanMask(share / length, length)) for length in LENGTHS] for share in SHARES}


def one_window(found: Guesses, rate_hz: float = 100.0) -> Figure:
    """Above: a window, Z N E, its hidden spans shaded. Below: rank of the true target at each hidden frame, 0 best."""
    samples, frames = found.waveform.shape[1], len(found.mask)
    seconds = samples / rate_hz
    at = (np.arange(frames) + 0.5) * seconds / frames
    edges = np.flatnonzero(np.diff(np.r_[0, found.mask.astype(int), 0])).reshape(-1, 2) * seconds / frames
    with book_style():
        fig, (top, low) = subplots(2, 1, figsize=(7.5, 4.0), layout="constrained", sharex=True,
                                   height_ratios=(1.4, 1))
        for row, trace in enumerate(found.waveform):
            top.plot(np.arange(samples) / rate_hz, trace / 8 - row, lw=0.4, color="black")
        for begin, end in edges:
            for ax in (top, low):
                ax.axvspan(begin, end, color="0.88", lw=0, zorder=0)
        for phase, onset in found.onsets_s.items():
            top.axvline(onset, color=PHASE_COLOURS[phase], lw=1, label=phase)
        first, others = found.rank == 0, found.rank > 0
        low.plot(at[others], found.rank[others], ".", ms=4, color=PALETTE[1], label="another target comes first")
        low.plot(at[first], found.rank[first], "o", ms=4, color=PALETTE[0], label="the true target comes first")
        top.set(yticks=[0, -1, -2], yticklabels=["Z", "N", "E"], xlim=(0, seconds))
        if found.onsets_s:
            top.legend(loc="upper right")
        low.set(xlabel="Time (s)", ylabel="Rank of the true target", yscale="symlog")
        low.set_ylim(bottom=-0.5)
        fig.legend(*low.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig


def ranks(rank: np.ndarray, depth: np.ndarray, name: str = "") -> Figure:
    """Left: rank of the true target. Right: share of first places against the distance to the nearest visible frame."""
    with book_style():
        fig, (left, right) = subplots(1, 2, figsize=(7.5, 2.8), layout="constrained")
        edges = np.append(np.arange(-0.5, max(0.0, rank.max() - 4.4), 5), rank.max() + 0.5)  # the last holds the rest
        left.hist(rank, bins=edges, density=True, color=PALETTE[0])
        left.axhline(1 / (rank.max() + 1), color="black", ls="--", lw=0.8, label="no knowledge")
        left.set(xlabel="Distractors at least as similar", ylabel="Density", title=name)
        left.legend()
        distance, accuracy, count = accuracy_by_distance(rank, depth)
        error = np.sqrt(accuracy * (1 - accuracy) / count)
        right.errorbar(distance, accuracy, 2 * error, marker="o", ms=3, color=PALETTE[1])
        right.set(xlabel="Frames to the nearest visible one", ylabel="True target first", ylim=(0, None))
    return fig


def accuracy_by_distance(rank: np.ndarray, depth: np.ndarray, least: int = 50) -> tuple[np.ndarray, ...]:
    """Distances with at least `least` hidden frames, share of first places there, and number of frames."""
    distance = np.array([d for d in np.unique(depth) if (depth == d).sum() >= least])
    accuracy = np.array([(rank[depth == d] == 0).mean() for d in distance])
    return distance, accuracy, np.array([(depth == d).sum() for d in distance])
