"""Models and inputs beside each other: models, amplitude, evaluation protocol, bias."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from quakebook.magnitude.scoring.magnitude_errors import binned, magnitude_edges
from quakebook.plots import PALETTE, detached

from .magnitude import scatter_panel

Pair = tuple[ArrayLike, ArrayLike]
NAMES = {"none": "none", "counts": "in counts", "physical": "in m/s"}


def comparison_bars(trees: Mapping[str, Mapping], pairs: Mapping[str, Pair]) -> Figure:
    """MAE, RMSE and R2 with 95 % intervals over events, and a scatter overlay.

    Parameters
    ----------
    trees : mapping
        Model name -> result of `scoring.score_magnitudes`.
    pairs : mapping
        Model name -> (true, predicted); only these are drawn in the overlay.
    """
    figure, axes = plt.subplots(2, 2, figsize=(7.5, 6.4))
    names = list(trees)
    for panel, measure, letter in zip(axes.ravel()[:3], ("mae", "rmse", "r2"), "abc", strict=True):
        value = np.array([trees[name]["scores"][measure] for name in names], float)
        bounds = np.array([trees[name]["interval"][measure] for name in names], float).T
        error = np.abs(bounds - value)
        panel.barh(names, value, xerr=np.nan_to_num(error), color=[PALETTE[k % 6] for k in range(len(names))],
                   error_kw={"linewidth": 1})
        panel.invert_yaxis()
        panel.set(xlabel={"mae": "MAE", "rmse": "RMSE", "r2": "R2"}[measure], title=f"({letter})")
        if measure == "r2":
            panel.set_xlim(min(0.0, float(np.nanmin(value)) * 1.1), 1.0)
    for name, (true, predicted) in pairs.items():
        colour = PALETTE[names.index(name) % 6] if name in names else "black"
        scatter_panel(axes[1, 1], np.asarray(true, float), np.asarray(predicted, float), color=colour)
    axes[1, 1].set_title("(d)")
    return detached(figure)


def amplitude_ablation(cells: Sequence[Mapping]) -> Figure:
    """MAE of scaling x amplitude input, and error against magnitude. The chapter's main figure.

    Parameters
    ----------
    cells : sequence of mapping
        ``norm``, ``amplitude``, ``mae`` (one value a seed), ``true`` and ``predicted`` (of one seed).
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.8, 3.6), width_ratios=(1, 1.25))
    order = list(NAMES)
    for shift, norm, hatch in ((-0.19, "std", ""), (0.19, "peak", "//")):
        for cell in (cell for cell in cells if cell["norm"] == norm):
            place, values = order.index(cell["amplitude"]), np.atleast_1d(cell["mae"])
            left.bar(place + shift, values.mean(), 0.36, color=PALETTE[place], hatch=hatch, edgecolor="white",
                     label=f"scaled by {norm}" if cell["amplitude"] == "none" else None)
            left.plot(np.full(len(values), place + shift), values, "k.", markersize=4)
    left.set_xticks(range(3), ["amplitude\nremoved", "told in\ncounts", "told in\nm/s"])
    left.set(ylabel="MAE in magnitude", title="(a)")
    left.legend(loc="upper right")
    for cell in sorted((cell for cell in cells if cell["norm"] == "std"), key=lambda c: order.index(c["amplitude"])):
        place = order.index(cell["amplitude"])
        _binned_line(right, cell["true"], cell["predicted"], PALETTE[place], f"amplitude {NAMES[cell['amplitude']]}")
    right.axhline(0, color="0.5", linewidth=1)
    right.set(xlabel="catalogue magnitude", ylabel="mean error", title="(b) scaled by std")
    right.legend()
    return detached(figure)


def protocol(rows: Sequence[Mapping]) -> Figure:
    """The same predictions scored per record and per sample ("flattened"), beside the floor without any skill.

    Parameters
    ----------
    rows : sequence of mapping
        ``name``, ``r2``, ``mae``, ``flattened_r2``, ``flattened_mae``, ``floor_r2``.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.8, 0.42 * len(rows) + 1.7), sharey=True)
    place = np.arange(len(rows))
    for panel, measure in ((left, "r2"), (right, "mae")):
        panel.barh(place - 0.19, [row[measure] for row in rows], 0.36, color=PALETTE[0], label="one value a record")
        panel.barh(place + 0.19, [row[f"flattened_{measure}"] for row in rows], 0.36, color=PALETTE[1],
                   label="every sample a data point")
    left.plot([row["floor_r2"] for row in rows], place, "k|", markersize=18, markeredgewidth=2,
              label="flattened, no skill at all")
    left.set_yticks(place, [row["name"] for row in rows])
    left.invert_yaxis()
    left.set(xlabel="R2", title="(a)", xlim=(0, 1.0))
    right.set(xlabel="MAE in magnitude", title="(b)")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return detached(figure)


def bias_against_magnitude(pairs: Mapping[str, Pair]) -> Figure:
    """Mean error per half unit of magnitude, with the standard error, for all models."""
    figure, axes = plt.subplots(figsize=(6.8, 3.8))
    for (name, (true, predicted)), colour in zip(pairs.items(), PALETTE, strict=False):
        _binned_line(axes, true, predicted, colour, name)
    axes.axhline(0, color="0.5", linewidth=1)
    axes.set(xlabel="catalogue magnitude", ylabel="mean error (predicted - catalogue)")
    axes.legend(ncols=2)
    return detached(figure)


def _binned_line(axes: plt.Axes, true: ArrayLike, predicted: ArrayLike, colour: str, label: str) -> None:
    rows = [row for row in binned(true, predicted, true, magnitude_edges(true)) if row["n"] >= 3]
    centre = np.array([(row["low"] + row["high"]) / 2 for row in rows])
    bias = np.array([row["bias"] for row in rows])
    standard_error = np.array([row["std"] / np.sqrt(row["n"]) for row in rows])
    axes.plot(centre, bias, "o-", markersize=3, color=colour, label=label)
    axes.fill_between(centre, bias - 1.96 * standard_error, bias + 1.96 * standard_error, color=colour, alpha=0.15,
                      linewidth=0)
