"""Losses by hand."""

import math

import pytest
import torch

from quakebook.magnitude.objective import losses
from quakebook.magnitude.objective.optimiser import make_optimiser
from quakebook.magnitude.settings import OptimiserConfig


def test_cross_entropy_of_one_window():
    """Two samples, labels (1, 0, 0) and (0.5, 0, 0.5): the mean over samples, summed over classes."""
    label = torch.tensor([[[1.0, 0.5], [0.0, 0.0], [0.0, 0.5]]])
    probability = torch.tensor([[[0.5, 0.25], [0.3, 0.3], [0.2, 0.45]]])
    expected = -(math.log(0.5 + 1e-5) + 0.5 * math.log(0.25 + 1e-5) + 0.5 * math.log(0.45 + 1e-5)) / 2
    assert losses.vector_cross_entropy(probability, label).item() == pytest.approx(expected, rel=1e-6)
    assert losses.vector_cross_entropy(torch.zeros(1, 1, 1), torch.ones(1, 1, 1)).item() == pytest.approx(
        -math.log(1e-5), rel=1e-6)


def test_squared_and_absolute_error():
    label, prediction = torch.tensor([[1.0, 2.0]]), torch.tensor([[2.0, 4.0]])
    assert losses.mean_squared_error(prediction, label).item() == 2.5
    assert losses.mean_absolute_error(prediction, label).item() == 1.5


def test_likelihood_of_a_gaussian():
    """Variance 4, error 2: 0.5 * 4 / 4 + 0.5 log 4; least where exp(s) is the squared error."""
    found = losses.gaussian_likelihood(torch.tensor([[3.0, math.log(4.0)]]), torch.tensor([[1.0]]))
    assert found.item() == pytest.approx(0.5 + 0.5 * math.log(4.0))
    s = torch.tensor(0.0, requires_grad=True)
    losses.gaussian_likelihood(torch.stack([torch.tensor(3.0), s])[None], torch.tensor([[2.0]])).backward()
    assert s.grad.item() == pytest.approx(0.0)  # squared error 1 = exp(0)


def test_loss_of_each_type():
    assert losses.loss_of("phasenet", "phase") is losses.vector_cross_entropy
    assert losses.loss_of("magnet", "baseline") is losses.gaussian_likelihood
    assert losses.loss_of("amag_v2", "magnitude") is losses.mean_squared_error
    assert losses.loss_of("amag_v2", "magnitude", "mae") is losses.mean_absolute_error


@pytest.mark.parametrize(("name", "kind"), [("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW),
                                            ("sgd", torch.optim.SGD)])
def test_optimiser_that_the_settings_name(name, kind):
    found = make_optimiser(torch.nn.Linear(1, 1), OptimiserConfig(name=name, lr=0.2, weight_decay=0.3))
    assert type(found) is kind
    assert (found.param_groups[0]["lr"], found.param_groups[0]["weight_decay"]) == (0.2, 0.3)
    assert found.param_groups[0].get("momentum", 0.9) == 0.9
