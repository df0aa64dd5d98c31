"""Published numbers of losses, optimisers and schedules that nobody gives."""

import math

import pytest
import torch

from quakebook.magnitude.objective import losses, optimiser, schedule
from quakebook.magnitude.settings import OptimiserConfig


def test_a_vanishing_probability_costs_the_logarithm_of_a_hundred_thousandth():
    """-(log(0 + 1e-5)) of one class in every sample."""
    label, nothing = torch.zeros(2, 3, 4), torch.zeros(2, 3, 4)
    label[:, 1] = 1.0
    assert float(losses.vector_cross_entropy(nothing, label)) == pytest.approx(5 * math.log(10), rel=1e-5)


def test_likelihood_by_hand():
    """m = 1, s = ln 4, M = 3: 0.5 * 4 / 4 + 0.5 ln 4."""
    found = losses.gaussian_likelihood(torch.tensor([[1.0, math.log(4)]]), torch.tensor([[3.0]]))
    assert float(found) == pytest.approx(0.5 + 0.5 * math.log(4))


def test_rates_of_a_plateau_unless_told():
    """Five epochs of warm-up from a tenth; then six without a better loss (patience 5) halve the rate, and again."""
    found = schedule.rates(1.0, [1.0] * 18)
    assert found == pytest.approx([0.1, 0.28, 0.46, 0.64, 0.82, *[1.0] * 6, *[0.5] * 6, 0.25])
    assert schedule.rates(1.0, [1.0] * 12, warmup_epochs=0)[:9] == pytest.approx([*[1.0] * 7, 0.5, 0.5])


def test_rates_of_the_published_code_unless_told():
    """The same warm-up; the seventh epoch without a better loss is halved once, and the next one is not."""
    found = schedule.rates_as_in_reference(1.0, [1.0] * 10)
    assert found == pytest.approx([0.1, 0.28, 0.46, 0.64, 0.82, 1.0, 1.0, 0.5, 1.0, 1.0])


def test_one_cycle_rises_over_thirty_percent():
    """From a 25th to the rate at step 30 of 100, then down by a cosine: half at the middle of the rest, 65."""
    weight = torch.nn.Parameter(torch.zeros(()))
    optimizer = torch.optim.SGD([weight], lr=2.0)
    made = schedule.Schedule(optimizer, "one_cycle", 10, 100)
    rates = []
    for _ in range(100):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        made.step()
    assert rates[0] == pytest.approx(2 / 25) and rates[30] == pytest.approx(2.0) == max(rates)
    assert rates[65] == pytest.approx(1.0) and rates[-1] < 0.002


def test_momentum_of_sgd():
    made = optimiser.make_optimiser(torch.nn.Linear(1, 1), OptimiserConfig(name="sgd", lr=0.1, weight_decay=0.2))
    assert (made.defaults["momentum"], made.defaults["lr"], made.defaults["weight_decay"]) == (0.9, 0.1, 0.2)


def test_a_schedule_warms_up_for_five_epochs_and_waits_for_five_unless_told():
    """One step an epoch: 0.1 to 1 over five; then half of it after six epochs without a better loss, and again."""
    weight = torch.nn.Parameter(torch.zeros(()))
    optimizer = torch.optim.SGD([weight], lr=1.0)
    made, rates = schedule.Schedule(optimizer, "plateau", 1, 40), []
    for _ in range(18):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        made.step()
        made.observe(1.0)
    assert rates == pytest.approx([0.1, 0.28, 0.46, 0.64, 0.82, *[1.0] * 6, *[0.5] * 6, 0.25])
    assert made.used == pytest.approx(rates[-1]) and made.done == 18 == made.state_dict()["done"]


def test_other_warm_ups_of_the_published_code():
    assert schedule.rates_as_in_reference(2.0, [1.0] * 4, warmup_epochs=2) == pytest.approx([0.2, 1.1, 2.0, 2.0])
    assert schedule.rates(2.0, [1.0] * 6, 2, 1, 0.25) == pytest.approx([0.2, 1.1, 2.0, 2.0, 0.5, 0.5])


def test_a_better_loss_of_the_warm_up_counts():
    """Best 0.5 in the warm-up of two epochs: the epochs after it are no better, and with patience 0 each one halves."""
    assert schedule.rates(1.0, [0.5, 0.9, 0.8, 0.7], 2, 0)[2:] == pytest.approx([1.0, 0.5])


def test_a_constant_rate_is_warmed_up_and_never_reduced():
    weight = torch.nn.Parameter(torch.zeros(()))
    optimizer = torch.optim.SGD([weight], lr=1.0)
    made, rates = schedule.Schedule(optimizer, "constant", 2, 40, warmup_epochs=2, patience=0), []
    for _ in range(8):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        made.step()
        made.observe(1.0)
    assert rates == pytest.approx([0.1, 0.1, 0.55, 0.55, 1, 1, 1, 1])
