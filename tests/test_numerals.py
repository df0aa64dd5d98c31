"""Numbers as they are printed."""

import pytest

from quakebook.numerals import numeral


@pytest.mark.parametrize(("value", "digits", "text"), [
    (0.123456, 4, "0.1235"), (9999.4, 4, "9999"), (9999.6, 4, "10,000"), (-268443.0, 4, "-268,443"),
    (1563.2, 3, "1,563"), (999.4, 3, "999"), (999.6, 3, "1,000"), (99.6, 2, "100"), (99.4, 2, "99"),
    (92_948_928, 6, "92,948,928"), (-0.05, 6, "-0.05"), (999_999_999.0, 4, "999,999,999"), (1e9, 4, "1e+09"),
    (1e-6, 6, "1e-06"), (0.0001, 3, "0.0001"), (0, 3, "0"), (float("inf"), 3, "inf")])
def test_digits_before_the_point_are_all_printed(value, digits, text):
    assert numeral(value, digits) == text
