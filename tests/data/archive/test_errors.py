"""Time limits of everything that asks a network."""

import pytest

from quakebook.data import DataError
from quakebook.data.archive.errors import checked_timeout
from quakebook.data.archive.stations.fdsn import StationService
from quakebook.data.archive.stores.remote import RemoteStore


@pytest.mark.parametrize("make", [checked_timeout, lambda value: StationService(timeout_s=value),
                                  lambda value: RemoteStore("s3://abc", timeout_s=value)])
@pytest.mark.parametrize("value", [-1.0, 0.0, float("inf"), float("nan"), 1e9])
def test_time_limits_are_positive_and_finite(make, value):
    with pytest.raises(DataError, match="timeout_s. must be a number of seconds above 0"):
        make(value)


def test_a_good_limit():
    assert checked_timeout(5) == 5.0
