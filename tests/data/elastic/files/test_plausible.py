"""Rocks and steps that there are: both ends of every range."""

import numpy as np
import pytest

from quakebook.data.elastic.files.plausible import check_interval, check_rocks, check_steps
from quakebook.data.elastic.model import ModelError


@pytest.mark.parametrize("steps", [(2e-5, 0.0), (0.1, 0.0), (0.004, 0.05), (0.004, 200.0)])
def test_steps(steps):
    check_steps(*steps)


@pytest.mark.parametrize(("steps", "suspected"), [
    ((1.9e-5, 0.0), "0.1 s: another unit is suspected"), ((0.101, 0.0), "milliseconds are suspected"),
    ((0.004, 0.049), "kilometres are suspected"), ((0.004, 201.0), "millimetres or centimetres"),
    ((0.004, -0.5), "must be positive")])
def test_no_steps(steps, suspected):
    with pytest.raises(ModelError, match=suspected):
        check_steps(*steps)


def rocks(vp=3000.0, vs=1500.0, rho=2.3, **one):
    """Nine samples; `one`: another value of the first."""
    out = {name: np.full(9, value) for name, value in {"vp": vp, "vs": vs, "rho": rho}.items()}
    for name, value in one.items():
        out[name.removesuffix("_0")][0] = value
    return *out.values(), "here"


@pytest.mark.parametrize("values", [
    {"vp_0": 300.0, "vs_0": 200.0}, {"vp_0": 8500.0}, {"vs_0": 50.0}, {"vp_0": 8000.0, "vs_0": 5000.0}, {"rho_0": 1.0},
    {"rho_0": 5.0}, {"vp": 6500.0, "vs": 4000.0}, {"vp": 2800.0, "vs": 2000.0}, {"vp": 5000.0, "vs": 1000.0},
    {"vp_0": 1733.0}])
def test_rocks(values):
    """At the edge, but rocks; 1733 / 1500 lies just above the root of 4/3, 1.1547."""
    check_rocks(*rocks(**values))


@pytest.mark.parametrize(("values", "words"), [
    ({"vp_0": 299.0, "vs_0": 200.0}, "Vp holds 1 values outside 300 to 8500 m/s"),
    ({"vp_0": 8501.0}, "Vp holds 1 values outside 300 to 8500 m/s"),
    ({"vs_0": 49.0}, "Vs holds 1 values outside 50 to 5000 m/s"),
    ({"vp_0": 8000.0, "vs_0": 5001.0}, "Vs holds 1 values outside 50 to 5000 m/s"),
    ({"rho_0": 0.99}, "density holds 1 values outside 1 to 5 g/cm3"),
    ({"rho_0": 5.01}, "density holds 1 values outside 1 to 5 g/cm3"),
    ({"vp": 6501.0, "vs": 3000.0}, "median of Vp is 6501 m/s, above 6500"),
    ({"vp": 6000.0, "vs": 4001.0}, "median of Vs is 4001 m/s, above 4000"),
    ({"vp": 2790.0, "vs": 2000.0}, "outside 1.4 to 5"), ({"vp": 5010.0, "vs": 1000.0}, "outside 1.4 to 5"),
    ({"vp_0": 1731.0}, "Vp/Vs is below 1.155 at 1 samples")])
def test_no_rocks(values, words):
    with pytest.raises(ModelError, match=words):
        check_rocks(*rocks(**values))


@pytest.mark.parametrize(("header", "dt_s", "dz_m", "fits"), [
    (4.03, 0.004, 0.0, True), (4.05, 0.004, 0.0, False), (3.97, 0.004, 0.0, True), (3.95, 0.004, 0.0, False),
    (20.0, 0.004, 20.0, True), (0.02, 0.004, 20.0, True), (4.0, 0.004, 20.0, False), (-1.0, 0.004, 0.0, True)])
def test_intervals_within_one_percent(header, dt_s, dz_m, fits):
    """Milliseconds, or metres, or metres that were divided by 1000 on reading."""
    if fits:
        check_interval("x", header, dt_s, dz_m)
        return
    with pytest.raises(ModelError, match="depth step 20 m" if dz_m else "time step 4 ms"):
        check_interval("x", header, dt_s, dz_m)
