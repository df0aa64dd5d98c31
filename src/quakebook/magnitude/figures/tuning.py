"""What a study of hyperparameters found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from quakebook.plots import PALETTE, detached


def study_analysis(values: Sequence[float], importance: Mapping[str, float], best_rates: Sequence[float],
                   best_curve: Sequence[float]) -> Figure:
    """2 x 2: value against trial, importance, learning rates of the best quarter, dev loss of the best trial.

    Parameters
    ----------
    values : sequence of float
        Objective of every trial; NaN for trials that did not complete.
    importance : mapping
        Parameter -> importance; empty when there are too few completed trials to tell.
    best_rates : sequence of float
        Learning rates of the best quarter of the completed trials.
    best_curve : sequence of float
        Dev loss per epoch of the best trial.
    """
    values = np.asarray(values, float)
    figure, axes = plt.subplots(2, 2, figsize=(7.5, 5.6))
    axes[0, 0].plot(np.arange(len(values)), values, "o", markersize=4, color=PALETTE[0])
    axes[0, 0].plot(np.fmin.accumulate(values), color=PALETTE[1], label="best so far")
    axes[0, 0].set(xlabel="trial", ylabel="best dev loss", title="(a)")
    axes[0, 0].legend()
    for panel in (axes[0, 0], axes[1, 1]):
        panel.xaxis.get_major_locator().set_params(integer=True)
    if importance:
        names = sorted(importance, key=lambda name: importance[name])
        axes[0, 1].barh(names, [importance[name] for name in names], color=PALETTE[2])
        axes[0, 1].set_xlabel("importance")
    else:
        axes[0, 1].text(0.5, 0.5, "parameter importance needs\nmore than 10 completed trials", ha="center", va="center",
                        transform=axes[0, 1].transAxes)
        axes[0, 1].set_axis_off()
    axes[0, 1].set_title("(b)")
    axes[1, 0].hist(best_rates, np.geomspace(1e-5, 1e-2, 13), color=PALETTE[0])
    axes[1, 0].set(xscale="log", xlabel="learning rate, best quarter", ylabel="trials", title="(c)")
    axes[1, 1].plot(np.arange(1, len(best_curve) + 1), best_curve, "o-", markersize=3, color=PALETTE[1])
    axes[1, 1].set(xlabel="epoch", ylabel="dev loss", title="(d) best trial")
    return detached(figure)
