"""What rounding does to trainings that should be equal: the ground on which recorded steps are compared on a GPU.

Two eager trainings on the CPU that differ in the order of the rows of a batch, or in the arithmetic of the optimiser's
recordable form, stand for the eager and the recorded training on a GPU.
"""

from unittest import mock

import pytest
import torch

#: Those that divide by the gradient's size.
DIVIDING = ("Adam", "AdamW", "RMSprop", "Adamax", "RAdam")
CHECKS = {"Adam": "adam", "AdamW": "adam", "RMSprop": "rmsprop", "Adamax": "adamax", "RAdam": "radam",
          "Adadelta": "adadelta"}


@pytest.fixture
def trained(toys, tmp_path, agreement):
    """A function: weights after a training of the plain toy without dropout; what happens to batch and optimiser."""

    def train(name, precision, flip=False, recordable=False, damage=None):
        class Changed(toys.Plain):
            def build(self):
                super().build()
                self.networks["m"][2].p = 0.0
                self.gradients = {}

            def configure(self):
                super().configure()
                made = getattr(torch.optim, name)(self.networks["m"].parameters(), lr=self.settings.lr)
                self.optimisers, self.schedulers = {"m": made}, {
                    "m": torch.optim.lr_scheduler.CosineAnnealingLR(made, self.total_steps)}
                if recordable:
                    from quakebook.training.capture import _make_capturable

                    _make_capturable(made, torch.device("cpu"))

            def batch(self, step):
                x, y = super().batch(step)
                x, y = (x.flip(0), {"y": y["y"].flip(0)}) if flip else (x, y)
                return (x, y) if damage is None else damage(self, step, x, y)

            def step(self, batch):
                losses = super().step(batch)
                for key, each in self.original("m").named_parameters():
                    self.gradients.setdefault(f"m.{key}", []).append(each.grad.abs().max().item())
                return losses

        made = []
        run = toys.train("plain", tmp_path / f"{name}{precision}{flip}{recordable}{damage}",
                         f"training.precision={precision}",
                         experiment=lambda settings: made.append(Changed(settings)) or made[0])
        return agreement.weights(run), made[0].gradients

    return train


@pytest.mark.parametrize("name", DIVIDING)
def test_rounding_moves_only_what_has_no_gradient(toys, agreement, trained, name):
    """In float32 the bias before the batch norm goes its own way by whole steps; all else stays within 1e-5."""
    (weights, _), (flipped, _) = trained(name, "32-true"), trained(name, "32-true", flip=True)
    moved = agreement.apart(weights, flipped, rtol=0, atol=1e-5)
    assert set(moved) == set(toys.Plain.FREE) and min(moved.values()) > 1e-3
    assert agreement.apart(weights, flipped, toys.Plain.FREE, **agreement.SINGLE) == {}


def test_what_has_no_gradient_is_known(toys, trained):
    """In float64 the largest gradient of the free bias is rounding, those of the others are not."""
    _, gradients = trained("Adam", "64-true")
    largest = {name: max(values) for name, values in gradients.items()}
    assert {name for name, value in largest.items() if value < 1e-13} == {
        name for name in toys.Plain.FREE if not name.endswith("running_mean")}
    assert min(value for name, value in largest.items() if name not in toys.Plain.FREE) > 1e-2


def test_without_division_rounding_moves_nothing(agreement, trained):
    (weights, _), (flipped, _) = trained("SGD", "32-true"), trained("SGD", "32-true", flip=True)
    assert agreement.apart(weights, flipped, rtol=0, atol=1e-6) == {}


@pytest.mark.parametrize("name", [*DIVIDING, "SGD", "Adadelta"])
def test_in_float64_everything_agrees(agreement, trained, name):
    """Order of the rows: 1e-8 at most, at the free bias. Recordable arithmetic: the rate in float32."""
    (weights, _), (flipped, _) = trained(name, "64-true"), trained(name, "64-true", flip=True)
    assert agreement.apart(weights, flipped, rtol=0, atol=1e-7) == {}
    assert agreement.apart(weights, recordable(trained, name, "64-true")) == {}


@pytest.mark.parametrize("name", ["Adam", "RAdam"])
def test_recordable_arithmetic_in_float32_moves_the_rest_little(toys, agreement, trained, name):
    (weights, _), other = trained(name, "32-true"), recordable(trained, name, "32-true")
    assert agreement.apart(weights, other, toys.Plain.FREE, **agreement.SINGLE) == {}


def recordable(trained, name, precision):
    """Weights after a training with the form of the optimiser that a CUDA graph takes; torch hides it on the CPU."""
    if name == "SGD":
        return trained(name, precision, recordable=True)[0]
    module = f"torch.optim.{CHECKS[name]}._get_capturable_supported_devices"
    with mock.patch(module, lambda **_: ["cpu"]):
        return trained(name, precision, recordable=True)[0]


def late(experiment, step, x, y):
    """The batch of the step before, as a recorded step whose buffer is filled too late would see it."""
    kept, experiment.kept = getattr(experiment, "kept", (x, y)), (x, y)
    return kept


def warm(experiment, step, x, y):
    """Statistics of batch norm as one warm-up step too many leaves them."""
    if step == 0:
        experiment.original("m")[1].running_var.mul_(0.9)
    return x, y


def frozen(experiment, step, x, y):
    """A learning rate that stays what it was when the step was recorded."""
    for group in experiment.optimisers["m"].param_groups:
        group["lr"] = experiment.settings.lr
    return x, y


@pytest.mark.parametrize("damage", [late, warm, frozen])
def test_the_comparison_sees_what_a_recorded_step_gets_wrong(agreement, trained, damage):
    assert agreement.apart(trained("Adam", "64-true")[0], trained("Adam", "64-true", damage=damage)[0])
