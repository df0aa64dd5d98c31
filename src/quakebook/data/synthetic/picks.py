"""From true onsets to an analyst's picks: scatter, late bias, ambiguity, missing picks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .presets import Preset

Array = NDArray[np.float64]
Table = dict[str, NDArray]

MAX_SIGMA_P_S, MAX_SIGMA_S_S = 0.25, 0.6
SKEW_SHAPE = 4.0
WEIGHT_LIMITS_S = (0.05, 0.1, 0.2)


def skew_normal(rng: np.random.Generator, n: int, shape: float = SKEW_SHAPE) -> Array:
    """Skew-normal numbers with location 0 and scale 1, not centred (mean 0.77 for shape 4)."""
    delta = shape / np.hypot(1, shape)
    return delta * np.abs(rng.standard_normal(n)) + np.sqrt(1 - delta**2) * rng.standard_normal(n)


def draw(rng: np.random.Generator, p_s: Array, s_s: Array, snr_p_db: Array, snr_s_db: Array, peak_delay_s: Array,
         preset: Preset) -> Table:
    """Picks in seconds after the start of the window.

    Parameters
    ----------
    rng : numpy Generator
    p_s, s_s : ndarray, shape (n,)
        True onsets.
    snr_p_db, snr_s_db : ndarray, shape (n,)
        Signal over noise before P, and S over the P coda before S.
    peak_delay_s : ndarray, shape (n,)
    preset : Preset
        `pick_law`: student (first law), skewed (second law) or exact.

    Returns
    -------
    dict of ndarray, each shape (n,)
        p_pick_s, s_pick_s (NaN where the analyst gave none), p_sigma_s, s_sigma_s.
    """
    n = len(p_s)
    sigma_p = np.minimum(0.02 + 0.15 * 10 ** (-snr_p_db / 20), MAX_SIGMA_P_S)
    p_noise, p_missing = rng.standard_t(4, n), rng.random(n) < 0.02
    law = {"student": _student, "skewed": _skewed, "exact": _student}[preset.pick_law]
    s_pick, sigma_s, missing_share = law(rng, s_s, snr_s_db, peak_delay_s, preset)
    other = _other_onset(rng, p_s, s_s, peak_delay_s, preset.s_jitter_scale)
    ambiguous = (rng.random(n) < preset.s_ambiguous) & (preset.s_jitter_scale > 0)
    s_pick, s_missing = np.where(ambiguous, other, s_pick), rng.random(n) < missing_share
    if preset.pick_law == "exact":
        return {"p_pick_s": p_s.copy(), "s_pick_s": s_s.copy(), "p_sigma_s": np.zeros(n), "s_sigma_s": np.zeros(n)}
    return {"p_pick_s": np.where(p_missing, np.nan, p_s + sigma_p * p_noise), "p_sigma_s": sigma_p,
            "s_pick_s": np.where(s_missing, np.nan, s_pick), "s_sigma_s": sigma_s}


def weights(sigma_s: Array) -> NDArray[np.int64]:
    """Analyst's weight: 0 below 0.05 s, 1 below 0.1 s, 2 below 0.2 s, 3 above."""
    return np.searchsorted(WEIGHT_LIMITS_S, sigma_s, side="right")


def _student(rng: np.random.Generator, s_s: Array, snr_db: Array, delay_s: Array,
             preset: Preset) -> tuple[Array, Array, Array]:
    """First law: true + b + sigma t, t Student with 4 degrees of freedom, b = 0.15 tpk."""
    scale = preset.s_jitter_scale
    sigma = scale * np.minimum(0.04 + 0.20 * delay_s + 0.20 * 10 ** (-snr_db / 20), MAX_SIGMA_S_S)
    pick = s_s + scale * 0.15 * delay_s + sigma * rng.standard_t(4, len(s_s))
    return pick, sigma, 0.15 + 0.5 * (snr_db < 3)


def _skewed(rng: np.random.Generator, s_s: Array, snr_db: Array, delay_s: Array,
            preset: Preset) -> tuple[Array, Array, Array]:
    """Second law: true + sigma u, u skew-normal with shape 4, product within +-0.6 s."""
    sigma = np.minimum(0.02 + preset.skewed_delay_factor * delay_s + 0.05 * 10 ** (-snr_db / 20), MAX_SIGMA_S_S)
    sigma = preset.s_jitter_scale * sigma
    error = np.clip(sigma * skew_normal(rng, len(s_s)), -MAX_SIGMA_S_S, MAX_SIGMA_S_S)
    return s_s + error, sigma, 0.08 + 0.3 * (snr_db < 3)


def _other_onset(rng: np.random.Generator, p_s: Array, s_s: Array, delay_s: Array, scale: float) -> Array:
    """A converted phase 0.05 to 0.25 of S-P before S, or the packet maximum one to three peak delays after it."""
    early = s_s - scale * rng.uniform(0.05, 0.25, len(s_s)) * (s_s - p_s)
    late = s_s + scale * rng.uniform(1, 3, len(s_s)) * delay_s
    return np.where(rng.random(len(s_s)) < 0.5, early, late)
