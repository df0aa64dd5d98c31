"""Averages of weights after two steps, by hand."""

import pytest
import torch

from quakebook.training.averages import Averages


def test_two_steps_with_a_decay_of_three_quarters():
    network = torch.nn.BatchNorm1d(1)
    with torch.no_grad():
        network.weight.fill_(4.0)
    averages = Averages({"a": network}, 0.75)
    copy = averages.networks["a"]
    for value, expected in ((8.0, 5.0), (0.0, 3.75)):  # 0.75 4 + 0.25 8, then 0.75 5
        with torch.no_grad():
            network.weight.fill_(value)
        network.running_mean.fill_(value)
        averages.update()
        assert float(copy.weight) == pytest.approx(expected) and float(copy.running_mean) == value
    assert not copy.training and not copy.weight.requires_grad and network.weight.requires_grad
    again = Averages({"a": torch.nn.BatchNorm1d(1)}, 0.75)
    again.load_state_dict(averages.state_dict())
    assert float(again.networks["a"].weight) == pytest.approx(3.75)
