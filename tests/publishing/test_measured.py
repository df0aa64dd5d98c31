"""Numbers with their spread: read in both forms, every nonsense refused."""

import math
import statistics

import pytest
from scipy import stats

from quakebook.publishing.claim import ClaimError
from quakebook.publishing.measured import Measured, difference, gathered, measured, over_seeds


def test_spread_is_half_the_width_of_the_interval_of_the_mean():
    values = [0.31, 0.4, 0.28, 0.37]
    answer = over_seeds(values)
    assert answer.value == pytest.approx(sum(values) / 4)
    low, high = stats.t.interval(0.95, len(values) - 1, statistics.mean(values), stats.sem(values))
    assert answer.spread == pytest.approx((high - low) / 2)
    assert answer.seeds == 4


def test_one_seed_has_no_spread():
    assert over_seeds([0.5]) == Measured(0.5, None, 1)


@pytest.mark.parametrize("values", [[math.nan], [0.1, math.nan], [0.1, 0.2, math.inf]])
def test_a_seed_without_a_number_leaves_none(values):
    answer = over_seeds(values)
    assert math.isnan(answer.value) and answer.spread is None and answer.seeds is None
    assert math.isnan(measured(answer.plain, "toy").value)


def test_no_seed_is_refused():
    with pytest.raises(ClaimError, match="at least one value"):
        over_seeds([])


@pytest.mark.parametrize("answer", [Measured(0.5), Measured(0.5, None, 1), Measured(0.5, 0.1, 3),
                                    Measured(0.5, 0.0, 2)])
def test_round_trip(answer):
    assert measured(answer.plain, "toy") == answer


@pytest.mark.parametrize("raw", [None, math.nan, math.inf, {"value": None, "spread": 0.1, "seeds": 2}])
def test_what_could_not_be_computed_is_nan(raw):
    assert math.isnan(measured(raw, "toy").value)


@pytest.mark.parametrize(("raw", "message"), [
    ("many", "must be a number or"),
    ({"spread": 0.1}, "must be a number or"),
    ({"value": 1.0, "sd": 0.1}, "must be a number or"),
    ({"value": 1.0, "spread": 0.1}, "from two seeds or more"),
    ({"value": 1.0, "spread": 0.1, "seeds": 1}, "from two seeds or more"),
    ({"value": 1.0, "spread": -0.1, "seeds": 3}, "at least 0"),
    ({"value": 1.0, "spread": math.nan, "seeds": 3}, "at least 0"),
    ({"value": 1.0, "seeds": 3}, "3 seeds have a spread; found none"),
    ({"value": 1.0, "seeds": 0}, "seeds must be a whole number"),
    ({"value": 1.0, "seeds": True}, "seeds must be a whole number"),
])
def test_nonsense_is_refused(raw, message):
    with pytest.raises(ClaimError, match=f"'toy'.*{message}"):
        measured(raw, "toy")


@pytest.mark.parametrize("answer", [Measured(0.5), Measured(0.5, None, 1), Measured(0.5, 0.1, 3)])
def test_round_trip_through_plain_metrics(answer):
    assert gathered(answer.beside("error"), "file")["error"] == answer


def test_a_spread_without_its_number_of_seeds_is_another_metric():
    answers = gathered({"error": 0.5, "error.sd": 0.0}, "file")
    assert answers == {"error": Measured(0.5), "error.sd": Measured(0.0)}


@pytest.mark.parametrize("seeds", [2, 2.5, -1])
def test_seeds_that_cannot_be_are_refused(seeds):
    with pytest.raises(ClaimError, match="file: error.*seeds"):
        gathered({"error": 0.5, "error.seeds": seeds}, "file")


@pytest.mark.parametrize(("first", "second", "value", "seeds"), [
    ([0.9, 0.7], [0.5, 0.6, 0.1], 0.25, 2), ([0.9, 0.7], [0.5], 0.3, 2), ([0.5], [0.9, 0.7, 0.8], -0.4, 1),
    ([0.5], [0.25], 0.25, 1)])
def test_a_difference_is_taken_seed_by_seed(first, second, value, seeds):
    """0.9 - 0.5 and 0.7 - 0.6: mean 0.25; against one number of 0.5: 0.4 and 0.2, mean 0.3."""
    found = difference(first, second)
    assert found.value == pytest.approx(value) and found.seeds == seeds


@pytest.mark.parametrize(("value", "spread", "sign"), [
    (0.3, 0.2, 1), (-0.3, 0.2, -1), (0.2, 0.3, 0), (-0.2, 0.3, 0), (0.3, None, 0), (0.3, 0.3, 0), (math.nan, 0.1, 0),
    (0.1, math.nan, 0)])
def test_a_sign_is_given_only_beyond_the_spread(value, spread, sign):
    assert Measured(value, spread, 3).sign == sign
