"""Fully sharded training on two processes of this machine: the network of DDP, to rounding."""

import pytest
import torch
from safetensors.torch import load_file

from quakebook import gp2vec
from quakebook.gp2vec.data.splits import load
from quakebook.gp2vec.experiment import MODEL_FILE
from quakebook.training.config import ConfigError

pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


def settings(strategy):
    return gp2vec.config(f"training.strategy={strategy}", "training.devices=2", "training.device=cpu",
                         "network.quantiser=gumbel", "network.fusion=add", "network.dropout=0.1",
                         "evaluation.probe=false", "training.progress=false", preset="smoke")


def train(strategy, pools):
    gp2vec.train(settings(strategy), pools)


@pytest.mark.slow
def test_sharded_weights_are_those_of_ddp(tmp_path, monkeypatch, two_processes):
    found, pools = {}, {split: load(settings("ddp").data, split) for split in ("train", "dev")}
    for strategy in ("ddp", "fsdp"):
        monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / strategy))
        assert two_processes(train, strategy, pools) == [0, 0]
        run = gp2vec.open_run(next((tmp_path / strategy).rglob("record.json")).parent)
        state = run.load_checkpoint("last")["networks"]["gp2vec"]
        weights = load_file(run.path / MODEL_FILE)
        assert all(torch.equal(state[name], value) for name, value in weights.items())
        found[strategy] = weights, run.record["metrics"]
    (plain, first), (sharded, second) = found["ddp"], found["fsdp"]
    assert set(plain) == set(sharded)
    for name, value in plain.items():
        torch.testing.assert_close(sharded[name], value, rtol=1e-4, atol=2e-5)
    assert second["dev_gap"] == pytest.approx(first["dev_gap"], abs=1e-3)


def test_an_averaged_codebook_is_refused():
    with pytest.raises(ConfigError, match="network.quantiser=gumbel"):
        gp2vec.config("training.strategy=fsdp", "network.quantiser=ema")
