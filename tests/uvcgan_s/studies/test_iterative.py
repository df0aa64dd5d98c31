import numpy as np
import pytest

from quakebook.data.calorimeter import TOWER_AREA
from quakebook.uvcgan_s.studies.iterative import displacements, iterative_subtraction


def density_of(gev):
    return np.array([gev / TOWER_AREA])


def test_an_even_background_vanishes():
    assert np.abs(iterative_subtraction(np.full((1, 24, 64), 0.7), density_of(0.7))).max() < 1e-9


def test_a_peak_keeps_what_stands_over_the_background():
    mixture = np.full((1, 24, 64), 0.7)
    mixture[0, 10, 63] += 12
    signal = iterative_subtraction(mixture, density_of(0.7))
    assert signal[0, 10, 63] == pytest.approx(12) and signal.sum() == pytest.approx(12)


def test_background_that_a_hole_leaves_is_cancelled_next_to_it():
    """The unused background of an empty tower takes from its neighbours, across the seam of azimuth too."""
    mixture = np.full((1, 24, 64), 0.7)
    mixture[0, 10, 0] = 0.0
    mixture[0, 10, 63] += 5
    signal = iterative_subtraction(mixture, density_of(0.7), distances=(0.1,))
    assert signal[0, 10, 63] == pytest.approx(5 - 0.7)
    assert signal.sum() == pytest.approx(5 - 0.7)


def test_energy_is_conserved_and_stays_positive():
    draw = np.random.default_rng(0).gamma(2, 0.35, (3, 24, 64))
    signal = iterative_subtraction(draw, np.full(3, 0.5 / TOWER_AREA))
    assert (signal >= 0).all() and (signal <= draw + 1e-12).all()
    assert (draw - signal).sum((1, 2)) == pytest.approx(np.full(3, 0.5 * 24 * 64), rel=0.03)


def test_no_background_changes_nothing():
    draw = np.random.default_rng(0).gamma(2, 0.35, (1, 24, 64))
    assert np.array_equal(iterative_subtraction(draw, np.zeros(1)), draw)


def test_displacements_grow_and_pair_up():
    steps = displacements(0.2)
    assert steps[0] == (0, 0) and set(steps[1:3]) == {(-1, 0), (1, 0)}
    assert {(-i, -j) for i, j in steps} == set(steps) and (2, 2) not in steps
    with pytest.raises(ValueError, match="one density an event"):
        iterative_subtraction(np.zeros((2, 24, 64)), np.zeros(1))


@pytest.mark.parametrize("distance", [0.09, 0.2, 0.35, 0.5])
def test_displacements_are_all_within_the_distance_by_length(distance):
    """Against every step of ten rows and columns, of towers 2.2 / 24 by 2 pi / 64."""
    length = {(i, j): np.hypot(i * 2.2 / 24, j * 2 * np.pi / 64) for i in range(-10, 11) for j in range(-10, 11)}
    steps = displacements(distance)
    assert set(steps) == {step for step, size in length.items() if size <= distance}
    assert np.all(np.diff([length[step] for step in steps]) >= -1e-12)


def test_a_hole_takes_from_the_next_row_too_and_never_across_the_edge():
    """Background 1 everywhere: what an empty tower of the lowest row leaves goes to the tower over it."""
    mixture = np.ones((1, 24, 64))
    mixture[0, 0, 7], mixture[0, 1, 7], mixture[0, 23, 7] = 0.0, 4.0, 4.0
    signal = iterative_subtraction(mixture, density_of(1.0), distances=(0.095,))
    assert signal[0, 1, 7] == pytest.approx(2.0) and signal[0, 23, 7] == pytest.approx(3.0)
    assert signal.sum() == pytest.approx(5.0)


def test_what_is_left_after_a_pass_is_spread_over_all_towers():
    """The empty upper half of an event leaves 0.5 a tower; within reach of nothing it is taken from the lower half."""
    mixture = np.zeros((1, 24, 64))
    mixture[0, 12:] = 4.0
    first = iterative_subtraction(mixture, density_of(1.0), distances=(0.01,))
    assert np.allclose(first[0, 12:], 3.0)
    second = iterative_subtraction(mixture, density_of(1.0), distances=(0.01, 0.01))
    assert np.allclose(second[0, 12:], 2.5) and second[0, :12].max() == 0
