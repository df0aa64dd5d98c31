"""Why the peaks are low and what raising them costs: formula, reliability, price, ceiling in the head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.plots import PHASE_COLOURS, detached, style

from ..evaluation import Peaks
from ..operating import ceiling, operating_curve
from ..reliability import Reliability
from ..suppression import CONFIDENCE, Expected
from ..tracking import Track
from .colours import BELOW_COLOUR, MODE_COLOURS, MODE_NAMES, OVER_COLOUR


def formula(expected: Mapping[float, Expected], measured: Mapping[str, Mapping[str, float]],
            quoted: Mapping[str, Mapping[str, float]]) -> Figure:
    """Heights that the labels alone predict, and the shares they give, beside trained networks.

    Parameters
    ----------
    expected : mapping
        Timing error of the network in s -> `Expected`.
    measured, quoted : mapping
        Name of a trained picker -> {"tp", "below"} in percent; those quoted from elsewhere are drawn hatched.
    """
    with style():
        fig, (left, right) = plt.subplots(1, 2, figsize=(7.5, 3.0), width_ratios=(1, 1.3), layout="constrained")
        bins = np.linspace(0, 1, 26)
        for (error, answer), colour in zip(expected.items(), plt.cm.viridis(np.linspace(0, 0.85, len(expected))),
                                           strict=True):
            counts, _ = np.histogram(answer.height, bins, weights=answer.given)
            left.stairs(100 * counts / answer.given.sum(), bins, color=colour, lw=1.4, label=f"{error:.2f} s")
        left.axvline(CONFIDENCE, color="0.3", lw=0.7, ls=":")
        left.set(xlabel="Peak of the mean label", ylabel="Labels (%)", xlim=(0, 1))
        left.legend(title="timing error", fontsize=7, title_fontsize=7, loc="upper left")
        rows = {f"formula, {error:.2f} s": answer.shares() for error, answer in expected.items()}
        rows |= dict(measured) | dict(quoted)
        place = np.arange(len(rows))[::-1]
        tp, below = ([row[key] for row in rows.values()] for key in ("tp", "below"))
        over = right.barh(place, tp, color=OVER_COLOUR, label="0.7 or higher")
        under = right.barh(place, below, left=tp, color=BELOW_COLOUR, label="below 0.7")
        for bar in [*over[len(rows) - len(quoted):], *under[len(rows) - len(quoted):]]:
            bar.set(hatch="///", alpha=0.6)
        right.set_yticks(place, list(rows), fontsize=7)
        right.set(xlabel="S labels with a peak within 0.1 s (%)")
        right.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize=7)
    return detached(fig)


def reliability_curves(runs: Mapping[str, Mapping[str, Reliability]], peaks: Mapping[str, Mapping[str, Peaks]],
                       modes: Mapping[str, str]) -> Figure:
    """Does 0.5 mean 0.5? Left: all samples of the S curve. Right: at the peaks, mean label against height.

    Parameters
    ----------
    runs, peaks : mapping
        Run name -> phase -> `Reliability`, `Peaks`.
    modes : mapping
        Run name -> mode, for the colour.
    """
    with style():
        fig, axes = plt.subplots(1, 2, sharex=True, sharey=True, figsize=(7.5, 3.7), layout="constrained")
        shown: set[str] = set()
        for name, mode in modes.items():
            colour, label = MODE_COLOURS[mode], None if mode in shown else MODE_NAMES[mode]
            shown.add(mode)
            axes[0].plot(*runs[name]["S"].curve(), color=colour, marker=".", lw=1, label=label)
            axes[1].plot(*_binned(peaks[name]["S"].height, peaks[name]["S"].label_at_peak), color=colour, marker=".",
                         lw=1)
        for ax, text in zip(axes, ("every sample", "at the peaks"), strict=True):
            ax.plot([0, 1], [0, 1], color="0.5", lw=0.8, ls="--")
            ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal", xlabel="Predicted S probability")
            ax.set_title(text, loc="left")
        axes[0].set_ylabel("Mean label")
        axes[0].legend(loc="upper left", fontsize=7)
    return detached(fig)


def _binned(x: NDArray, y: NDArray, bins: int = 18, least: int = 20) -> tuple[NDArray, NDArray]:
    which = np.clip(((x - 0.1) / 0.9 * bins).astype(int), 0, bins - 1)
    count = np.bincount(which, minlength=bins)
    full = count >= least
    means = [np.bincount(which, v, bins)[full] / count[full] for v in (x, y)]
    return means[0], means[1]


def price(runs: Mapping[str, Mapping[str, Peaks]], modes: Mapping[str, str]) -> Figure:
    """Effective detections against precision for all thresholds; a dot at 0.7 and a cross at 0.5, P and S.

    The axes hold the curves from threshold 0.3 to 0.8.
    """
    with style():
        fig, axes = plt.subplots(1, 2, figsize=(7.5, 3.4), layout="constrained")
        for ax, phase in zip(axes, ("P", "S"), strict=True):
            shown: set[str] = set()
            usual: list[NDArray] = []
            for name, mode in modes.items():
                curve = operating_curve(runs[name][phase])
                usual.append(np.stack([curve.detected, curve.precision])[:, (curve.threshold >= 0.3)
                                                                         & (curve.threshold <= 0.8)])
                label = None if mode in shown else MODE_NAMES[mode]
                shown.add(mode)
                ax.plot(curve.detected, curve.precision, color=MODE_COLOURS[mode], lw=1, label=label)
                for threshold, marker in ((CONFIDENCE, "o"), (0.5, "x")):
                    ax.plot(*curve.at(threshold), marker, ms=5, color=MODE_COLOURS[mode])
            low, high = (extreme(np.concatenate(usual, 1), axis=1) for extreme in (np.nanmin, np.nanmax))
            ax.set(xlim=(max(low[0] - 2, 0), min(high[0] + 2, 101)), ylim=(max(low[1] - 3, 0), min(high[1] + 3, 101)),
                   xlabel=f"{phase} labels found within 0.1 s (%)")
        axes[0].set_ylabel("Peaks over the threshold\nthat lie within 0.1 s of a label (%)")
        axes[0].plot([], [], "o", color="0.4", label="threshold 0.7")
        axes[0].plot([], [], "x", color="0.4", label="threshold 0.5")
        axes[0].legend(loc="lower left")
    return detached(fig)


def ceiling_over_steps(runs: Sequence[tuple[str, Mapping[str, NDArray], Track]]) -> Figure:
    """Heights of precise peaks through training, and the highest value that the last layer could give.

    Parameters
    ----------
    runs : sequence of (name, history, track)
        History: ``step`` and ``P.height_05`` ... of each validation.
    """
    with style():
        fig, axes = plt.subplots(2, len(runs), sharex="col", sharey=True, squeeze=False, layout="constrained",
                                 figsize=(7.5, 4.0))
        for column, (name, history, track) in enumerate(runs):
            for channel, phase in enumerate(("P", "S")):
                ax, colour = axes[channel, column], PHASE_COLOURS[phase]
                low, middle, high = (history[f"{phase}.height_{q}"] for q in ("05", "50", "95"))
                ax.fill_between(history["step"], low, high, color=colour, alpha=0.25, lw=0, label="5 to 95 %")
                ax.plot(history["step"], middle, color=colour, label="median")
                top = ceiling(track.head_weight, track.head_bias, channel)
                ax.plot(track.step, np.where(top < 1, top, np.nan), color="black", lw=1.6, ls="--", label="ceiling")
                ax.axhline(CONFIDENCE, color="0.4", lw=0.6, ls=":")
                ax.set(ylim=(0, 1.02))
                if column == 0:
                    ax.set_ylabel(f"{phase} peak height")
            axes[0, column].set_title(name, loc="left")
            axes[1, column].set_xlabel("Step")
        axes[0, -1].legend(loc="lower right", fontsize=7)
    return detached(fig)
