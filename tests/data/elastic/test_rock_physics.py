"""Published relations between Vp, Vs and density."""

import numpy as np
import pytest

from quakebook.data.elastic import rock_physics


@pytest.mark.parametrize(("rock", "coefficients"), [
    ("shale", (0.0, 0.76969, -0.86735)), ("sand", (0.0, 0.80416, -0.85588)),
    ("limestone", (-0.05508, 1.01677, -1.03049)), ("dolomite", (0.0, 0.58321, -0.07775))])
def test_lines_of_greenberg_and_castagna(rock, coefficients):
    """Vs = a Vp^2 + b Vp + c in km/s, table 1 of their paper, at 2, 4 and 6 km/s."""
    vp = np.array([2.0, 4.0, 6.0])
    number = np.full(3, rock_physics.LITHOLOGIES.index(rock))
    assert rock_physics.castagna_vs(1000 * vp, number) == pytest.approx(1000 * np.polyval(coefficients, vp))


def test_limestone_bends_and_rocks_do_not_mix():
    """At 6 km/s: shale 3.751, sand 3.969, limestone 3.087 and dolomite 3.421 km/s."""
    found = rock_physics.castagna_vs(np.full(4, 6000.0), np.arange(4))
    assert found == pytest.approx([3750.79, 3969.08, 3087.25, 3421.51], abs=0.02)


def test_mudrock_line_and_gardner():
    """Vp = 1.16 Vs + 1.36 km/s (Castagna and others 1985); 0.31 Vp^0.25 g/cm3 (Gardner and others 1974)."""
    vs = np.array([500.0, 1000.0, 2000.0])
    assert rock_physics.mudrock_vs(1.16 * vs + 1360) == pytest.approx(vs)
    assert rock_physics.gardner_density(np.array([2401.0, 4096.0])) == pytest.approx([0.31 * 7, 0.31 * 8])


def test_shares_of_the_rocks_that_were_chosen():
    """More shale than sand, few carbonates; carbonates are faster and heavier than what they lie in."""
    assert dict(zip(rock_physics.LITHOLOGIES, rock_physics.PROBABILITIES, strict=True)) == {
        "shale": 0.45, "sand": 0.35, "limestone": 0.14, "dolomite": 0.06}
    assert sum(rock_physics.PROBABILITIES) == pytest.approx(1)
    assert rock_physics.VP_OFFSET_M_S == (-60, 60, 750, 1050)
    assert rock_physics.DENSITY_OFFSET == (0.01, -0.015, 0.02, 0.03)
