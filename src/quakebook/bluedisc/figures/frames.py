"""Explorers that need no kernel: one record through training, and threshold against effective detections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from quakebook.bluedisc.scoring.followed import Track
from quakebook.bluedisc.scoring.operating import operating_curve
from quakebook.bluedisc.scoring.peaks import Peaks
from quakebook.picking.waveform_panels import around, draw_curves, draw_waveform
from quakebook.plots import book_style

from .colours import MODE_COLOURS, MODE_NAMES


def step_frames(tracks: Mapping[str, Track], sample: int, steps: Sequence[int]) -> list[Figure]:
    """One frame per step: the waveform round its picks, and the curves of each run below one another."""
    first = next(iter(tracks.values()))
    frames = []
    with book_style():
        for step in steps:
            fig, axes = plt.subplots(1 + len(tracks), 1, sharex=True, figsize=(6.4, 1.0 + 1.15 * len(tracks)),
                                     layout="constrained")
            draw_waveform(axes[0], first.waveform[sample], first.label[sample])
            axes[0].set_title(f"step {step}", loc="left")
            for ax, (name, track) in zip(axes[1:], tracks.items(), strict=True):
                draw_curves(ax, track.at(step)[sample], first.label[sample])
                ax.set_title(name, loc="left", fontsize=8)
                ax.set_ylabel("")
            axes[-1].set_xlim(*around(first.label[sample]))
            axes[-1].set_xlabel("Time in window (s); blue P, orange S, grey N")
            plt.close(fig)
            frames.append(fig)
    return frames


def threshold_frames(runs: Mapping[str, Mapping[str, Peaks]], modes: Mapping[str, str], thresholds: Sequence[float],
                     phase: str = "S") -> list[Figure]:
    """One frame per threshold: heights of precise peaks, and detections and precision as bars."""
    curves = {name: operating_curve(runs[name][phase]) for name in modes}
    bins = np.linspace(0, 1, 26)
    frames = []
    with book_style():
        for threshold in thresholds:
            fig, (left, right) = plt.subplots(1, 2, figsize=(6.4, 2.7), width_ratios=(1.4, 1), layout="constrained")
            for k, (name, mode) in enumerate(modes.items()):
                peaks = runs[name][phase]
                precise = np.abs(peaks.error_samples) <= 10
                counts, _ = np.histogram(peaks.height[precise], bins)
                share = 100 * counts / max(int(peaks.labels.sum()), 1)
                left.stairs(share, bins, color=MODE_COLOURS[mode], lw=1.4, label=MODE_NAMES[mode])
                left.stairs(np.where(bins[1:] > threshold, share, 0), bins, color=MODE_COLOURS[mode], alpha=0.3,
                            fill=True)
                values = curves[name].at(threshold)
                bars = right.bar(np.arange(2) + 0.4 * k, np.nan_to_num(values), 0.36, color=MODE_COLOURS[mode])
                right.bar_label(bars, [f"{v:.0f}" if np.isfinite(v) else "none" for v in values], fontsize=7)
            left.axvline(threshold, color="black", lw=1)
            left.set(xlim=(0, 1), xlabel=f"Height of precise {phase} peaks", ylabel="Labels (%)")
            left.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, fontsize=7)
            right.set_xticks([0.2, 1.2], ["found", "precision"])
            right.set(ylim=(0, 108), ylabel="%")
            right.set_title(f"threshold {threshold:.2f}", loc="left")
            plt.close(fig)
            frames.append(fig)
    return frames
