"""On a GPU: recorded steps beside eager ones, resumed ones beside whole ones, and the generators of a recorded step."""

import pytest
import torch

pytestmark = pytest.mark.cuda
CLOSE = {"rtol": 1e-4, "atol": 1e-5}


def weights(run):
    return run.load_checkpoint("last")["networks"]


def assert_close(a, b, **tolerance):
    for name, network in weights(a).items():
        for key, value in network.items():
            torch.testing.assert_close(weights(b)[name][key], value, **(tolerance or CLOSE))


@pytest.mark.parametrize("kind", ["plain", "gan"])
@pytest.mark.parametrize("more", [(), ("training.ema_decay=0.9", "training.clip_norm=0.5")], ids=["bare", "more"])
def test_a_captured_graph_equals_eager(toys, tmp_path, kind, more):
    """With dropout, batch norm, a schedule and (more) averages and clipping: the same numbers up to rounding."""
    runs = [toys.train(kind, tmp_path, "training.device=cuda", f"training.capture={flag}", *more)
            for flag in ("false", "true")]
    assert_close(*runs)


def test_a_captured_graph_equals_eager_with_a_drawing_step(toys, tmp_path):
    class Noisy(toys.Plain):
        def step(self, batch):
            x, y = batch
            return super().step((x + torch.randn(x.shape, generator=self.generator, device=x.device), y))

    assert_close(*(toys.train("plain", tmp_path, "training.device=cuda", f"training.capture={flag}", experiment=Noisy)
                   for flag in ("false", "true")))


@pytest.mark.parametrize("name", ["SGD", "AdamW", "RMSprop", "Adamax", "Adadelta", "RAdam"])
def test_each_optimiser_can_be_captured(toys, tmp_path, name):
    class Other(toys.Plain):
        def configure(self):
            more = {"momentum": 0.9} if name == "SGD" else {}
            made = getattr(torch.optim, name)(self.networks["m"].parameters(), lr=self.settings.lr, **more)
            self.optimisers = {"m": made}
            self.schedulers = {"m": torch.optim.lr_scheduler.CosineAnnealingLR(made, self.total_steps)}

    assert_close(*(toys.train("plain", tmp_path / name, "training.device=cuda", f"training.capture={flag}",
                              experiment=Other) for flag in ("false", "true")), rtol=1e-3, atol=1e-4)


def test_a_captured_training_resumes(toys, tmp_path):
    class Stopping(toys.Plain):
        def batch(self, step):
            if step == 23:
                raise ZeroDivisionError
            return super().batch(step)

    options = ("training.device=cuda", "training.capture=true", "training.checkpoint_every=7")
    with pytest.raises(ZeroDivisionError):
        toys.train("plain", tmp_path / "a", *options, experiment=Stopping)
    assert_close(toys.train("plain", tmp_path / "a", *options), toys.train("plain", tmp_path / "b", *options))


@pytest.mark.parametrize("precision", ["bf16-mixed", "64-true"])
def test_other_precisions_can_be_captured(toys, tmp_path, precision):
    tolerance = {"rtol": 2e-2, "atol": 2e-2} if precision == "bf16-mixed" else CLOSE
    assert_close(*(toys.train("plain", tmp_path, "training.device=cuda", f"training.precision={precision}",
                              f"training.capture={flag}") for flag in ("false", "true")), **tolerance)


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
