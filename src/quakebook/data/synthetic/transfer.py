"""Move numpy arrays to the device without making the host wait for it."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


def to_device(values: NDArray, device: str | torch.device) -> Tensor:
    """The array on the device: floats as float32, whole numbers as int64.

    To a GPU the copy goes through page-locked memory, so it queues behind the kernels that are already under way
    instead of waiting for them.
    """
    kind = np.float32 if values.dtype.kind == "f" else np.int64
    tensor = torch.from_numpy(np.ascontiguousarray(values, dtype=kind))
    if torch.device(device).type == "cuda":
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor
