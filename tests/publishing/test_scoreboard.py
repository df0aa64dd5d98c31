"""Numbers and words of the claims table."""

import math
from types import SimpleNamespace

import pytest

from quakebook.publishing import scoreboard
from quakebook.publishing.measured import Measured


@pytest.mark.parametrize(("value", "text"), [
    (None, "–"), (math.nan, "–"), (0.5, "0.5"), (0.123456, "0.1235"), (9999.4, "9999"), (9999.6, "10,000"),
    (-9999.5, "-10,000"), (1e4, "10,000"),
    (-268443.0, "-268,443"), (999_999_999.0, "999,999,999"), (1e9, "1e+09"), (1.23456e-7, "1.235e-07")])
def test_four_digits_or_all_of_a_count(value, text):
    assert scoreboard.number(value) == text


@pytest.mark.parametrize(("answer", "text"), [
    (None, "0.5"), (Measured(0.25), "0.5"), (Measured(0.25, None, 1), "0.25 (one seed)"),
    (Measured(0.25, 0.125, 3), "0.25 ± 0.12 (3 seeds)")])
def test_spread_and_seeds_stand_beside_the_number(answer, text):
    assert scoreboard.ours(SimpleNamespace(answer=answer, value=0.5)) == text


@pytest.mark.parametrize(("claim", "text"), [
    ({"ours": True, "published": 1.0}, "our check"), ({"published": None}, "direction only"),
    ({"published": 0.25}, "0.25"), ({"published": 0.7, "read_off": True}, "0.7 (read off a figure)")])
def test_what_the_paper_says(claim, text):
    assert scoreboard.stated(SimpleNamespace(**{"ours": False, "read_off": False} | claim)) == text
