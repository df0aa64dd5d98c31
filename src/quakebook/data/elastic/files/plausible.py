"""Is this an elastic model of rocks? Each doubt is one line that names the number and the unit suspected."""

from __future__ import annotations

import numpy as np

from quakebook.data.elastic.model import ModelError

VP_M_S, VS_M_S, RHO_G_CM3 = (300.0, 8500.0), (50.0, 5000.0), (1.0, 5.0)
#: Largest medians of sections of rocks; feet per second read as metres lie above.
VP_MEDIAN, VS_MEDIAN, RATIO_MEDIAN = 6500.0, 4000.0, (1.4, 5.0)
#: Vp / Vs at which the bulk modulus vanishes.
SMALLEST_RATIO = (4.0 / 3.0) ** 0.5
DT_S, DZ_M = (2e-5, 0.1), (0.05, 200.0)
FEET = "feet per second are suspected; multiply by 0.3048"


def check_steps(dt_s: float, dz_m: float) -> None:
    """Refuse steps that no survey has: a time step in ms, a negative depth step, a depth step in km or mm."""
    if not DT_S[0] <= dt_s <= DT_S[1]:
        unit = "milliseconds are suspected" if dt_s > DT_S[1] else "another unit is suspected"
        raise ModelError(f"the time step {dt_s:g} s lies outside {DT_S[0]:g} to {DT_S[1]:g} s: {unit}")
    if dz_m < 0 or (dz_m and not DZ_M[0] <= dz_m <= DZ_M[1]):
        unit = "it must be positive, with depth increasing" if dz_m < 0 else \
            "kilometres are suspected" if dz_m < DZ_M[0] else "millimetres or centimetres are suspected"
        raise ModelError(f"the depth step {dz_m:g} m lies outside {DZ_M[0]:g} to {DZ_M[1]:g} m: {unit}")


def check_rocks(vp: np.ndarray, vs: np.ndarray, rho: np.ndarray, where: str) -> None:
    """Refuse values that no rock has, in m/s and g/cm3 after conversion and without water.

    Raises
    ------
    ModelError
        Names the property, its range or median, and the unit suspected.
    """
    ratio = vp / np.maximum(vs, 1e-9)
    medians = {"Vp": float(np.median(vp)), "Vs": float(np.median(vs)), "Vp/Vs": float(np.median(ratio))}
    if medians["Vp"] > VP_MEDIAN or medians["Vs"] > VS_MEDIAN:
        name, limit = ("Vp", VP_MEDIAN) if medians["Vp"] > VP_MEDIAN else ("Vs", VS_MEDIAN)
        raise ModelError(f"{where}: the median of {name} is {medians[name]:.0f} m/s, above {limit:.0f}: {FEET}")
    if not RATIO_MEDIAN[0] <= medians["Vp/Vs"] <= RATIO_MEDIAN[1]:
        raise ModelError(f"{where}: the median of Vp/Vs is {medians['Vp/Vs']:.3g}, outside {RATIO_MEDIAN[0]:g} to "
                         f"{RATIO_MEDIAN[1]:g}: different units of Vp and Vs are suspected (feet and metres)")
    for name, values, (low, high), unit in (("Vp", vp, VP_M_S, "m/s"), ("Vs", vs, VS_M_S, "m/s"),
                                            ("density", rho, RHO_G_CM3, "g/cm3")):
        bad = (values < low) | (values > high)
        if bad.any():
            raise ModelError(f"{where}: {name} holds {int(bad.sum())} values outside {low:g} to {high:g} {unit} (from "
                             f"{float(values.min()):.4g} to {float(values.max()):.4g}): missing values or another unit "
                             "are suspected")
    below = ratio < SMALLEST_RATIO
    if below.any():
        raise ModelError(f"{where}: Vp/Vs is below {SMALLEST_RATIO:.3f} at {int(below.sum())} samples, which no solid "
                         "has: exchanged files are suspected")


def check_interval(where: str, header: float, dt_s: float, dz_m: float) -> None:
    """Compare the interval of a SEG-Y header (as `read_segy` gives it) with the step that was asked for.

    0 in the header says nothing. Models in depth store metres, or metres times 1000.
    """
    if header <= 0:
        return
    wanted = (dz_m, dz_m / 1000.0) if dz_m > 0 else (dt_s * 1000.0,)
    if not any(abs(header - value) <= 0.01 * value for value in wanted):
        option = f"the depth step {dz_m:g} m" if dz_m > 0 else f"the time step {dt_s * 1000:g} ms"
        raise ModelError(f"{where}: the header's sample interval is {header:g} ({'m' if dz_m > 0 else 'ms'}), but "
                         f"{option} was asked for (data.dt_s, data.dz_m, --dt, --dz)")
