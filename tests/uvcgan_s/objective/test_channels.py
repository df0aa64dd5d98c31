"""Which channel counts an objective allows, one by one."""

import pytest

from quakebook.training.config import ConfigError
from quakebook.uvcgan_s.objective.channels import refuse_channels
from quakebook.uvcgan_s.settings import ObjectiveConfig


def shapes(*channels):
    return tuple((count, 8, 8) for count in channels)


@pytest.mark.parametrize("method", ["full", "identity", "regression", "flow"])
@pytest.mark.parametrize("channels", [(1, 1, 2), (1, 2, 1), (2, 1, 1), (1, 2, 2)])
def test_sums_and_flows_need_three_equal_counts(method, channels):
    with pytest.raises(ConfigError, match="found {}, {} and {}".format(*channels)):
        refuse_channels(ObjectiveConfig(method=method), shapes(*channels))
    refuse_channels(ObjectiveConfig(method=method), shapes(3, 3, 3))


@pytest.mark.parametrize("method", ["paired", "uvcgan2"])
def test_methods_without_sums_take_any_counts(method):
    refuse_channels(ObjectiveConfig(method=method), shapes(1, 2, 4))


def test_the_identity_of_mixtures_needs_as_many_channels_in_the_background():
    without_sums = {"identity_aa": 0.0}
    refuse_channels(ObjectiveConfig(**without_sums), shapes(1, 2, 1))
    with pytest.raises(ConfigError, match="as many channels in A0 as in B; found 2 and 1"):
        refuse_channels(ObjectiveConfig(**without_sums), shapes(2, 1, 1))
    refuse_channels(ObjectiveConfig(**without_sums, identity_bb=0.0), shapes(2, 1, 1))
    refuse_channels(ObjectiveConfig(method="paired", identity_bb=0.5), shapes(2, 1, 1))
