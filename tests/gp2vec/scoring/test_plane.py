"""The plane against numpy's singular values; groups and numbers that show in it, and ones that do not."""

import numpy as np
import pytest

from quakebook.gp2vec.scoring.plane import principal_plane, rank_correlations, silhouettes


def test_shares_of_the_variance_are_those_of_the_singular_values():
    x = np.random.default_rng(0).normal(size=(50, 6)) * [5, 3, 1, 1, 1, 1]
    found = principal_plane(x)
    _, singular, axes = np.linalg.svd(x - x.mean(0))
    np.testing.assert_allclose(found.share, (singular**2 / (singular**2).sum())[:2], rtol=1e-10)
    np.testing.assert_allclose(np.abs(found.points), np.abs((x - x.mean(0)) @ axes[:2].T), atol=1e-9)


@pytest.mark.parametrize(("apart", "shows"), [(6.0, True), (0.0, False)])
def test_groups_that_stand_apart_exceed_permuted_ones(apart, shows):
    rng = np.random.default_rng(0)
    group = rng.integers(3, size=60)
    found, permuted = silhouettes(rng.normal(size=(60, 4)) + apart * np.eye(4)[group], group)
    assert (found > permuted) is shows and (not shows or found > 0.5)


def test_a_number_along_one_axis_is_found_whatever_its_direction():
    rng = np.random.default_rng(0)
    points = rng.normal(size=(80, 2))
    found, permuted = rank_correlations(points, -np.exp(points[:, 1]))
    assert found == pytest.approx(1) and 0 < permuted < 0.5
    found, permuted = rank_correlations(points, rng.normal(size=80))
    assert found < permuted
