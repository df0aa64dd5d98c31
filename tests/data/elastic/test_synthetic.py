"""The embedded elastic model: its sizes, limits and parts."""

import numpy as np
import pytest

from quakebook.data.elastic import synthetic


def test_sizes_that_were_chosen():
    assert (synthetic.QUICK_SHAPE, synthetic.QUICK_DT_S) == ((48, 48, 160), 0.002)
    assert (synthetic.PAPER_SHAPE, synthetic.PAPER_DT_S) == ((200, 200, 360), 0.001)
    plain = synthetic.make()
    assert plain.shape == (48, 48, 160) and plain.dt_s == 0.002 and plain.source == "synthetic, seed 0"
    assert set(np.unique(plain.parts["channel"])) == {0, 1, 2, 3}


@pytest.mark.parametrize(("shape", "fits"), [((8, 8, 32), True), ((7, 8, 32), False), ((8, 7, 32), False),
                                             ((8, 8, 31), False), ((8, 64), False)])
def test_the_smallest_model(shape, fits):
    if fits:
        assert synthetic.make(shape).shape == shape
        return
    with pytest.raises(ValueError, match=r"at least \(8, 8, 32\)"):
        synthetic.make(shape)


def test_values_are_kept_within_limits():
    """Vp 1.8 to 6.2 km/s, density 1.85 to 2.95, Vs from 0.5 km/s to Vp / 1.45."""
    vp = np.array([1000.0, 1801.0, 6199.0, 9000.0, 3000.0, 3000.0])
    vs = np.array([400.0, 501.0, 6000.0, 9000.0, 2068.0, 2070.0])
    rho = np.array([1.0, 1.86, 2.94, 5.0, 2.0, 2.0])
    vp, vs, rho = synthetic._clip(vp, vs, rho)
    assert vp.tolist() == [1800, 1801, 6199, 6200, 3000, 3000] and rho.tolist() == [1.85, 1.86, 2.94, 2.95, 2, 2]
    assert vs == pytest.approx([500, 501, 6199 / 1.45, 6200 / 1.45, 2068, 3000 / 1.45], rel=1e-5)
    assert (vp / vs >= 1.45).all()


def test_limits_of_the_rocks_of_layers():
    """Far down the velocity is held at 5.9 km/s, at the top it begins at 1.9; Vs scatters by 3.5, density by 2.2 %."""
    vp, vs, _ = synthetic._rocks(np.full(5000, 9.0), np.random.default_rng(0))
    assert (vp == 5900).all()
    lines = np.array([5900 * 0.76969 - 867.35, 5900 * 0.80416 - 855.88,
                      1000 * (-0.05508 * 5.9**2 + 1.01677 * 5.9 - 1.03049), 5900 * 0.58321 - 77.75])
    ratio = vs[:, None] / lines
    near = ratio[np.arange(5000), np.abs(ratio - 1).argmin(1)]
    assert near.min() > 0.85 and near.max() < 1.16
    vp, _, rho = synthetic._rocks(np.full(60_000, -3.0), np.random.default_rng(1))
    assert vp.min() == 1900 and np.median(vp) == pytest.approx(2440, abs=40)  # nothing lies above the top
    offset = rho / (0.31 * vp**0.25) - 1
    between = 0.45 * 0.01**2 + 0.35 * 0.015**2 + 0.14 * 0.02**2 + 0.06 * 0.03**2 - 0.00385**2
    assert offset.std() == pytest.approx(np.hypot(0.022, between**0.5), rel=0.02)


def test_channels_change_what_lies_in_them():
    made = synthetic.make((24, 24, 120), 0.002, 3)
    gas = made.parts["channel"] == 1
    assert gas.any()
    ratio = made.vp / made.parts["plain_vp"]
    assert np.median(ratio[gas]) == pytest.approx(0.87, abs=0.01)
    assert np.median(ratio[made.parts["channel"] == 0]) == pytest.approx(1, abs=0.005)
