"""Warm-up and plateau: one schedule, both effects kept."""

import pytest
import torch

from quakebook.magnitude.objective.schedule import Schedule, cycle_factor, rates, rates_as_in_reference, warmup_factor

FALLING_THEN_FLAT = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4] + [0.4] * 30


def test_warmup_as_published():
    assert [round(warmup_factor(e, 5), 2) for e in range(6)] == [0.1, 0.28, 0.46, 0.64, 0.82, 1.0]
    assert warmup_factor(0, 0) == 1.0


def test_after_k_plateaus_the_rate_is_halved_k_times_and_stays():
    found = rates(1e-3, FALLING_THEN_FLAT)
    assert found[:6] == pytest.approx([1e-4, 2.8e-4, 4.6e-4, 6.4e-4, 8.2e-4, 1e-3])
    assert all(later <= earlier + 1e-15 for earlier, later in zip(found[6:], found[7:], strict=False))
    steps = sorted({round(value, 9) for value in found[6:]}, reverse=True)
    assert steps == pytest.approx([1e-3 * 0.5 ** k for k in range(len(steps))])
    assert len(steps) >= 4


def test_reference_cancels_its_own_reductions():
    found = rates_as_in_reference(1e-3, FALLING_THEN_FLAT)[6:]
    assert min(found) == pytest.approx(5e-4)
    reduced = [k for k, value in enumerate(found[:-1]) if value < 9e-4]
    assert reduced and all(found[k + 1] == pytest.approx(1e-3) for k in reduced)


def test_plateau_is_not_counted_during_warmup():
    assert max(rates(1.0, [1.0] * 6)) == pytest.approx(1.0)
    assert rates(1.0, [1.0] * 6)[-1] == pytest.approx(1.0)


def test_warmup_is_honoured_without_plateau():
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(()))], lr=1.0)
    schedule = Schedule(optimiser, "constant", 1, 10, warmup_epochs=2)
    found = []
    for _ in range(4):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
        schedule.observe(1.0)
    assert found == pytest.approx([0.1, 0.55, 1.0, 1.0])


def test_state_survives_saving():
    def make():
        return Schedule(torch.optim.SGD([torch.nn.Parameter(torch.zeros(()))], lr=1.0), "plateau", 2, 100, 1, 0)

    schedule = make()
    for loss in (1.0, 1.0, 1.0, 1.0):
        for _ in range(2):
            schedule.optimizer.step()
            schedule.step()
        schedule.observe(loss)
    again = make()
    again.load_state_dict(schedule.state_dict())
    assert schedule.events > 0
    assert again.get_lr() == schedule.get_lr()


def test_cycle_rises_and_falls_to_zero():
    values = [cycle_factor(step, 100) for step in range(101)]
    assert max(values) == pytest.approx(1.0) and values[-1] == pytest.approx(0.0, abs=1e-9)
    assert values.index(max(values)) == 30


def test_unknown_kind_lists_the_known():
    with pytest.raises(ValueError, match="plateau, one_cycle, constant; found 'cosine'"):
        Schedule(torch.optim.SGD([torch.nn.Parameter(torch.zeros(()))], lr=1.0), "cosine", 1, 1)


def test_a_reduction_reaches_a_rate_that_is_a_tensor():
    """A recorded step reads the rate where it lies, so the tensor itself must change."""
    rate = torch.tensor(1.0)
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(()))], lr=1.0)
    schedule = Schedule(optimiser, "plateau", steps_per_epoch=1, steps=9, warmup_epochs=0, patience=0,
                        factor=0.5)
    optimiser.param_groups[0]["lr"] = rate
    for dev_loss in (1.0, 2.0):
        optimiser.step()
        schedule.step()
        schedule.observe(dev_loss)
    assert optimiser.param_groups[0]["lr"] is rate and float(rate) == 0.5
