"""The fused pass as one Triton kernel: a tile of rows in, the fused gradient out, everything between on chip.

Used for float32 features on CUDA devices where Triton is installed, tasks that share one noise variance, and at most
128 features; products are IEEE float32 (no TF32). Everything else takes the PyTorch path of `rows`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import Tensor

from .moments import HeadPosterior

MAX_FEATURES = 128
BLOCK_ROWS = 32


def usable(features: Tensor, groups: int) -> bool:
    """Whether the kernel can take these features."""
    return (features.is_cuda and features.dtype == torch.float32 and groups == 1 and len(features) > 0
            and features.shape[1] <= MAX_FEATURES and _compiled() is not None)


def fused_gradient(features: Tensor, labels: Tensor, posterior: HeadPosterior, sqrt_power: float, min_var: float
                   ) -> Tensor:
    """Fused gradient (rows, d), divided by the number of rows; same result as the PyTorch path."""
    features, labels = features.contiguous(), labels.contiguous()
    rows, d = features.shape
    result = torch.empty_like(features)
    grid = ((rows + BLOCK_ROWS - 1) // BLOCK_ROWS,)
    _compiled()[grid](
        features, labels, posterior.covariance.contiguous(), posterior.mean.contiguous(),
        posterior.bias_mean.contiguous(), posterior.bias_covariance.contiguous(),
        posterior.bias_variance.reshape(1).contiguous(), result, rows, 1.0 / rows, min_var, sqrt_power,
        D=d, OUTPUTS=labels.shape[1], BLOCK_D=max(16, 1 << (d - 1).bit_length()), BLOCK_ROWS=BLOCK_ROWS,
        POWER=sqrt_power != 1.0)
    return result


@cache
def _compiled() -> Any | None:
    """The kernel, or None where Triton is not installed."""
    try:
        import triton
    except ImportError:
        return None
    from . import kernel_source

    return triton.jit(kernel_source.fuse_rows)
