"""Energy in a cone round the leading true jet, and errors of single towers: no jets of the result are needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quakebook.data.calorimeter.detector import ETA_MAX

from .clustering import delta_phi
from .jets import Jets, as_images, tower_coordinates

CONE_RADIUS, LEAST_CONE_GEV = 0.4, 10.0


def cone_energies(images: object, axes: NDArray, radius: float = CONE_RADIUS) -> NDArray:
    """Sum of the towers within `radius` of an axis (eta, phi) an event; NaN where the axis is NaN. GeV, shape (n,)."""
    eta, phi = tower_coordinates()
    distance = np.hypot(eta - axes[:, :1], delta_phi(phi, axes[:, 1:]))
    return np.where(np.isnan(axes[:, 0]), np.nan, (as_images(images) * (distance < radius)).sum(1))


def leading_axes(jets: Sequence[Jets], radius: float = CONE_RADIUS) -> NDArray:
    """Axis (eta, phi) of the hardest jet of each event, NaN where its cone leaves the calorimeter; shape (n, 2)."""
    axes = np.full((len(jets), 2), np.nan)
    for row, event in enumerate(jets):
        if len(event) and abs(event.eta[0]) < ETA_MAX - radius:
            axes[row] = event.eta[0], event.phi[0]
    return axes


def cone_scores(signal: object, true_signal: object, jets: Sequence[Jets]) -> dict[str, float]:
    """Scores of `cone_summary` for images: extracted and true signal (n, 24, 64), and true jets of radius 0.4."""
    axes = leading_axes(jets)
    return cone_summary(cone_energies(signal, axes), cone_energies(true_signal, axes))


def cone_summary(found: NDArray, true: NDArray) -> dict[str, float]:
    """How well the energy in the leading cone is found; cones with less than 10 true GeV are left out.

    Parameters
    ----------
    found, true : ndarray, shape (n,)
        Extracted and true energy in GeV, NaN where an event has no cone.

    Returns
    -------
    dict
        `jes`: mean of extracted over true energy; `slope` of the linear fit of extracted on true energy; `jer_cal_gev`:
        spread about that fit over its slope (a flat answer scores badly); `bias_gev`: mean difference; `cones`: how
        many. NaN below three cones.
    """
    used = np.isfinite(true) & (np.nan_to_num(true) >= LEAST_CONE_GEV)
    true, found = true[used], found[used]
    if len(true) < 3 or true.std() == 0:
        return dict.fromkeys(("jes", "slope", "jer_cal_gev", "bias_gev"), np.nan) | {"cones": float(len(true))}
    slope, offset = np.polyfit(true, found, 1)
    spread = float((found - slope * true - offset).std())
    calibrated = spread / abs(slope) if abs(slope) > 1e-6 else np.inf
    return {"jes": float((found / true).mean()), "slope": float(slope), "jer_cal_gev": float(calibrated),
            "bias_gev": float((found - true).mean()), "cones": float(len(true))}


def tower_errors(signal: object, true_signal: object, background: object, true_background: object) -> dict[str, float]:
    """Mean absolute error a tower of both parts, GeV: `l1_sig`, `l1_bkg`."""
    return {"l1_sig": float(np.abs(as_images(signal) - as_images(true_signal)).mean()),
            "l1_bkg": float(np.abs(as_images(background) - as_images(true_background)).mean())}
