"""Words for devices, and what an experiment gets on them; a machine with a GPU is stood in for."""

import os
from types import SimpleNamespace

import pytest
import torch

from quakebook.training import devices, facts, world
from quakebook.training.config import ConfigError, TrainingConfig


@pytest.fixture
def gpu(monkeypatch):
    def there(is_there):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: is_there)

    return there


@pytest.mark.parametrize(("word", "without", "found"), [
    ("auto", ("cpu", 3), ("cuda", 3)), ("cpu", ("cpu", 3), ("cpu", 3)), ("cuda", None, ("cuda", 3)),
    ("cuda:2", None, ("cuda", [2])), ("cuda:0", None, ("cuda", [0])), ("mps", ("mps", 3), ("mps", 3))])
def test_devices_by_name(gpu, word, without, found):
    config = TrainingConfig(device=word, devices=3)
    gpu(True)
    assert devices._device(config) == found
    gpu(False)
    if without is None:
        with pytest.raises(ConfigError, match="torch sees no CUDA device here; use training.device=auto"):
            devices._device(config)
    else:
        assert devices._device(config) == without


@pytest.mark.parametrize("word", ["gpu", "cuda:x", "cuda:-1", "", "tpu:0"])
def test_no_devices(word):
    with pytest.raises(ConfigError, match="must be auto, cpu, cuda, cuda:INDEX or mps"):
        devices._device(SimpleNamespace(device=word, devices=1))


def test_where_data_are_kept(gpu):
    for there, kind in ((True, "cuda"), (False, "cpu")):
        gpu(there)
        assert devices.data_device("auto") == kind and devices.data_device("cuda:1") == "cuda:1"


def test_plain_strategies_keep_their_name():
    for word, accelerator in (("auto", "cpu"), ("auto", "cuda"), ("ddp", "cuda")):
        assert devices._strategy(TrainingConfig(strategy=word), accelerator) == word
    assert devices._strategy(TrainingConfig(strategy="ddp"), "cpu")._process_group_backend == "gloo"


def test_half_precision_needs_a_gpu():
    with pytest.raises(ConfigError, match="16-mixed needs a GPU"):
        devices.fabric_for(TrainingConfig(device="cpu", precision="16-mixed"))
    assert devices.fabric_for(TrainingConfig(device="cpu")).world_size == 1


def test_what_launchers_set_is_put_back(monkeypatch):
    monkeypatch.setenv("MASTER_ADDR", "here")
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    monkeypatch.delenv(world.PARENT, raising=False)
    before = {key: os.environ.get(key) for key in devices._SET_BY_LAUNCHERS}
    os.environ |= {"MASTER_ADDR": "elsewhere", "WORLD_SIZE": "4"}
    devices._restore(before)
    assert os.environ["MASTER_ADDR"] == "here" and "WORLD_SIZE" not in os.environ
    with devices.launched(TrainingConfig(device="cpu")) as fabric:
        assert os.environ[world.PARENT] == str(os.getpid()) and fabric.global_rank == 0
    assert world.PARENT not in os.environ


@pytest.mark.parametrize(("norm", "optimiser", "asked"), [
    (0.5, None, [("net", "opt-net", 0.5)]), (0.5, "other", [("net", "opt-other", 0.5)]), (0.0, None, [])])
def test_gradients_are_clipped_where_a_norm_is_given(norm, optimiser, asked):
    calls = []
    fabric = SimpleNamespace(clip_gradients=lambda network, optimiser, max_norm, error_if_nonfinite: calls.append(
        (network, optimiser, max_norm)))
    experiment = SimpleNamespace(clip_norm=norm, networks={"net": "net"},
                                 optimisers={"net": "opt-net", "other": "opt-other"})
    devices._clipper(experiment, fabric)("net", optimiser)
    assert calls == asked


@pytest.mark.parametrize("made", [None, {}, [torch.nn.Linear(1, 1)], {"a": torch.nn.Linear(1, 1), "b": 3}])
def test_networks_have_names(made):
    experiment = SimpleNamespace(networks=made)
    with pytest.raises(TypeError, match="networks must be a dict of name -> Module"):
        devices._check(experiment, "networks", torch.nn.Module)
    devices._check(SimpleNamespace(networks={"a": torch.nn.Linear(1, 1)}), "networks", torch.nn.Module)


def test_memory_and_name_of_a_gpu(monkeypatch):
    """Megabytes of 10^6 bytes, to a tenth."""
    device = torch.device("cuda", 1)
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda which: 1_234_567_890 if which == device else 0)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda which: f"NVIDIA {which.index}")
    assert facts.peak_memory_mb(device) == 1234.6 and facts.device_name(device) == "NVIDIA 1"
