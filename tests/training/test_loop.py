"""The loop: what it computes, what it never does inside a step, and what it leaves behind."""

import random

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from quakebook.training.config import ConfigError


def weights(run):
    return run.load_checkpoint("last")["networks"]


def test_equals_a_loop_written_out_by_hand(toys, tmp_path):
    """Oracle: plain PyTorch, no Fabric, the documented seeds."""
    from quakebook.training.loop import BUILDING
    from quakebook.training.seeding import mix

    run = toys.train("plain", tmp_path, "training.clip_norm=0.5")
    torch.manual_seed(mix(42, BUILDING))
    toy = toys.Plain(toys.ToyConfig())
    toy.build()
    toy.total_steps = 40
    toy.configure()
    generator = torch.Generator().manual_seed(mix(42, BUILDING))
    x = torch.randn(256, 4, generator=generator)
    y = x.square().sum(1, keepdim=True)
    for step in range(40):
        torch.manual_seed(mix(42, step))
        rows = torch.randint(256, (32,), generator=generator.manual_seed(mix(42, step)))
        toy.optimisers["m"].zero_grad()
        F.mse_loss(toy.networks["m"](x[rows]), y[rows]).backward()
        torch.nn.utils.clip_grad_norm_(toy.networks["m"].parameters(), 0.5)
        toy.optimisers["m"].step()
        toy.schedulers["m"].step()
    ours = weights(run)["m"]
    for key, value in toy.networks["m"].state_dict().items():
        assert torch.equal(ours[key], value), key


def test_nothing_is_read_back_between_two_log_rows(toys, tmp_path, monkeypatch):
    """Reading a number stalls a GPU: not even averages, schedules and clipping may do it.

    With SGD, since Adam on the CPU reads its own step count (fused or capturable Adam on a GPU does not).
    """
    reads = []

    class Watched(toys.Plain):
        def configure(self):
            self.optimisers = {"m": torch.optim.SGD(self.networks["m"].parameters(), lr=1e-3, momentum=0.9)}
            self.schedulers = {"m": torch.optim.lr_scheduler.StepLR(self.optimisers["m"], 5)}

        def batch(self, step):
            if step == 21:
                for name in ("item", "tolist", "cpu", "numpy", "__bool__", "__float__", "__int__", "__array__"):
                    monkeypatch.setattr(torch.Tensor, name, lambda self, *_, name=name: reads.append(name))
            if step == 29:
                monkeypatch.undo()
            return super().batch(step)

    toys.train("plain", tmp_path, "training.ema_decay=0.9", "training.clip_norm=1", experiment=Watched)
    assert reads == []


def test_moving_average_follows_its_formula(toys, tmp_path):
    class Kept(toys.Plain):
        kept = []

        def observe(self, step):
            self.kept.append(self.original("m")[0].weight.detach().clone())

        def prepare(self, device):
            super().prepare(device)
            self.kept.clear()
            self.kept.append(self.original("m")[0].weight.detach().clone())

        def finish(self, run):
            self.result = run.save_checkpoint("average", self.weights("m"))

    run = toys.train("plain", tmp_path, "training.ema_decay=0.8", experiment=Kept)
    expected = Kept.kept[0].clone()
    for value in Kept.kept[1:]:
        expected = 0.8 * expected + 0.2 * value
    average = run.load_checkpoint("average")
    torch.testing.assert_close(average["0.weight"], expected, rtol=1e-5, atol=1e-6)
    assert torch.equal(average["1.running_mean"], weights(run)["m"]["1.running_mean"]), "buffers follow the network"


@pytest.mark.parametrize(("precision", "dtype"), [("64-true", torch.float64), ("bf16-mixed", torch.float32)])
def test_precision(toys, tmp_path, precision, dtype):
    run = toys.train("plain", tmp_path, f"training.precision={precision}")
    assert weights(run)["m"]["0.weight"].dtype == dtype
    assert run.record["precision"] == precision
    assert np.isfinite(run.record["metrics"]["dev"])


def test_double_precision_losses_are_double(toys, tmp_path):
    class Watched(toys.Plain):
        seen = set()

        def step(self, batch):
            losses = super().step(batch)
            self.seen.add((losses["loss"].dtype, self.networks["m"](batch[0]).dtype, batch[0].dtype))
            return losses

    toys.train("plain", tmp_path, "training.precision=64-true", experiment=Watched)
    assert Watched.seen == {(torch.float64,) * 3}


