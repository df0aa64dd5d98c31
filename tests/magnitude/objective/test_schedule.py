"""Warm-up and plateau: one rate, both effects kept; values worked by hand."""

import math

import numpy as np
import pytest
import torch

from quakebook.magnitude.objective.schedule import Schedule, rates, rates_as_in_reference

FALLING_THEN_FLAT = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4] + [0.4] * 30


def toy(rate=1.0):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(()))], lr=rate)


def played(schedule, steps, losses=()):
    """Rate of each step; a loss is told after each epoch."""
    used = []
    for step in range(steps):
        used.append(float(schedule.optimizer.param_groups[0]["lr"]))
        schedule.optimizer.step()
        schedule.step()
        assert float(schedule.used) == used[-1]
        if losses and (step + 1) % schedule.steps_per_epoch == 0:
            schedule.observe(losses[step // schedule.steps_per_epoch])
    return used


def by_hand(base, dev, warmup, patience, factor):
    """Warm-up factor times factor^events, counted after the warm-up: the definition, epoch by epoch."""
    used, best, waiting, events = [], math.inf, 0, 0
    for epoch, loss in enumerate(dev):
        used.append(base * (0.1 + 0.9 * epoch / warmup if epoch < warmup else 1.0) * factor ** events)
        if epoch + 1 <= warmup:
            best = min(best, loss)
        elif loss < best:
            best, waiting = loss, 0
        else:
            waiting += 1
            if waiting > patience:
                waiting, events = 0, events + 1
    return used


@pytest.mark.parametrize(("warmup", "patience", "factor"), [(5, 5, 0.5), (0, 0, 0.5), (1, 2, 0.3), (8, 5, 0.5)])
def test_rates_follow_the_definition(warmup, patience, factor):
    rng = np.random.default_rng(1)
    for dev in (FALLING_THEN_FLAT, list(np.abs(rng.normal(1, 0.3, 60)) * np.linspace(1, 0.6, 60)),
                [1 - 1e-6 * k for k in range(40)]):
        expected = by_hand(1e-3, dev, warmup, patience, factor)
        assert rates(1e-3, dev, warmup, patience, factor) == pytest.approx(expected, rel=1e-14)


def test_after_k_plateaus_the_rate_is_halved_k_times_and_stays():
    used = rates(1e-3, FALLING_THEN_FLAT)
    assert used[:6] == pytest.approx([1e-4, 2.8e-4, 4.6e-4, 6.4e-4, 8.2e-4, 1e-3])
    assert used[6:] == pytest.approx([1e-3] * 7 + [5e-4] * 6 + [2.5e-4] * 6 + [1.25e-4] * 6 + [6.25e-5] * 6)


def test_reference_cancels_its_own_reductions():
    used = rates_as_in_reference(1e-3, FALLING_THEN_FLAT)[6:]
    assert min(used) == pytest.approx(5e-4)
    reduced = [k for k, value in enumerate(used[:-1]) if value < 9e-4]
    assert reduced and all(used[k + 1] == pytest.approx(1e-3) for k in reduced)


def test_plateau_is_not_counted_during_warmup():
    assert rates(1.0, [1.0] * 6)[-1] == max(rates(1.0, [1.0] * 6)) == pytest.approx(1.0)


def test_warmup_holds_for_whole_epochs_without_plateau():
    assert played(Schedule(toy(), "constant", 2, 10, warmup_epochs=2), 6, [1.0] * 3) == pytest.approx(
        [0.1, 0.1, 0.55, 0.55, 1.0, 1.0])


@pytest.mark.parametrize("kind", ["plateau", "one_cycle"])
def test_state_survives_saving(kind):
    def fresh():
        return Schedule(toy(), kind, 2, 16, warmup_epochs=1, patience=0)

    whole = fresh()
    expected = played(whole, 16, [1.0] * 8)
    half, again = fresh(), fresh()
    played(half, 8, [1.0] * 4)
    again.optimizer.load_state_dict(half.optimizer.state_dict())
    again.load_state_dict(half.state_dict())
    assert float(again.used) == expected[7]
    assert played(again, 8, [1.0] * 4) == expected[8:]


def test_cycle_rises_and_falls_to_zero():
    """Steps 0, 15, 30, 65 and 100 of 100: start 1/25, half-way up, top, half-way down, zero."""
    used = played(Schedule(toy(), "one_cycle", 10, 100), 100) + [0.0]
    middle = (1 + 1 / 25) / 2
    assert [used[k] for k in (0, 15, 30, 65)] == pytest.approx([0.04, middle, 1.0, 0.5])
    assert used[99] == pytest.approx(0.5 * (1 + math.cos(math.pi * 69 / 70)), abs=1e-12)


@pytest.mark.parametrize("steps", [1, 2, 3, 6])
def test_short_cycles_end(steps):
    schedule = Schedule(toy(), "one_cycle", 1, steps)
    used = played(schedule, steps)
    assert all(0 < rate <= 1 for rate in used) and used[0] == pytest.approx(0.04)


def test_unknown_kind_lists_the_known():
    with pytest.raises(ValueError, match="plateau, one_cycle, constant; found 'cosine'"):
        Schedule(toy(), "cosine", 1, 1)


def test_a_reduction_reaches_a_rate_that_is_a_tensor():
    """A recorded step reads the rate where it lies, so the tensor itself must change."""
    optimiser = toy()
    schedule = Schedule(optimiser, "plateau", 1, 9, warmup_epochs=0, patience=0)
    rate = torch.tensor(1.0)
    optimiser.param_groups[0]["lr"] = rate
    assert played(schedule, 3, [1.0, 2.0, 2.0]) == [1.0, 1.0, 0.5]
    assert optimiser.param_groups[0]["lr"] is rate and float(rate) == 0.25
