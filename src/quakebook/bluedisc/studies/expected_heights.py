"""Why BCE peaks are low, without any network: the best point-wise answer is the mean label."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from quakebook.data.records import Records
from quakebook.data.synthetic import picks, presets

Array = NDArray[np.float64]

LABEL_SIGMA_S, PRECISE_S, CONFIDENCE = 0.2, 0.1, 0.7
#: Grid of time relative to the true onset: alternative onsets reach a quarter of S - P before it.
FIRST_S, LAST_S, STEP_S = -6.0, 6.0, 0.01


@dataclass(frozen=True)
class Expected:
    """What a perfectly trained point-wise picker would answer, record by record.

    Attributes
    ----------
    height : ndarray, shape (n,)
        Peak of the mean label.
    near : ndarray, shape (n,)
        Share of the given picks within 0.1 s of that peak.
    given : ndarray, shape (n,)
        Share of the analysts that gave a pick at all.
    """

    height: Array
    near: Array
    given: Array

    def shares(self) -> dict[str, float]:
        """tp, below and precise, percent of the labels."""
        total, high = self.given.sum(), self.height >= CONFIDENCE
        tp, below = (100 * float((self.given * self.near)[which].sum() / total) for which in (high, ~high))
        return {"tp": tp, "below": below, "precise": tp + below}


def draw_s_picks(records: Records, preset: str, draws: int = 400, seed: int = 0) -> Array:
    """Many analysts' S picks of the same records.

    Parameters
    ----------
    records : Records
        Synthetic ones.
    preset : str
        Whose pick law is used.
    draws : int
        Picks per record.

    Returns
    -------
    ndarray, shape (records with an S wave, draws)
        Seconds after the true onset; NaN = no pick given.
    """
    table = records.metadata
    wanted = table["trace_s_true_onset_sample"].notna() & table["trace_s_snr_db"].notna()
    rows = table[wanted]
    if not len(rows):
        raise ValueError(f"{records.source} has no record with a true S onset and its signal-to-noise ratio")
    columns = {"p_s": rows["trace_p_true_onset_sample"] / 100, "s_s": rows["trace_s_true_onset_sample"] / 100,
               "snr_p_db": rows["trace_snr_db"].fillna(20.0), "snr_s_db": rows["trace_s_snr_db"],
               "peak_delay_s": rows["path_s_peak_delay_s"]}
    repeated = {name: np.repeat(column.to_numpy(float), draws) for name, column in columns.items()}
    drawn = picks.draw(np.random.default_rng(seed), preset=presets.get(preset), **repeated)
    return (drawn["s_pick_s"] - repeated["s_s"]).reshape(len(rows), draws)


def expected_answer(s_picks: Array, timing_error_s: float = 0.0, seed: int = 1) -> Expected:
    """Peak of the mean label, from the scatter of the picks alone.

    mean label = P(pick given) * (Gaussian of 0.2 s, convolved with the distribution of picks); a network that errs in
    time by `timing_error_s` (standard deviation) sees that error as more scatter.
    """
    noise = timing_error_s * np.random.default_rng(seed).standard_normal(s_picks.shape)
    moved = s_picks + noise
    known = np.isfinite(moved)
    edges = np.arange(FIRST_S, LAST_S + STEP_S, STEP_S)
    counts = np.stack([np.histogram(row[ok], edges)[0] for row, ok in zip(moved, known, strict=True)]).astype(float)
    density = counts / s_picks.shape[1]
    mean = gaussian_filter1d(density, LABEL_SIGMA_S / STEP_S, axis=1, mode="constant")
    mean *= np.sqrt(2 * np.pi) * LABEL_SIGMA_S / STEP_S
    top = edges[mean.argmax(1)] + STEP_S / 2
    given = known.mean(1)
    near = (np.abs(moved - top[:, None]) <= PRECISE_S).sum(1) / np.maximum(known.sum(1), 1)
    return Expected(mean.max(1), near, given)
