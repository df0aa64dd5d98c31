"""Remove the mean and bring windows to one size. All functions take (batch, component, sample) and are pure."""

from __future__ import annotations

from torch import Tensor

#: Added to a divisor so that a dead component stays zero (BlueDisc, augmentation step 6).
EPSILON = 1e-10


def demean(x: Tensor) -> Tensor:
    """Subtract the mean of each component: (b, c, n) -> (b, c, n)."""
    if x.ndim != 3:
        raise ValueError(f"waveforms must have shape (batch, component, sample); found {tuple(x.shape)}")
    return x - x.mean(dim=-1, keepdim=True)


def per_component_peak(x: Tensor) -> Tensor:
    """Mean 0 and largest absolute value 1 in each component; the amplitude ratio of components is lost."""
    x = demean(x)
    return x / (x.abs().amax(dim=-1, keepdim=True) + EPSILON)


def per_component_std(x: Tensor) -> Tensor:
    """Mean 0 and standard deviation 1 (divided by n) in each component."""
    x = demean(x)
    return x / (x.std(dim=-1, keepdim=True, correction=0) + EPSILON)


def per_window_peak(x: Tensor) -> Tensor:
    """Mean 0 in each component and largest absolute value 1 in the window; amplitude ratios stay."""
    x = demean(x)
    return x / (x.abs().amax(dim=(-2, -1), keepdim=True) + EPSILON)


def per_window_std(x: Tensor) -> Tensor:
    """Mean 0 in each component and standard deviation 1 (divided by n) over the window; amplitude ratios stay."""
    x = demean(x)
    return x / (x.std(dim=(-2, -1), keepdim=True, correction=0) + EPSILON)
