import numpy as np
import pytest
from scipy.special import entr

from quakebook.bluedisc import landscape_gaussian, landscape_pointwise
from quakebook.bluedisc.studies.landscape import (
    DOT_TIMES_S,
    gaussian_pull,
    label_curve,
    nearest,
    pointwise_pull,
    prediction_curve,
)

LN2 = np.log(2)


@pytest.fixture(scope="module")
def pointwise():
    return landscape_pointwise()


@pytest.fixture(scope="module")
def whole():
    return landscape_gaussian()


def test_pointwise_grid(pointwise):
    loss, time_s, height = pointwise
    assert loss.shape == (101, 101)
    assert (time_s[0], time_s[-1], height[0], height[-1]) == (-3.5, 3.5, 0.01, 0.99)


def test_pointwise_is_the_cross_entropy_against_the_label(pointwise):
    loss, time_s, height = pointwise
    y = label_curve(time_s)
    expected = -y * np.log(height)[:, None] - (1 - y) * np.log(1 - height)[:, None]
    np.testing.assert_allclose(loss, expected, atol=1e-5)


def test_half_height_costs_ln_2_at_every_time(pointwise):
    loss, _, height = pointwise
    assert height[50] == 0.5
    np.testing.assert_allclose(loss[50], LN2, atol=1e-6)


def test_best_height_is_the_label_and_best_loss_its_entropy(pointwise):
    loss, time_s, height = pointwise
    y = label_curve(time_s).clip(0.01, 0.99)
    assert np.abs(height[loss.argmin(axis=0)] - y).max() <= (height[1] - height[0]) / 2 + 1e-6
    inner = (y > 0.01) & (y < 0.99)
    np.testing.assert_allclose(loss.min(axis=0)[inner], (entr(y) + entr(1 - y))[inner], atol=1e-3)


def test_basins_ridge_and_maximum(pointwise):
    loss, time_s, height = pointwise
    depth = -np.log(0.99)
    assert loss[-1, 50] == pytest.approx(depth, abs=1e-5)
    assert loss[0][np.abs(time_s) > 1.2] == pytest.approx(depth, abs=1e-5)
    assert loss.min() == pytest.approx(depth, abs=1e-5) and loss.max() == pytest.approx(-np.log(0.01), abs=1e-5)
    ridge = time_s[loss.min(axis=0).argmax()]
    assert abs(abs(ridge) - 0.235) <= 0.035 and loss.min(axis=0).max() == pytest.approx(LN2, abs=0.02)


def test_pointwise_arrows_go_up_near_the_label_and_down_at_the_peak(pointwise):
    arrow = pointwise_pull(pointwise, DOT_TIMES_S, prediction_curve(DOT_TIMES_S))
    assert (arrow[:2] > 0.05).all() and abs(arrow[2]) < 0.02 and (arrow[3:] < -0.03).all()


def test_whole_surface_has_one_strict_minimum_at_the_label(whole):
    loss, position_s, height = whole
    assert loss.shape == (51, 51)
    padded = np.pad(loss, 1, constant_values=np.inf)
    around = np.stack([padded[1 + i:52 + i, 1 + j:52 + j]
                       for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)])
    minima = np.argwhere((loss < around).all(axis=0))
    assert minima.tolist() == [[50, 25]]
    assert position_s[25] == pytest.approx(0, abs=1e-12) and height[50] == 0.99


def test_whole_surface_grows_with_the_square_of_the_distance(whole):
    loss, position_s, height = whole
    mass = 20 * np.sqrt(2 * np.pi) / 3001
    for row in (20, 35, 50):
        floor = loss[row, 25]
        near = np.abs(position_s) < 2.7
        np.testing.assert_allclose(loss[row, near] - floor, mass * position_s[near] ** 2 / (2 * 0.2**2), atol=0.04)


@pytest.mark.parametrize(("level", "distance_s"), [(0.2, 0.9), (1.0, 2.1)])
def test_level_crossings(whole, level, distance_s):
    loss, position_s, height = whole
    for row in loss[height > 0.3]:
        assert np.interp(level, row[25:], position_s[25:]) == pytest.approx(distance_s, abs=0.1)


def test_far_away_the_clamp_flattens_the_surface_and_it_is_symmetric(whole):
    loss, position_s, _ = whole
    assert loss[:, np.abs(position_s) > 3.1].min() > 1.6 and loss[10:].max() < 1.75
    assert np.ptp(loss[40, position_s > 3.0]) < 0.05
    np.testing.assert_allclose(loss, loss[:, ::-1], atol=1e-6)


def test_whole_arrow_points_left_and_hardly_up(whole):
    seconds, height = gaussian_pull(whole, 0.3, 0.7)
    assert seconds == pytest.approx(-0.14, abs=0.02) and abs(height) < 0.01
    mirrored = gaussian_pull(whole, -0.3, 0.7)
    assert mirrored == pytest.approx((-seconds, height), abs=1e-5)


def test_nearest_node():
    assert nearest(np.array([0.0, 1.0, 2.0]), np.array([0.4, 1.6, 9.0])).tolist() == [0, 2, 2]
