"""One number per record from a magnitude per sample."""

from __future__ import annotations

import torch
from torch import Tensor

from quakebook.magnitude.settings import READOUTS

#: `post_p_mean` begins this long after the onset (2 s).
SETTLE_SAMPLES = 200
LAST_SAMPLES = 500


def read(series: Tensor, onset: Tensor, readout: str = "post_p_mean") -> Tensor:
    """Magnitude of each record.

    Parameters
    ----------
    series : Tensor, shape (records, samples)
        Predicted magnitude per sample.
    onset : Tensor, shape (records,)
        Sample of the onset; infinite for noise, whose whole window is then used.
    readout : str
        ``post_p_mean`` and ``post_p_median`` from 2 s after the onset to the end of the window, ``last_5s``,
        ``final_half`` (the reference's choice for EQTransformerMag) and ``max``.

    Returns
    -------
    Tensor, shape (records,)
    """
    if readout not in READOUTS:
        raise ValueError(f"`readout` must be one of {', '.join(READOUTS)}; found {readout!r}")
    if readout == "last_5s":
        return series[:, -LAST_SAMPLES:].mean(1)
    if readout == "final_half":
        return series[:, series.shape[1] // 2:].mean(1)
    if readout == "max":
        return series.amax(1)
    first = torch.nan_to_num(onset + SETTLE_SAMPLES, posinf=0.0).clamp(max=series.shape[1] - 1)
    used = torch.arange(series.shape[1], device=series.device) >= first[:, None]
    values = series.where(used, torch.full_like(series, torch.nan))
    return values.nanmean(1) if readout == "post_p_mean" else values.nanmedian(1).values


def skill_free_r2(share_after_p: float, mean: float, spread: float) -> float:
    """R2 that flattened scoring grants a model that knows the onset and the mean magnitude only.

    (1 - q) mu^2 / (sigma^2 + (1 - q) mu^2), q = share of samples after P.

    Examples
    --------
    >>> round(skill_free_r2(0.5, 1.5, 0.9), 2)
    0.58
    """
    gain = (1 - share_after_p) * mean ** 2
    return gain / (spread ** 2 + gain)
