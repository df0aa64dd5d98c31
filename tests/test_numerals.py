"""Numbers as they are printed."""

import pytest

from quakebook.numerals import numeral, with_spread


@pytest.mark.parametrize(("value", "digits", "text"), [
    (0.123456, 4, "0.1235"), (9999.4, 4, "9999"), (9999.6, 4, "10,000"), (-268443.0, 4, "-268,443"),
    (1563.2, 3, "1,563"), (999.4, 3, "999"), (999.6, 3, "1,000"), (99.6, 2, "100"), (99.4, 2, "99"),
    (92_948_928, 6, "92,948,928"), (-0.05, 6, "-0.05"), (999_999_999.0, 4, "999,999,999"), (1e9, 4, "1e+09"),
    (1e-6, 6, "1e-06"), (0.0001, 3, "0.0001"), (0, 3, "0"), (float("inf"), 3, "inf")])
def test_digits_before_the_point_are_all_printed(value, digits, text):
    assert numeral(value, digits) == text


@pytest.mark.parametrize(("value", "spread", "text"), [
    (0.02512, 0.06664, "0.025 ± 0.067"), (-0.0007809, 0.1797, "0.00 ± 0.18"), (28051.3, 677.2, "28,051 ± 677"),
    (1.749, 0.362, "1.75 ± 0.36"), (12.0, 1.04, "12.0 ± 1.0"), (5, 10.4, "5 ± 10"), (-3.26, 0.95, "-3.26 ± 0.95"),
    (0.25, 0, "0.25 ± 0"), (0.25, float("nan"), "0.25 ± nan"), (0.25, 1e-9, "0.25 ± 1e-09")])
def test_a_spread_says_how_many_digits_count(value, spread, text):
    assert with_spread(value, spread) == text
