"""Claims: every field checked, every fault named with file and entry."""

import math

import pytest
import yaml

from quakebook.publishing.claim import ClaimError
from quakebook.publishing.claim_file import parse

GOOD = {"id": "peak", "says": "the peak", "where": "Fig. 3", "published": 0.85, "metric": "peak.s0.1",
        "tolerance": 0.05, "why": "read off a figure", "answers": "reproduction"}


def one(**changes):
    entry = {k: v for k, v in (GOOD | changes).items() if v != "absent"}
    return parse(yaml.safe_dump([entry]), "toy", "toy.yaml")[0]


def test_fields_arrive():
    claim = one(needs="quakebook train toy")
    assert (claim.paper, claim.id, claim.published, claim.needs) == ("toy", "peak", 0.85, "quakebook train toy")
    assert claim.bounds == "± 0.05"


@pytest.mark.parametrize(("bounds", "inside", "outside"), [
    ({"tolerance": 0.05}, (0.80, 0.85, 0.90), (0.799, 0.901, math.nan, math.inf)),
    ({"relative": 0.1}, (0.765, 0.935), (0.764, 0.936)),
    ({"at_least": 1.0}, (1.0, 5.0, math.inf), (0.999, math.nan)),
    ({"at_most": -1.0}, (-1.0, -9.0), (-0.999, 0.0)),
    ({"between": [0.1, 0.2]}, (0.1, 0.15, 0.2), (0.09, 0.21)),
])
def test_bounds(bounds, inside, outside):
    claim = one(tolerance="absent", **bounds) if "tolerance" not in bounds else one(**bounds)
    assert all(claim.agrees(v) for v in inside)
    assert not any(claim.agrees(v) for v in outside)


def test_relative_bounds_of_a_negative_number_keep_their_order():
    claim = one(published=-2.0, tolerance="absent", relative=0.1)
    assert claim.low == pytest.approx(-2.2)
    assert claim.agrees(-1.9)


def test_a_direction_needs_no_number():
    assert one(published=None, tolerance="absent", at_least=0.0).published is None


@pytest.mark.parametrize(("changes", "message"), [
    ({"says": "absent"}, "missing says"),
    ({"tolerence": 1}, "unknown tolerence"),
    ({"at_least": 1}, "exactly one of"),
    ({"tolerance": "absent"}, "exactly one of"),
    ({"tolerance": -1}, "tolerance must be >= 0"),
    ({"tolerance": "wide"}, "must be a finite number; found 'wide'"),
    ({"tolerance": True}, "must be a finite number"),
    ({"published": None}, "needs a published number"),
    ({"published": ".nan"}, "published must be a finite number"),
    ({"answers": "maybe"}, "reproduction, effect, real, benchmark; found 'maybe'"),
    ({"kind": "guessed"}, "kind must be one of trained, computed, architecture; found 'guessed'"),
    ({"ours": "yes"}, "ours must be true or false; found 'yes'"),
    ({"ours": True}, "a check of ours has no published value; found 0.85"),
    ({"published": "absent", "tolerance": "absent", "at_least": 0}, "missing published"),
    ({"published": None, "tolerance": "absent", "at_least": 0, "read_off": True}, "read_off needs a published value"),
    ({"ordering": True}, "an ordering has one bound"),
    ({"metric": 3}, "metric must be text"),
    ({"tolerance": "absent", "between": [2, 1]}, "low <= high"),
])
def test_faults_are_named(changes, message):
    with pytest.raises(ClaimError, match=r"toy\.yaml, entry 1") as caught:
        one(**changes)
    assert message in str(caught.value)


def test_a_check_of_ours_needs_no_published_value():
    claim = one(ours=True, published="absent", tolerance="absent", at_most=0.1)
    assert (claim.ours, claim.published, claim.kind) == (True, None, "computed")


@pytest.mark.parametrize(("answers", "kind"),
                         [("reproduction", "computed"), ("effect", "trained"), ("real", "trained")])
def test_kind_follows_from_what_answers(answers, kind):
    assert one(answers=answers).kind == kind
    assert one(answers=answers, kind="architecture").kind == "architecture"


def test_margin_of_an_ordering_is_the_distance_from_its_bound():
    claim = one(published=None, tolerance="absent", at_least=0.5, ordering=True)
    assert claim.margin(0.75) == claim.margin(0.25) == 0.25


@pytest.mark.parametrize("text", ["a: 1", "[1]", "- {", "x"])
def test_other_yaml_is_refused(text):
    with pytest.raises(ClaimError):
        parse(text, "toy")


def test_ids_are_unique():
    with pytest.raises(ClaimError, match="'peak' is used twice"):
        parse(yaml.safe_dump([GOOD, GOOD]), "toy")


@pytest.mark.parametrize(("low", "high", "slack"), [(0.1, 0.2, 1e-12), (-5e6, 1e6, 5e-6), (0.0, math.inf, 1e-12)])
def test_a_bound_holds_to_a_part_in_a_million_million(low, high, slack):
    """Of the larger bound, but at least of one: what rounding of doubles may take away, ten thousand times over."""
    claim = one(tolerance="absent", **({"between": [low, high]} if math.isfinite(high) else {"at_least": low}))
    assert claim.agrees(low - 0.8 * slack) and not claim.agrees(low - 1.5 * slack)
    if math.isfinite(high):
        assert claim.agrees(high + 0.8 * slack) and not claim.agrees(high + 1.5 * slack)


@pytest.mark.parametrize(("deep", "told"), [(20, "entry 1"), (21, "more than 20 lists or tables inside one another")])
def test_claims_are_not_nested_deeply(deep, told):
    with pytest.raises(ClaimError, match=told):
        parse("[" * deep + "]" * deep, "toy", "toy.yaml")


@pytest.mark.parametrize(("bounds", "words"), [
    ({"relative": 0.1}, "± 10 %"), ({"between": [1, 2]}, "1 to 2"), ({"between": [2, 2]}, "= 2"),
    ({"between": [92_948_928, 92_948_928]}, "= 92,948,928"), ({"at_most": 0.000001}, "≤ 1e-06"),
    ({"at_least": 3}, "≥ 3"), ({"at_most": 3}, "≤ 3")])
def test_bounds_in_words(bounds, words):
    assert one(tolerance="absent", **bounds).bounds == words
