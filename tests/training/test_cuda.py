"""On a GPU: recorded steps beside eager ones, resumed ones beside whole ones, and the generators of a recorded step."""

import pytest
import torch

pytestmark = pytest.mark.cuda
PRECISIONS = ["32-true", "64-true"]
#: Losses of two bf16 trainings on the CPU that differ in the order of the rows are 2e-4 apart.
BF16 = 1e-2


def both(toys, folder, kind, *more, experiment=None):
    """The eager and the captured training."""
    return [toys.train(kind, folder, "training.device=cuda", f"training.capture={flag}", *more, experiment=experiment)
            for flag in ("false", "true")]


def free_of(toys, kind, precision):
    """What rounding moves in float32; nothing in float64, see `test_agreement.py`."""
    return toys.KINDS[kind].FREE if precision == "32-true" else ()


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("kind", ["plain", "gan"])
@pytest.mark.parametrize("more", [(), ("training.ema_decay=0.9", "training.clip_norm=0.5")], ids=["bare", "more"])
def test_a_captured_graph_equals_eager(toys, agreement, tmp_path, kind, more, precision):
    """With dropout, batch norm, a schedule and (more) averages and clipping: the same numbers up to rounding."""
    runs = both(toys, tmp_path, kind, *more, f"training.precision={precision}")
    agreement.assert_same(*runs, free_of(toys, kind, precision), **agreement.DTYPES[precision])
    agreement.assert_same_losses(*runs, agreement.DTYPES[precision]["rtol"])


def test_a_captured_graph_equals_eager_with_a_drawing_step(toys, agreement, tmp_path):
    class Noisy(toys.Plain):
        def step(self, batch):
            x, y = batch
            return super().step((x + torch.randn(x.shape, generator=self.generator, device=x.device, dtype=x.dtype), y))

    agreement.assert_same(*both(toys, tmp_path, "plain", "training.precision=64-true", experiment=Noisy))


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("name", ["SGD", "AdamW", "RMSprop", "Adamax", "Adadelta", "RAdam"])
def test_each_optimiser_can_be_captured(toys, agreement, tmp_path, name, precision):
    class Other(toys.Plain):
        def configure(self):
            more = {"momentum": 0.9} if name == "SGD" else {}
            made = getattr(torch.optim, name)(self.networks["m"].parameters(), lr=self.settings.lr, **more)
            self.optimisers = {"m": made}
            self.schedulers = {"m": torch.optim.lr_scheduler.CosineAnnealingLR(made, self.total_steps)}

    runs = both(toys, tmp_path / name, "plain", f"training.precision={precision}", experiment=Other)
    agreement.assert_same(*runs, free_of(toys, "plain", precision), **agreement.DTYPES[precision])


def test_a_captured_training_resumes(toys, agreement, tmp_path):
    class Stopping(toys.Plain):
        def batch(self, step):
            if step == 23:
                raise ZeroDivisionError
            return super().batch(step)

    options = ("training.device=cuda", "training.capture=true", "training.checkpoint_every=7",
               "training.precision=64-true")
    with pytest.raises(ZeroDivisionError):
        toys.train("plain", tmp_path / "a", *options, experiment=Stopping)
    agreement.assert_same(toys.train("plain", tmp_path / "a", *options), toys.train("plain", tmp_path / "b", *options))


def test_brain_float_can_be_captured(toys, agreement, tmp_path):
    """Eight bits leave most gradients' last digits open, so losses are compared and no weights."""
    agreement.assert_same_losses(*both(toys, tmp_path, "plain", "training.precision=bf16-mixed"), BF16)


def test_half_precision_with_its_scaler_trains(toys, tmp_path):
    run = toys.train("plain", tmp_path, "training.device=cuda", "training.precision=16-mixed")
    assert run.record["metrics"]["dev"] < 100


def test_the_loop_waits_for_the_device_only_to_log(toys, tmp_path):
    """Batch and step give no host read: CUDA refuses to wait while they run."""
    class Strict(toys.Plain):
        def batch(self, step):
            torch.cuda.set_sync_debug_mode("error" if step else "default")
            return super().batch(step)

        def observe(self, step):
            torch.cuda.set_sync_debug_mode("default")
            super().observe(step)

    try:
        run = toys.train("plain", tmp_path, "training.device=cuda", "training.log_every=1000", experiment=Strict)
        assert run.finished
    finally:
        torch.cuda.set_sync_debug_mode("default")
