"""Precision and recall against the detection threshold."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from quakebook.bluedisc.scoring.operating import operating_curve
from quakebook.bluedisc.scoring.peaks import Peaks
from quakebook.bluedisc.studies.expected_heights import CONFIDENCE
from quakebook.plots import book_style, detached

from .colours import MODE_COLOURS, MODE_NAMES


def price(runs: Mapping[str, Mapping[str, Peaks]], modes: Mapping[str, str]) -> Figure:
    """Effective detections against precision for all thresholds; a dot at 0.7 and a cross at 0.5, P and S.

    The axes hold the curves from threshold 0.3 to 0.8.
    """
    with book_style():
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
