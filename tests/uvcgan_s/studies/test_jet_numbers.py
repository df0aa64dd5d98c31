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


def jets_of(rows, radius=0.5):
    """From (true momentum, response, shift, how often): half of them higher, half lower by a tenth."""
    true = np.concatenate([np.full(n, pt) for pt, _, _, n in rows])
    pt = np.concatenate([pt * (scale + 0.1 * np.tile([-1.0, 1.0], n // 2)) for pt, scale, _, n in rows])
    shift = np.concatenate([np.full(n, by) for _, _, by, n in rows])
    return Matched(radius, true, 0 * true, pt, shift, true, np.zeros(len(true), bool), 9)


def only(methods, **more):
    return Comparison("val", 9, methods, more.pop("structure", {"truth": structure(0.0)}), {"truth": np.zeros(0)}, {})


def test_the_scale_counts_from_the_bin_that_begins_at_twenty():
    """0.5 at 19 GeV does not count, 1.3 at 21 GeV and 0.9 at 30 GeV do: 0.3 is the largest deviation."""
    rows = [(19.0, 0.5, 0.1, 10), (21.0, 1.3, 0.1, 10), (30.0, 0.9, 0.1, 10)]
    out = numbers({"val": only({"full": {0.5: jets_of(rows)}})})
    assert out["jets.val.full.r0.5.scale_deviation_above_20"] == pytest.approx(0.3)


def test_ratios_to_the_area_method_are_the_largest_of_all_bins():
    """Positions 0.2 / 0.1 at 19 GeV and 0.1 / 0.4 at 31 GeV; resolutions 0.1 in all bins."""
    own = jets_of([(19.0, 1.0, 0.2, 10), (31.0, 1.0, 0.1, 10)])
    area = jets_of([(19.0, 1.0, 0.1, 10), (31.0, 1.0, 0.4, 10)])
    out = numbers({"val": only({"full": {0.5: own}, "area": {0.5: area}})})
    assert out["jets.val.full.r0.5.position_over_area"] == pytest.approx(2.0)
    assert out["jets.val.full.r0.5.resolution_over_area"] == pytest.approx(1.0)
    assert "jets.val.area.r0.5.position_over_area" not in out


def test_efficiencies_are_compared_from_14_to_20_gev():
    """Of 20 jets at 15 GeV the method misses five and the area method one; at 25 GeV it misses none."""
    def missing(count):
        made = jets_of([(15.0, 1.0, 0.1, 20), (25.0, 1.0, 0.1, 20)])
        made.pt[:count] = np.nan
        return {0.5: made}

    out = numbers({"val": only({"full": missing(5), "area": missing(1)})})
    assert out["jets.val.full.r0.5.efficiency_minus_area"] == pytest.approx(-0.2)


def test_robustness_is_the_resolution_at_20_to_30_gev_on_quenched_jets_over_that_on_plain_ones():
    """At 0.4 where it is measured: 0.1 / 0.9 of a scale stays a spread of 0.1; fewer decoys at 15 and 40 GeV."""
    def at(spread):
        true = np.repeat([15.0, 25.0, 40.0], 10)
        pt = true * (1 + np.repeat([0.3, spread, 0.4], 10) * np.tile([-1.0, 1.0], 15))
        made = Matched(0.4, true, 0 * true, pt, 0 * true, true, np.zeros(30, bool), 9)
        return {0.2: matched(0.2, 0.25), 0.4: made}

    def whole(spread, kept):
        result = only({"full": at(spread)}, structure={"truth": structure(2 * kept), "full": structure(kept)})
        return result

    out = numbers({"val": whole(0.1, 0.0), "quenched": whole(0.2, 0.5)})
    assert out["jets.robust.full.resolution_ratio"] == pytest.approx(2.0)
    assert out["jets.shift.full.z_lead"] == pytest.approx(0.5)


def test_ranges_that_touch_are_not_told_apart():
    assert ordering([1, 2], [2, 3]) == ordering([2, 3], [1, 2]) == ordering([1.0], []) == "undecided"
    assert ordering([1, 2], [2.5, math.inf]) == "undecided"
