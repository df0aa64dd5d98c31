"""Why the peaks are low and what raising them costs: formula, reliability, price, ceiling in the head."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from quakebook.bluedisc.studies.expected_heights import CONFIDENCE, Expected
from quakebook.plots import book_style, detached

from .colours import BELOW_COLOUR, OVER_COLOUR


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
    with book_style():
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


