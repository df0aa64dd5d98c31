import numpy as np
import pytest

from quakebook.bluedisc.studies.mean_target import critical_scale, mean_target, mean_target_peak
from quakebook.bluedisc.studies.targets import target_times


@pytest.mark.parametrize(("scale", "height"), [(0.1, 0.894), (0.2, 0.707), (0.3, 0.555), (0.5, 0.371)])
def test_symmetric_peak(scale, height):
    assert mean_target_peak(scale) == pytest.approx((0.0, height), abs=1e-3)
    assert mean_target_peak(scale)[1] == pytest.approx(0.2 / np.hypot(0.2, scale))


@pytest.mark.parametrize("skew", [0.0, -10.0, 4.0, -1.5])
@pytest.mark.parametrize("scale", [0.1, 0.3, 0.5])
def test_formula_equals_the_mean_of_many_targets(scale, skew):
    time_s = np.linspace(-1, 1, 41)
    targets = target_times(scale, skew, 0, 100_000).double().numpy()
    mean = np.exp(-0.5 * ((time_s[:, None] - targets) / 0.2) ** 2).mean(axis=1)
    np.testing.assert_allclose(mean_target(time_s, scale, skew), mean, atol=0.006)


def test_area_is_kept_and_mirroring_the_skew_mirrors_the_curve():
    time_s = np.linspace(-8, 8, 4001)
    for scale, skew in ((0.1, 0.0), (0.5, -10.0)):
        curve = mean_target(time_s, scale, skew)
        assert np.trapezoid(curve, time_s) == pytest.approx(0.2 * np.sqrt(2 * np.pi), rel=1e-4)
        assert np.trapezoid(curve * time_s, time_s) == pytest.approx(0, abs=1e-4)
        np.testing.assert_allclose(curve[::-1], mean_target(time_s, scale, -skew), atol=1e-12)


def test_no_scatter_no_loss_and_skewed_peaks_are_late():
    assert mean_target_peak(1e-4)[1] == pytest.approx(1, abs=1e-4)
    assert 0.1 < mean_target_peak(0.5, -10)[0] < 0.15 and mean_target_peak(0.5, 10)[0] < -0.1


def test_critical_scale():
    assert critical_scale(0.7) == pytest.approx(0.204, abs=1e-3)
    assert mean_target_peak(critical_scale(0.5))[1] == pytest.approx(0.5, abs=1e-4)
    with pytest.raises(ValueError, match="height"):
        critical_scale(0.0)
