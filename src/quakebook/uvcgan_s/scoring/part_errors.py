"""Mean absolute errors of both parts of a decomposition, beside the answer that costs nothing."""

from __future__ import annotations

from torch import Tensor

from .images import decomposition_errors


def errors(a0: Tensor, a1: Tensor, true_a0: Tensor, true_a1: Tensor) -> dict[str, float]:
    """error_a0, error_a1 and their mean error, in image values."""
    both = decomposition_errors(a0, a1, true_a0, true_a1)
    return {"error": both["both"], "error_a0": both["first"], "error_a1": both["second"]}


def trivial_errors(mixture: Tensor, true_a0: Tensor, true_a1: Tensor) -> dict[str, float]:
    """Errors of the answer "the mixture is both parts"; needs as many channels in the mixture as in each part."""
    return {f"trivial_{name}": value for name, value in errors(mixture, mixture, true_a0, true_a1).items()}


def additivity(a0: Tensor, a1: Tensor, mixture: Tensor) -> dict[str, float]:
    """How far the sum of both parts lies from the mixture, as a share of the mixture's summed size."""
    return {"sum_gap": float((a0 + a1 - mixture).abs().sum() / mixture.abs().sum().clamp(min=1e-12))}
