"""What the synthetic records must obey: physics that textbooks state, and the shape of real spectra."""

from __future__ import annotations

import numpy as np

from . import compare
from .records import Records

#: Events below and above these moment magnitudes count as small and large.
SMALL_MW, LARGE_MW = 3.0, 4.5
#: Band in which spectra of both kinds of records hold signal (compared by shape).
BAND_HZ = (5.0, 40.0)


def metrics(near: Records, picker: Records, real: Records | None) -> dict[str, float]:
    """Numbers for the claims about the records; those beside real ones only where the real sample is there."""
    numbers = {"records.km_per_s": km_per_s(picker),
               "records.horizontal_gain": horizontal_gain(near),
               "records.ml_slope.small": ml_slope(picker, high=SMALL_MW),
               "records.ml_slope.large": ml_slope(picker, low=LARGE_MW)}
    if real is not None:
        numbers["records.near.p_spectrum_db"] = largest_difference_db(near, real)
    return numbers


def km_per_s(records: Records) -> float:
    """Median of hypocentral distance over the time between the true onsets of P and S."""
    table = records.metadata
    wait_s = (table["trace_s_true_onset_sample"] - table["trace_p_true_onset_sample"]) / records.sampling_rate_hz
    return float(np.nanmedian(table["path_hyp_distance_km"] / wait_s))


def horizontal_gain(records: Records) -> float:
    """How much more S exceeds P on the horizontals than on the vertical, medians of log10."""
    vertical, north, east = np.nanmedian(compare.log_s_over_p(compare.comparable(records)), axis=0)
    return float((north + east) / 2 - vertical)


def ml_slope(records: Records, low: float = -np.inf, high: float = np.inf) -> float:
    """Slope of local against moment magnitude (least squares) for moment magnitudes in a range; NaN below 10 events."""
    moment = records.metadata["source_moment_magnitude"].to_numpy(float)
    local = records.metadata["source_magnitude"].to_numpy(float)
    chosen = np.isfinite(moment) & np.isfinite(local) & (moment >= low) & (moment < high)
    return float(np.polyfit(moment[chosen], local[chosen], 1)[0]) if chosen.sum() >= 10 else float("nan")


def largest_difference_db(ours: Records, real: Records) -> float:
    """Largest difference of the median P spectra inside `BAND_HZ`, each divided by its own mean between 5 and 20 Hz."""
    first, second = (compare.spectra(compare.comparable(records)) for records in (ours, real))
    inside = (first.frequency_hz >= BAND_HZ[0]) & (first.frequency_hz <= BAND_HZ[1])
    theirs = np.interp(first.frequency_hz[inside], second.frequency_hz, second.p)
    return float(20 * np.abs(first.p[inside] - theirs).max())
