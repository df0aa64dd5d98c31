"""Scores of an inverted volume, per parameter and in physical units. No source defines them; these are this book's.

PCC: Pearson correlation of all samples. R2: 1 - SSE / SST. SSIM: scikit-image's defaults (7 x 7 uniform window, sample
covariance) on inline sections [crossline, time], data range of the true volume, mean over inlines. NRMSE: RMSE / (max -
min of the true volume). RMSE / standard deviation is given too.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

KEYS = ("Vp", "Vs", "rho")


def scores(predicted: np.ndarray, true: np.ndarray, shape: tuple[int, int], keep: np.ndarray | None = None,
           ssim: bool = True) -> dict[str, float]:
    """All scores of a volume.

    Parameters
    ----------
    predicted, true : ndarray, shape (traces, 3, T)
    shape : (inlines, crosslines)
    keep : ndarray of int, optional
        Score these traces only (then without SSIM, which needs whole sections).

    Returns
    -------
    dict
        ``pcc.Vp``, ``r2.Vp``, ``ssim.Vp``, ``nrmse.Vp``, ``rmse_std.Vp``, the same for Vs and rho, ``nrmse.overall``.
    """
    if predicted.shape != true.shape or predicted.ndim != 3 or predicted.shape[1] != 3:
        raise ValueError(f"both volumes must have shape (traces, 3, T); found {predicted.shape} and {true.shape}")
    out: dict[str, float] = {}
    for k, name in enumerate(KEYS):
        p, t = predicted[:, k].astype(np.float64), true[:, k].astype(np.float64)
        span = float(t.max() - t.min())
        if ssim and keep is None:
            out[f"ssim.{name}"] = mean_ssim(p.reshape(*shape, -1), t.reshape(*shape, -1), span)
        if keep is not None:
            p, t = p[keep], t[keep]
        error = p - t
        rmse = float(np.sqrt(np.mean(error**2)))
        out[f"pcc.{name}"] = float(np.corrcoef(p.ravel(), t.ravel())[0, 1]) if p.std() > 0 else 0.0
        out[f"r2.{name}"] = 1.0 - float(np.sum(error**2) / np.sum((t - t.mean()) ** 2))
        out[f"nrmse.{name}"] = rmse / span
        out[f"rmse_std.{name}"] = rmse / float(t.std())
    out["nrmse.overall"] = float(np.mean([out[f"nrmse.{name}"] for name in KEYS]))
    return out


def mean_ssim(predicted: np.ndarray, true: np.ndarray, data_range: float) -> float:
    """Mean over inlines of the structural similarity of sections (inlines, crosslines, T)."""
    from skimage.metrics import structural_similarity

    return float(np.mean([structural_similarity(t, p, data_range=data_range)
                          for p, t in zip(predicted, true, strict=True)]))


def headline(values: Mapping[str, float]) -> dict[str, float]:
    """The four columns of the README's table."""
    return {"PCC (Vp)": values["pcc.Vp"], "R2 (Vs)": values["r2.Vs"], "SSIM (rho)": values["ssim.rho"],
            "NRMSE (overall)": values["nrmse.overall"]}


