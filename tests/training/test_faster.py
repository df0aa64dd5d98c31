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


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_captured_graph_equals_eager_on_cuda(toys, tmp_path):
    runs = [toys.train("gan", tmp_path, "training.device=cuda", f"training.capture={flag}") for flag in (False, True)]
    for name, network in weights(runs[0]).items():
        for key, value in network.items():
            torch.testing.assert_close(weights(runs[1])[name][key], value, rtol=1e-4, atol=1e-5)
