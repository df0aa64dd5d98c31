"""Errors of a decomposition of images into two parts, beside the trivial answers."""

from __future__ import annotations

import math

from torch import Tensor


def decomposition_errors(first: Tensor, second: Tensor, true_first: Tensor, true_second: Tensor) -> dict[str, float]:
    """Mean absolute errors of both parts, over all pixels, channels and images.

    Parameters
    ----------
    first, second, true_first, true_second : Tensor, shape (n, channels, height, width)
        Extracted and true parts.

    Returns
    -------
    dict
        `first`, `second` and `both` (their mean): mean absolute errors; `psnr_first_db` and `psnr_second_db` for images
        between 0 and 1.
    """
    errors, ratios = [], []
    for name, part, truth in (("first", first, true_first), ("second", second, true_second)):
        if part.shape != truth.shape or part.ndim != 4:
            raise ValueError(f"`{name}` must have the shape of its truth, (n, channels, height, width); found "
                             f"{tuple(part.shape)} and {tuple(truth.shape)}")
        difference = (part - truth).double()
        errors.append(float(difference.abs().mean()))
        square = float(difference.square().mean())
        ratios.append(-10 * math.log10(square) if square > 0 else math.inf)
    return {"first": errors[0], "second": errors[1], "both": sum(errors) / 2, "psnr_first_db": ratios[0],
            "psnr_second_db": ratios[1]}


def trivial_errors(mixture: Tensor, true_first: Tensor, true_second: Tensor) -> dict[str, dict[str, float]]:
    """Errors of two answers that need no training: the mixture for both parts, and the mean image of each part.

    The mean images are those of the same true parts, which favours this answer.
    """
    means = [truth.mean(0, keepdim=True).expand_as(truth) for truth in (true_first, true_second)]
    return {"mixture for both": decomposition_errors(mixture, mixture, true_first, true_second),
            "mean images": decomposition_errors(*means, true_first, true_second)}


def error_of_each(first: Tensor, second: Tensor, true_first: Tensor, true_second: Tensor) -> Tensor:
    """Mean absolute error of both parts of each image, shape (n,): to show the median, the best and the worst."""
    return ((first - true_first).abs().mean((1, 2, 3)) + (second - true_second).abs().mean((1, 2, 3))) / 2
