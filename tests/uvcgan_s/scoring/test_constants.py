"""Published and chosen numbers of the scores, at their edges."""

import numpy as np
import pytest

from quakebook.uvcgan_s.scoring import cone, jet_arrays, jets, resolution, substructure
from quakebook.uvcgan_s.scoring.clustering import four_momenta


def found(pt, eta):
    n = len(pt)
    zero = np.zeros(n)
    return jet_arrays.Jets(np.array(pt, float), np.array(eta, float), zero, zero, zero, (np.zeros(1, int),) * n)


def test_cones_of_ten_gev_count_and_three_are_needed():
    true = np.array([9.9, 10.0, 20.0, 30.0, np.nan])
    assert cone.cone_summary(true, true)["cones"] == 3 and cone.cone_summary(true, true)["slope"] == pytest.approx(1)
    assert np.isnan(cone.cone_summary(true[[0, 1, 2]], true[[0, 1, 2]])["slope"])


def test_cones_have_a_radius_of_four_tenths():
    """Axis on a tower's centre: the fourth tower in azimuth stands at 0.393, the fifth at 0.491."""
    images = np.zeros((1, 24, 64))
    images[0, 12, 14], images[0, 12, 15] = 2.0, 5.0
    eta, phi = (axis.reshape(24, 64)[12, 10] for axis in jet_arrays.tower_coordinates())
    assert cone.cone_energies(images, np.array([[eta, phi]])).tolist() == [2.0]
    images[0, 16, 10], images[0, 17, 10] = 0.25, 9.0  # 4 rows are 0.367, 5 rows 0.458
    images[0, 15, 13] = 0.5  # hypot(0.275, 0.295) = 0.403
    assert cone.cone_energies(images, np.array([[eta, phi]])).tolist() == [2.25]


def test_cones_lie_inside_the_calorimeter():
    """Rows end at 1.1, so axes of cones of 0.4 end at 0.7."""
    axes = cone.leading_axes([found([20], [0.69]), found([20], [-0.71]), found([], [])])
    assert axes[0, 0] == 0.69 and np.isnan(axes[1:]).all()


def test_acceptance_radii_and_momenta_of_the_published_evaluation():
    """Radii 0.2, 0.4, 0.5; axes within 0.6; pairs within 0.75 R. Jets from 5 GeV on are our choice."""
    assert jets.RADII == (0.2, 0.4, 0.5) and jets.MIN_PT_GEV == 5.0
    assert found([1, 2, 3], [0.59, -0.59, 0.61]).central().pt_gev.tolist() == [1, 2]
    assert len(resolution.pairs(found([9], [0.0]), found([9], [0.299]), 0.4)) == 1
    assert resolution.pairs(found([9], [0.0]), found([9], [0.301]), 0.4) == []


def test_jets_of_five_gev_are_kept():
    images = np.zeros((1, 24, 64))
    images[0, 12, 3], images[0, 12, 40] = 5.01, 4.99
    (own,) = jets.find_jets(images, 0.4, engine="own")
    assert own.pt_gev.tolist() == pytest.approx([5.01])
    (signed,) = jets.signed_jets([jets.find_jets(images, 0.4, engine="own", min_pt_gev=0.0)[0]], images)
    assert signed.pt_gev.tolist() == pytest.approx([5.01])


@pytest.mark.parametrize(("soft", "share"), [(10.2, 10.2 / 110.2), (11.5, 11.5 / 111.5), (12.0, 12 / 112)])
def test_soft_drop_stops_above_a_tenth(soft, share):
    """Of 100 and 11.5 GeV the softer has 0.103, which passes; 10.2 GeV have 0.093, which does not."""
    z_g, r_g = substructure.soft_drop(four_momenta(np.array([100.0, soft]), np.zeros(2), np.array([0.0, 0.2])))
    if share > 0.1:
        assert (z_g, r_g) == pytest.approx((share, 0.2), rel=1e-6)
    else:
        assert np.isnan(z_g) and np.isnan(r_g)


def test_soft_drop_follows_the_harder_branch():
    """(60, 30) at a distance of 0.1, and 5 far off: 5 of 95 is dropped, then 30 of 90 passes. Rapidity counts too."""
    momenta = four_momenta(np.array([60.0, 30.0, 5.0]), np.array([0.0, 0.1, 0.0]), np.array([0.0, 0.0, 0.39]))
    assert substructure.soft_drop(momenta) == pytest.approx((1 / 3, 0.1), rel=1e-3)


def test_a_bin_holds_five_jets_at_least():
    many = resolution.match([found([20], [0])] * 5, [found([20], [0])] * 5, 0.4)
    assert resolution.curves(many, np.array([14.0, 30.0])).scale.tolist() == [1.0]
    few = resolution.match([found([20], [0])] * 4, [found([20], [0])] * 4, 0.4)
    assert np.isnan(resolution.curves(few, np.array([14.0, 30.0])).scale).all()


def test_positions_are_compared_from_20_to_50_gev():
    momenta = [19.9, 20.1, 49.9, 50.1]
    truth = [found([pt], [0]) for pt in momenta]
    other = [found([pt], [shift]) for pt, shift in zip(momenta, (0.29, 0.1, 0.2, 0.28), strict=True)]
    assert resolution.position_rms(resolution.match(truth, other, 0.4)) == pytest.approx(np.sqrt(0.025))


def test_constituents_above_zero_enter_xi_unless_told():
    images = np.zeros((1, 24, 64))
    images[0, 12, 12], images[0, 12, 13] = 10.0, 1e-6
    inside = substructure.substructure(images, jets.find_jets(images, 0.4, engine="own"))
    assert len(inside.xi) == 2 and inside.xi.max() == pytest.approx(np.log(1e7), rel=1e-3)


@pytest.mark.parametrize("radius", [0.0, -1.0, 2.0, 2.5])
def test_radii_lie_between_0_and_2(radius):
    with pytest.raises(ValueError, match=f"must lie between 0 and 2; found {radius}"):
        jets.find_jets(np.zeros((1, 24, 64)), radius, engine="own")
    assert len(jets.find_jets(np.ones((1, 24, 64)), 1.9, engine="own")[0]) > 0


def test_soft_drop_opens_a_tree_of_radius_1_9():
    """Two prongs 1.85 apart are one tree, two that are 2.0 apart are none."""
    near, far = (four_momenta(np.array([20.0, 10.0]), np.zeros(2), np.array([0.0, d])) for d in (1.85, 2.0))
    assert substructure.soft_drop(near) == pytest.approx((1 / 3, 1.85)) and np.isnan(substructure.soft_drop(far)).all()


def test_distances_need_two_true_values():
    """Of 1 from 0 and 2 the distance is 1, and their deviation is 1."""
    assert substructure.distance_in_widths(np.ones(1), np.array([0.0, 2.0])) == pytest.approx(1.0)
    assert np.isnan(substructure.distance_in_widths(np.ones(1), np.zeros(1)))


def test_cones_of_one_energy_have_no_slope():
    same = cone.cone_summary(np.array([1.0, 2.0, 3.0]), np.full(3, 20.0))
    assert np.isnan(same["slope"]) and same["cones"] == 3