def test_log_rows_are_means_and_carry_the_learning_rate(toys, tmp_path):
    fine = toys.train("plain", tmp_path, "training.log_every=1").metrics()
    coarse = toys.train("plain", tmp_path, "training.log_every=16").metrics()
    assert list(coarse["step"]) == [16, 32, 40]
    np.testing.assert_allclose(coarse["loss"], [fine["loss"][:16].mean(), fine["loss"][16:32].mean(),
                                                fine["loss"][32:].mean()], rtol=1e-6)
    assert coarse["lr_m"].is_monotonic_decreasing and coarse["lr_m"].iloc[-1] == pytest.approx(0)
    assert coarse["dev"].notna().sum() == 1


def test_validation_keeps_the_best_network(toys, tmp_path):
    class Up(toys.Plain):
        def validate(self, step):
            assert not self.networks["m"].training and not torch.is_grad_enabled()
            return {"dev": abs(step - 20) if step else float("nan")}

    run = toys.train("plain", tmp_path, "training.validate_every=10", experiment=Up)
    assert run.load_checkpoint("best")["step"] == 20
    assert list(run.metrics()["dev"]) == [10, 0, 10, 20]


def test_plateau_schedule_and_early_stop(toys, tmp_path):
    class Flat(toys.Plain):
        def configure(self):
            super().configure()
            self.schedulers = {"m": torch.optim.lr_scheduler.ReduceLROnPlateau(self.optimisers["m"], patience=0)}

        def validate(self, step):
            return {"dev": 1.0}

        def stop_early(self, step):
            return step >= 20

    run = toys.train("plain", tmp_path, "training.validate_every=5", experiment=Flat)
    assert run.finished
    assert run.metrics()["step"].max() == 20
    assert run.load_checkpoint("last")["optimisers"]["m"]["param_groups"][0]["lr"] < 1e-2


def test_a_lost_loss_is_reported_with_its_steps(toys, tmp_path):
    class Lost(toys.Plain):
        def batch(self, step):
            x, y = super().batch(step)
            return (x * float("nan") if step == 14 else x), y

    with pytest.raises(FloatingPointError, match="loss became NaN or infinite between steps 10 and 20"):
        toys.train("plain", tmp_path, experiment=Lost)
    record = toys.runs.Run(next(tmp_path.glob("plain/*/record.json")).parent).record
    assert record["status"] == "failed" and "loss became NaN" in record["error"]


def test_global_state_is_restored(toys, tmp_path):
    torch.manual_seed(5), random.seed(5), np.random.seed(5)
    threads, flags = torch.get_num_threads(), torch.backends.cudnn.deterministic
    state = torch.get_rng_state(), random.getstate(), np.random.get_state()[1].copy()
    toys.train("plain", tmp_path, "training.threads=2", "training.precision=64-true", "training.deterministic=true")
    assert torch.equal(torch.get_rng_state(), state[0])
    assert random.getstate() == state[1] and (np.random.get_state()[1] == state[2]).all()
    assert (torch.get_num_threads(), torch.backends.cudnn.deterministic) == (threads, flags)
    assert torch.get_default_dtype() == torch.float32 and not torch.are_deterministic_algorithms_enabled()


def test_the_result_does_not_depend_on_what_ran_before(toys, same, tmp_path):
    torch.manual_seed(1)
    first = toys.train("gan", tmp_path / "a")
    torch.rand(7)
    assert same(weights(first), weights(toys.train("gan", tmp_path / "b")))
    assert not same(weights(first), weights(toys.train("gan", tmp_path / "b", "training.seed=43")))


@pytest.mark.parametrize(("override", "message"), [
    ("training.device=cuda", "torch sees no CUDA device"),
    ("training.device=tpu", "must be auto, cpu, cuda"),
    ("training.strategy=deepspeed", "^training.strategy=deepspeed needs the package: pip install deepspeed$"),
    ("training.precision=16-mixed", "16-mixed needs a GPU; on the CPU give training.precision=bf16-mixed"),
])
@pytest.mark.skipif(torch.cuda.is_available(), reason="on a GPU these work")
def test_what_is_not_there_is_said(toys, tmp_path, override, message):
    with pytest.raises(ConfigError, match=message):
        toys.train("gan", tmp_path, override)


@pytest.mark.parametrize("hook", ["batch", "step", "networks"])
def test_an_incomplete_experiment_is_named(toys, tmp_path, hook):
    from quakebook.training.experiment import Experiment

    class Half(Experiment):
        def __init__(self, settings):
            if hook != "networks":
                net = torch.nn.Linear(1, 1)
                self.networks, self.optimisers = {"m": net}, {"m": torch.optim.SGD(net.parameters(), lr=1)}
            if hook == "step":
                self.batch = lambda step: torch.zeros(1)

    with pytest.raises(TypeError, match=f"Half.*{hook}"):
        toys.train("plain", tmp_path, experiment=Half)


def test_zero_steps_still_validate_and_finish(toys, tmp_path):
    run = toys.train("plain", tmp_path, "training.steps=0")
    assert run.finished and len(run.metrics()) == 1
