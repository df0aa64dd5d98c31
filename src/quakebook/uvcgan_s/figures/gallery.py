"""Decompositions of images: rows of mixture, both extracted parts, both true parts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from torch import Tensor

from quakebook.plots.style import book_style, subplots


def gallery(mixtures: Tensor, first: Tensor, second: Tensor, true_first: Tensor | None = None,
            true_second: Tensor | None = None, *, names: Sequence[str] = ("first", "second"),
            errors: Sequence[float] | None = None) -> Figure:
    """One column an image, one row a picture of it.

    Parameters
    ----------
    mixtures, first, second : Tensor, shape (n, channels, height, width)
        At most eight are drawn. One channel is drawn in grey with one scale for all, three as colours cut to 0 to 1.
    true_first, true_second : Tensor, optional
        The true parts, of the same shape.
    names : sequence of str
        Names of the two parts.
    errors : sequence of float, optional
        Mean absolute error of each image, written above its column.
    """
    rows = {"mixture": mixtures, f"extracted {names[0]}": first, f"extracted {names[1]}": second}
    if true_first is not None and true_second is not None:
        rows |= {f"true {names[0]}": true_first, f"true {names[1]}": true_second}
    for name, images in rows.items():
        if images.ndim != 4 or len(images) != len(mixtures) or images.shape[1] not in (1, 3):
            raise ValueError(f"{name}: expected {len(mixtures)} images of 1 or 3 channels; found {tuple(images.shape)}")
    count = min(len(mixtures), 8)
    low, high = _range(rows)
    with book_style():
        fig, axes = subplots(len(rows), count, figsize=(0.9 + 0.85 * count, 0.3 + 0.85 * len(rows)), squeeze=False)
        for line, (name, images) in zip(axes, rows.items(), strict=True):
            for column, ax in enumerate(line):
                ax.imshow(_picture(images[column]), cmap="gray", vmin=low, vmax=high, interpolation="nearest")
                ax.set(xticks=[], yticks=[])
                ax.spines[:].set_visible(False)
            line[0].set_ylabel(name, rotation=0, ha="right", va="center", fontsize=8)
        if errors is not None:
            for ax, error in zip(axes[0], errors, strict=False):
                ax.set_title(f"{error:.3f}", fontsize=7, loc="center")
    return fig


def _picture(image: Tensor) -> np.ndarray:
    array = image.detach().cpu().numpy()
    return array[0] if len(array) == 1 else np.clip(np.moveaxis(array, 0, 2), 0, 1)


def _range(rows: dict[str, Tensor]) -> tuple[float, float]:
    """Common grey scale: that of the mixtures and true parts."""
    reference = [images for name, images in rows.items() if not name.startswith("extracted")]
    return min(float(i.min()) for i in reference), max(float(i.max()) for i in reference)
