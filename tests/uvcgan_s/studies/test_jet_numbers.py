import math

import numpy as np
import pytest

from quakebook.uvcgan_s.scoring.resolution import Matched
from quakebook.uvcgan_s.scoring.substructure import Substructure
from quakebook.uvcgan_s.studies.comparison import Comparison
from quakebook.uvcgan_s.studies.jet_numbers import differences, numbers, ordering, worst


def matched(radius, spread, scale=1.0, fakes=0):
    true = np.repeat(np.arange(15.0, 50.0, 2.0), 20)
    pt = true * (scale + spread * np.tile([-1.0, 1.0], len(true) // 2))
    shift = spread * np.tile([-1.0, 1.0], len(true) // 2)
    is_fake = np.zeros(len(pt), bool)
    is_fake[:fakes] = True
    return Matched(radius, true, np.zeros(len(true)), pt, shift, true, is_fake, 10)


def structure(shift):
    values = np.linspace(0, 1, 101) + shift
    return Substructure(dict.fromkeys(("z_g", "r_g", "girth", "mass_gev", "z_lead", "pt_d"), values), values)


def comparison(domain, truth_shift=0.0, full_shift=0.0):
    cones = {"truth": np.array([20.0, 30, 40]), "full": np.array([18.0, 27, 36]), "ics": np.array([10.0, 15, 20])}
    return Comparison(
        domain, 10, {"full": {r: matched(r, 0.1) for r in (0.4, 0.5)}, "area": {r: matched(r, 0.2, fakes=10)
                                                                             for r in (0.4, 0.5)},
                     "ics": {r: matched(r, 0.1, 0.8) for r in (0.4, 0.5)}},
        {"truth": structure(truth_shift), "full": structure(full_shift + 0.05), "ics": structure(0.4)}, cones,
        {"full": np.array([0.1, 0.2, -0.02, 0.8]), "ics": np.array([0.3, 0.3, 0.0, 0.8])})


def test_numbers_by_hand():
    out = numbers({"val": comparison("val"), "quenched": comparison("quenched", 0.2, 0.1)})
    assert out["jets.val.full.r0.5.20-30.scale"] == pytest.approx(1)
    assert out["jets.val.full.r0.5.20-30.resolution"] == pytest.approx(0.1)
    assert out["jets.val.full.r0.5.position_rms"] == pytest.approx(0.1)
    assert out["jets.val.full.r0.5.resolution_over_area"] == pytest.approx(0.5)
    assert out["jets.val.full.r0.5.position_over_area"] == pytest.approx(0.5)
    assert out["jets.val.full.r0.5.fakes_minus_area"] == pytest.approx(-10 / 60)
    assert out["jets.val.full.r0.5.efficiency_minus_area"] == 0
    assert out["jets.val.ics.r0.5.scale_deviation_above_20"] == pytest.approx(0.2)
    sd = np.linspace(0, 1, 101).std()
    assert out["jets.val.full.inside.girth.w1"] == pytest.approx(0.05 / sd)
    assert out["jets.val.full.inside.girth.w1_minus_iterative"] == pytest.approx((0.05 - 0.4) / sd)
    assert out["jets.val.full.cone.jes"] == pytest.approx(0.9) and out["jets.val.full.towers.l1_bkg"] == 0.2
    assert out["jets.val.full.towers.surplus_share"] == pytest.approx(0.025)
    assert out["jets.shift.full.girth"] == pytest.approx(0.5)
    assert out["jets.robust.full.resolution_ratio"] == pytest.approx(1)
    assert "jets.val.area.cone.jes" not in out and "jets.val.area.inside.girth.w1" not in out


def test_differences_are_taken_seed_by_seed():
    first, second = [{"a": 1.0}, {"a": 2.0}, {"a": 9.0}], [{"b": 3.0}, {"b": 5.0}]
    assert differences(first, second, ("a", "b")) == [-2.0, -3.0]
    assert differences(first, [], ("a", "b")) == []
    assert math.isnan(differences(first, [{}], ("a", "b"))[0])


def test_worst_seed_and_orders():
    seeds = [{"a": 1.0, "b": 2.0}, {"a": 3.0, "c": 4.0}]
    assert worst(seeds) == {"a": 3.0} and worst(seeds, "higher") == {"a": 1.0} and worst([]) == {}
    assert math.isnan(worst([{"a": math.nan}, {"a": 1.0}])["a"])
    assert ordering([1, 2], [3, 4]) == "below" and ordering([5], [3, 4]) == "above"
    assert ordering([1, 3.5], [3, 4]) == ordering([], [1]) == ordering([math.nan], [1]) == "undecided"
