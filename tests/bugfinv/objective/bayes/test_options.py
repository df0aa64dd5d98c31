"""Options of the aggregator: the README's numbers, one noise a group, and what is no option."""

import pytest

from quakebook.bugfinv.objective.bayes.options import Options, read


def test_numbers_of_the_readme():
    assert read(3, (1, 1, 1), None, None) == Options((1, 1, 1), 0.001, (1.0, 1.0, 1.0), 1.0, 1e-8)


def test_a_noise_for_each_group_holds_for_all_of_its_outputs():
    """Two groups of two outputs and one; tasks are counted by groups or by outputs."""
    for tasks in (2, 3):
        made = read(tasks, [2, 1], {"min_var": 0.5}, {"obs_noise": [0.25, 4], "gamma": 2, "sqrt_power": 0.5})
        assert made == Options((2, 1), 2.0, (0.25, 0.25, 4.0), 0.5, 0.5) and made.outputs == 3
    with pytest.raises(ValueError, match="for 4 tasks; found"):
        read(4, [2, 1], None, None)


def test_a_power_of_zero_weighs_all_alike():
    assert read(1, (1,), None, {"sqrt_power": 0}).sqrt_power == 0.0


@pytest.mark.parametrize(("groups", "scheme", "numbers", "message"), [
    ((), None, None, "positive sizes"), ((0, 2), None, None, "positive sizes"),
    ((1, 1), None, {"beta": 1}, r"unknown keys in `reg_hps`: \['beta'\]"),
    ((1, 1), None, {"obs_noise": [1.0]}, r"one per task group \(2\); found 1"),
    ((1, 1), None, {"obs_noise": [1.0, 0.0]}, r"`obs_noise\[1\]` must be a positive number; found 0.0"),
    ((1, 1), None, {"gamma": -1}, "`gamma` must be a positive number"),
    ((1, 1), None, {"gamma": float("inf")}, "`gamma` must be a positive number"),
    ((1, 1), None, {"gamma": "x"}, "`gamma` must be a positive number"),
    ((1, 1), None, {"sqrt_power": -0.5}, "`sqrt_power` must be a positive number"),
    ((1, 1), {"min_var": 0}, None, "`min_var` must be a positive number")])
def test_what_is_no_option(groups, scheme, numbers, message):
    with pytest.raises(ValueError, match=message):
        read(2, groups, scheme, numbers)
