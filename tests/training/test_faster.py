"""Faster steps, same result: captured and compiled trainings beside eager ones."""

import pytest
import torch

from quakebook.training.config import ConfigError


def weights(run):
    return run.load_checkpoint("last")["networks"]


@pytest.mark.parametrize("kind", ["plain", "gan"])
def test_capture_equals_eager(toys, same, tmp_path, kind):
    more = ("training.ema_decay=0.9",) if kind == "plain" else ()
    eager = toys.train(kind, tmp_path, *more)
    captured = toys.train(kind, tmp_path, "training.capture=true", *more)
    assert captured.id != eager.id
    assert same(weights(eager), weights(captured))
    assert same(eager.load_checkpoint("model"), captured.load_checkpoint("model"))


def test_capture_resumes_with_the_same_bits(toys, same, tmp_path):
    class Stopping(toys.Plain):
        def batch(self, step):
            if step == 23:
                raise ZeroDivisionError
            return super().batch(step)

    options = ("training.capture=true", "training.checkpoint_every=7")
    with pytest.raises(ZeroDivisionError):
        toys.train("plain", tmp_path / "a", *options, experiment=Stopping)
    resumed, whole = toys.train("plain", tmp_path / "a", *options), toys.train("plain", tmp_path / "b", *options)
    assert same(weights(resumed), weights(whole))


def test_capture_refuses_what_it_cannot_undo(toys, tmp_path):
    class Averaged(toys.Plain):
        def configure(self):
            self.optimisers = {"m": torch.optim.NAdam(self.networks["m"].parameters())}

    with pytest.raises(ConfigError, match="NAdam.*use one of Adam"):
        toys.train("plain", tmp_path, "training.capture=true", experiment=Averaged)


def test_capture_refuses_batches_of_changing_shape(toys, tmp_path):
    class Ragged(toys.Gan):
        def batch(self, step):
            return super().batch(step)[: 8 + step]

    with pytest.raises(ConfigError, match=r"one shape; the first had \(8, 2\)"):
        toys.train("gan", tmp_path, "training.capture=true", experiment=Ragged)


def test_capture_leaves_the_random_numbers_of_a_step_as_they_are(toys, same, tmp_path):
    """A step that goes on drawing from the generator of its batch gets what the eager step gets."""

    class Noisy(toys.Plain):
        def step(self, batch):
            x, y = batch
            noise = torch.randn(x.shape, generator=self.generator, device=x.device)
            return super().step((x + noise, y))

    eager, captured = (toys.train("plain", tmp_path / word, f"training.capture={word}", experiment=Noisy)
                       for word in ("false", "true"))
    assert same(weights(eager), weights(captured))


def test_capture_refuses_numbers_that_change_outside_tensors(toys, tmp_path):
    class Counting(toys.Plain):
        def batch(self, step):
            return super().batch(step)[0], {"y": super().batch(step)[1]["y"], "step": step}

    with pytest.raises(ConfigError, match="as it was first, 0; this batch has 1"):
        toys.train("plain", tmp_path, "training.capture=true", experiment=Counting)


def test_a_captured_sgd_reads_no_rate_back(toys):
    """Only its fused form takes a rate that is a tensor as it is: plain and foreach forms make a number of it."""
    from quakebook.training.capture import _make_capturable

    weight = torch.nn.Parameter(torch.tensor([1.0, 2.0]))
    optimiser = torch.optim.SGD([weight], lr=0.5, momentum=0.9)
    _make_capturable(optimiser, torch.device("cpu"))
    assert optimiser.param_groups[0]["fused"] is True
    for expected in ([0.5, 1.5], [-0.45, 0.55]):  # steps of 0.5, then 0.5 * 1.9
        weight.grad = torch.ones(2)
        optimiser.step()
        assert weight.tolist() == pytest.approx(expected)


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf:UserWarning")  # torch's tracer
@pytest.mark.parametrize("kind", ["plain", "gan"])
def test_compiled_networks_equal_eager_ones(toys, same, tmp_path, monkeypatch, kind):
    """Traced whole, run without code generation (which takes a minute): the same bits and the same names."""
    from quakebook.training import devices

    graphs = []

    def backend(graph, _inputs):
        graphs.append(graph)
        return graph

    monkeypatch.setattr(devices, "COMPILE", {"backend": backend})
    torch._dynamo.reset()
    compiled = toys.train(kind, tmp_path, "training.compile=true", "training.steps=10")
    assert graphs
    assert same(weights(compiled), weights(toys.train(kind, tmp_path, "training.steps=10")))
