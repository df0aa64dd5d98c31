"""From depth to time, sample by sample."""

import numpy as np
import pytest

from quakebook.data.elastic.files.depth import to_time


def test_a_constant_velocity():
    """2 km/s: 10 m are 10 ms there and back; eleven samples reach to 100 ms."""
    vp = np.full((1, 11), 2000.0)
    values = np.arange(11.0)[None]
    t_vp, t_vs, t_rho = to_time(vp, values, 2 * values, dz_m=10.0, dt_s=0.0048)
    assert t_vp.shape == (1, 21) and t_vp.dtype == np.float32
    np.testing.assert_allclose(t_vs[0], 0.48 * np.arange(21), atol=1e-5)
    np.testing.assert_allclose(t_rho[0], 0.96 * np.arange(21), atol=1e-5)


def test_slowness_is_averaged_between_samples():
    """From 1 to 2 km/s over 12 m: 2 12 (1/1000 + 1/2000) / 2 = 18 ms."""
    vp = np.array([[1000.0, 2000.0]])
    found = to_time(vp, vp, vp, 12.0, 0.009)[0]
    np.testing.assert_allclose(found[0], [1000, 1500, 2000], rtol=1e-6)


@pytest.mark.parametrize("depths", range(3, 60))
def test_a_trace_that_ends_on_the_grid_keeps_its_last_sample(depths):
    """2 m at 2,000 m/s are 2 ms: as many samples in time as in depth, whatever the rounding of the sum."""
    vp = np.full((1, depths), 2000.0)
    assert [volume.shape for volume in to_time(vp, vp, vp, 2.0, 0.002)] == [(1, depths)] * 3
    assert to_time(vp * 1.25, vp, vp, 2.0, 0.002)[0].shape == (1, int((depths - 1) * 0.8 + 1e-6) + 1)


def test_time_ends_where_the_first_trace_ends_and_begins_at_its_top():
    vp = np.stack([np.full(21, 2000.0), np.full(21, 4000.0)])
    values = np.tile(np.arange(21.0), (2, 1))
    _, found, _ = to_time(vp, values, values, 10.0, 0.01, top=np.array([3, 1]))
    assert found.shape == (2, 10)  # 19 intervals of 5 ms: 95 ms
    np.testing.assert_allclose(found[:, :3], [[3, 4, 5], [1, 3, 5]], atol=1e-5)


@pytest.mark.parametrize(("dz_m", "dt_s", "words"), [
    (0.0, 0.001, "must be positive"), (1.0, 0.0, "must be positive"), (-1.0, 0.001, "must be positive"),
    (1.0, 0.0031, "less than two samples")])
def test_what_cannot_be(dz_m, dt_s, words):
    """Three intervals of 1 ms are 3 ms."""
    vp = np.full((1, 4), 2000.0)
    with pytest.raises(ValueError, match=words):
        to_time(vp, vp, vp, dz_m, dt_s)
    assert to_time(vp, vp, vp, 1.0, 0.0029)[0].shape == (1, 2)
    for wrong in ((vp, vp[:, :3], vp), (vp[0], vp[0], vp[0])):
        with pytest.raises(ValueError, match="must share one shape"):
            to_time(*wrong, 1.0, 0.001)
