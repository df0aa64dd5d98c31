"""Half the 95 % interval against a table of Student's t, and against SciPy's own interval."""

import math

import pytest
from scipy import stats

from quakebook.intervals import half_width


@pytest.mark.parametrize(("n", "t"), [(2, 12.706), (3, 4.303), (11, 2.228)])
def test_the_table_of_student(n, t):
    assert half_width(2.0, n) == pytest.approx(2.0 * t / math.sqrt(n), rel=1e-4)


def test_the_interval_of_scipy():
    low, high = stats.t.interval(0.95, 4, loc=1.0, scale=0.3 / math.sqrt(5))
    assert half_width(0.3, 5) == pytest.approx((high - low) / 2)
