"""The synthetic elastic model: ages at single points, channels, layers and rocks worked by hand or in the mean."""

import numpy as np
import pytest

from quakebook.data.elastic import channels, structure, synthetic
from quakebook.data.elastic.structure import Grid


def point(x, y):
    """A grid of one trace of 100 samples of 1 ms."""
    return Grid(np.full((1, 1, 1), x), np.full((1, 1, 1), y), np.arange(100.0)[None, None])


def test_coordinates():
    grid = Grid.of((5, 3, 11), 0.002)
    assert grid.x.ravel().tolist() == [0, 0.25, 0.5, 0.75, 1] and grid.y.ravel().tolist() == [0, 0.5, 1]
    assert grid.t_ms.ravel()[[0, 1, -1]] == pytest.approx([0, 2, 20]) and grid.span_ms == pytest.approx(22)
    assert grid.g.ravel()[-1] == pytest.approx(20 / 22)


def test_age_in_front_of_the_thrust():
    """x = 0, y = 0.5, t = 0: fold 16.68, dip -10, a share of 0.35, and the thrust's 32 ms."""
    assert structure.old_age(point(0.0, 0.5), np.zeros((1, 1, 1)))[0, 0, 0] == pytest.approx(34.34, abs=0.01)


def test_age_beyond_the_fault():
    """x = y = 1, t = 0: fold -5.887, dip 14, a share of 0.35, and the fault's 14 ms."""
    assert structure.old_age(point(1.0, 1.0), np.zeros((1, 1, 1)))[0, 0, 0] == pytest.approx(16.84, abs=0.01)


def test_age_grows_with_time_and_relief():
    """At x = 0.7, y = 0.5, beyond the thrust: folds grow from 0.35 to all of their size; relief counts 6 ms a unit."""
    flat, raised = (structure.old_age(point(0.7, 0.5), np.full((1, 1, 1), relief))[0, 0] for relief in (0.0, 1.0))
    assert raised[0] - flat[0] == pytest.approx(6 * 0.35)
    assert raised[99] - flat[99] == pytest.approx(6 * (0.35 + 0.65 * 0.99))


def test_the_unconformity_lies_at_22_percent():
    grid = Grid(np.zeros((2, 1, 1)), np.zeros((1, 1, 1)), np.arange(100.0)[None, None])
    young = structure.is_young(grid, np.array([0.0, 1.0])[:, None, None])
    assert young.sum(2).ravel().tolist() == [22, 25]


def test_noise_has_unit_size():
    noise = structure.smooth_noise((30, 20, 40), (2, 2, 1), np.random.default_rng(0))
    assert np.mean(noise**2) == pytest.approx(1) and np.abs(np.diff(noise, axis=0)).mean() < 0.5


@pytest.mark.parametrize(("number", "centre", "half_width", "first", "deep", "halfway"), [
    (0, 0.5 + 0.16 * np.sin(0.6), 0.060, 500, 16, 12), (1, 0.5 + 0.12 * np.sin(2.2), 0.050, 692, 12, 9),
    (2, 0.5 + 0.18 * np.sin(4.0), 0.045, 548, 9, 7)])
def test_channels_have_their_place_and_depth(number, centre, half_width, first, deep, halfway):
    """Ages 0 to 999 ms: the top lies at a share of the way from 19.98 to 979.02 ms; halfway out 3/4 is left."""
    grid = Grid(np.zeros((1, 1, 1)), centre + half_width * np.array([0.0, 0.5, 1.0])[None, :, None],
                np.arange(1000.0)[None, None])
    age = np.broadcast_to(grid.t_ms, (1, 3, 1000))
    mask = channels.inside(channels.CHANNELS[number], grid, age, np.full(age.shape, number == 2))
    assert mask.sum(2).ravel().tolist() == [deep, halfway, 0] and np.flatnonzero(mask[0, 0])[0] == first


def test_layers_are_lognormal_with_a_median_of_15_ms():
    thickness = synthetic._thicknesses(60_000.0, np.random.default_rng(0))
    assert thickness.sum() >= 60_000 > thickness[:-1].sum() and thickness.min() == 4
    assert np.quantile(thickness, [0.5, 0.8413]) == pytest.approx([15, 15 * np.exp(0.6)], rel=0.06)
    assert 0.005 < (thickness == 4).mean() < 0.025  # a share of 0.0139 lies below 4 ms


@pytest.mark.parametrize(("depth", "mean"), [(1.0, 4262), (0.5, 3449.8)])
def test_velocities_of_many_layers(depth, mean):
    """2350 + 1750 depth^0.9, and lithologies that add 162 on average; a scatter of 230 and 348.6 between them."""
    vp, vs, rho = synthetic._rocks(np.full(40_000, depth), np.random.default_rng(0))
    assert vp.mean() == pytest.approx(mean, abs=8) and vp.std() == pytest.approx(417.7, abs=8)
    assert 1.5 < np.median(vp / vs) < 2.2
    offset = 0.45 * 0.01 - 0.35 * 0.015 + 0.14 * 0.02 + 0.06 * 0.03
    assert (rho / (0.31 * vp**0.25)).mean() == pytest.approx(1 + offset, abs=5e-4)


def test_texture_is_shared_as_said():
    ones = np.ones((60, 60, 60))
    vp, vs, rho = (volume - 1 for volume in synthetic._texture([ones, ones, ones], np.random.default_rng(0)))
    assert np.sqrt(np.mean(vp**2)) == pytest.approx(0.012)
    assert np.sqrt(np.mean(vs**2)) == pytest.approx(0.012, rel=0.12)
    assert np.sqrt(np.mean(rho**2)) == pytest.approx(0.006, rel=0.12)
    assert np.corrcoef(vp.ravel(), vs.ravel())[0, 1] == pytest.approx(0.7, abs=0.1)
    assert np.corrcoef(vp.ravel(), rho.ravel())[0, 1] == pytest.approx(0.6, abs=0.1)
