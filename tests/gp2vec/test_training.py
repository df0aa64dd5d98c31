"""Training: exact resume, chance at the start, learning, two processes."""

import json
import os
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file

from quakebook import gp2vec
from quakebook.gp2vec.data.windows import cut
from quakebook.gp2vec.experiment import MODEL_FILE, NAME, Pretrain, build, objective_of, parameter_groups, rate_share
from quakebook.gp2vec.objective.pretraining import GP2Vec, Objective
from quakebook.training.config import ConfigError


def test_smoke_run_reports(smoke_run):
    metrics = smoke_run.record["metrics"]
    assert {"dev_gap", "dev_chance", "dev_code_perplexity", "dev_used_codes"} <= set(metrics)
    assert {f"probe.{task}" for task in ("phase", "P", "S", "kind", "SP", "M")} <= set(metrics)
    assert 0.3 < metrics["dev_masked_fraction"] < 0.6


def test_evaluation_reads_the_settings_of_the_run(smoke_run):
    again = gp2vec.evaluate(smoke_run, "dev")
    assert again["gap"] == pytest.approx(smoke_run.record["metrics"]["dev_gap"], abs=1e-5)
    assert gp2vec.settings_of(smoke_run) == gp2vec.config(preset="smoke")
    assert gp2vec.open_run(smoke_run.path).id == smoke_run.id


def test_loss_starts_at_chance():
    torch.manual_seed(0)
    model = GP2Vec(size="tiny", fusion="none").eval()
    out = model(torch.randn(8, 3, 3000))
    assert abs(float(out.gap.detach())) < 0.3
    assert float(out.chance.detach()) == pytest.approx(4.615, abs=0.02)
    assert float(out.accuracy.detach()) < 0.06


def test_resume_is_exact(tmp_path, monkeypatch):
    """Stopped by an error after two of four steps, then started again: the same weights, bit by bit."""
    settings = gp2vec.config("evaluation.probe=false", preset="smoke")
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "whole"))
    whole = gp2vec.train(settings)
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "parts"))
    step, count = Pretrain.step, []

    def failing(self, batch):
        count.append(1)
        if len(count) == 4:
            raise RuntimeError("power cut")
        return step(self, batch)

    with monkeypatch.context() as patch:
        patch.setattr(Pretrain, "step", failing)
        with pytest.raises(RuntimeError, match="power cut"):
            gp2vec.train(settings)
    parts = gp2vec.train(settings)
    first, second = (load_file(run.path / MODEL_FILE) for run in (whole, parts))
    assert set(first) == set(second) and all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("quantiser", ["ema", "none"])
def test_gap_to_chance_opens_on_one_batch(quantiser, pool):
    """Gumbel noise keeps a network at chance for longer than a test may take; its gradients are checked elsewhere."""
    rows = torch.nonzero(pool.kind == 2)[:16, 0]
    waves = cut(pool.waveforms, rows, pool.fixed_starts(3000)[rows], 3000)
    torch.manual_seed(0)
    model = build(gp2vec.config(f"network.quantiser={quantiser}", "network.codes=64", "network.width=64",
                                "objective.negatives=50", preset="smoke"))
    optimiser = torch.optim.AdamW(parameter_groups(model, 0.01), lr=1e-3)
    gaps = []
    for step in range(60):
        out = model(waves, generator=torch.Generator().manual_seed(step))
        optimiser.zero_grad()
        out.loss.backward()
        optimiser.step()
        gaps.append(float(out.gap))
    assert abs(gaps[0]) < 2 and sum(gaps[-5:]) / 5 > 0.3


def test_decay_acts_on_matrices_only():
    model = GP2Vec(size="tiny", width=32, depth=1)
    decayed, plain = (group["params"] for group in parameter_groups(model, 0.1))
    assert len(decayed) + len(plain) == len(list(model.parameters()))
    assert any(p is model.quantiser.book for p in plain) and any(p is model.mask_vector for p in plain)
    assert all(p.ndim >= 2 for p in decayed)


def test_learning_rate_by_hand():
    rule = gp2vec.config("optimiser.warmup_steps=10", "optimiser.min_lr_share=0.1").optimiser
    assert rate_share(0, 110, rule) == pytest.approx(0.1)
    assert rate_share(9, 110, rule) == rate_share(10, 110, rule) == 1.0
    assert rate_share(60, 110, rule) == pytest.approx(0.55)
    assert rate_share(110, 110, rule) == pytest.approx(0.1)


def test_captured_step_equals_the_eager_one(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    runs = [gp2vec.train(gp2vec.config("evaluation.probe=false", f"training.capture={each}", preset="smoke"))
            for each in ("false", "true")]
    first, second = (load_file(run.path / MODEL_FILE) for run in runs)
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("precision", ["bf16-mixed", "64-true"])
def test_other_precisions(tmp_path, monkeypatch, precision):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    run = gp2vec.train(gp2vec.config(f"training.precision={precision}", "evaluation.probe=false", "training.steps=2",
                                     preset="smoke"))
    assert run.finished


@pytest.mark.parametrize("override", [
    "data.window_s=1", "data.low_hz=46", "objective.negatives=0", "optimiser.lr=-1", "network.dropout=1.5",
    "network.channels=[8,8]", "objective.temperature_end=3", "evaluation.probe_records=3", "data.batch_size=0",
    "network.tasks=[weather]", "objective.kappa=nan", "training.strategy=fsdp"])
def test_wrong_settings_are_refused(override):
    with pytest.raises(ConfigError):
        gp2vec.config(override)


@pytest.mark.parametrize("override", ["network.heads=7", "network.code_width=7", "data.window_s=5",
                                      "network.fusion_layers=[9]"])
def test_settings_that_do_not_fit_are_refused_before_anything_is_made(override, tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    with pytest.raises(ConfigError):
        gp2vec.train(gp2vec.config(override, "network.rate=draft160", preset="smoke"))
    assert not list(tmp_path.iterdir())


def test_every_objective_setting_reaches_the_objective():
    rule = objective_of(gp2vec.config("objective.negatives=7", "objective.kappa=0.2", "objective.mask_length=3",
                                      "objective.cross_negatives=5").objective)
    assert isinstance(rule, Objective)
    assert (rule.negatives, rule.kappa, rule.mask.length, rule.cross_negatives) == (7, 0.2, 3, 5)


WORKER = """
import json, os, sys
import torch
from quakebook import gp2vec
from quakebook.gp2vec import experiment
from quakebook.gp2vec.data import windows
seen = []
original = windows.shuffled
def watched(*arguments):
    rows = original(*arguments)
    seen.extend(rows.tolist())
    return rows
windows.shuffled = watched
finish = experiment.Pretrain.finish
def watched_finish(self, run):
    rank = self.rank
    state = {k: v.double().sum().item() for k, v in self.original("gp2vec").state_dict().items()}
    with open(os.path.join(sys.argv[1], f"rank{rank}.json"), "w") as file:
        json.dump({"seen": seen, "state": state}, file)
    finish(self, run)
experiment.Pretrain.finish = watched_finish
gp2vec.train(gp2vec.config("training.devices=2", "training.strategy=ddp", "evaluation.probe=false",
                           "training.steps=3", "training.device=cpu", *sys.argv[2:], preset="smoke"))
"""


@pytest.mark.parametrize("options", [[], ["network.quantiser=gumbel", "network.fusion=add"]])
def test_two_processes_end_with_equal_weights_and_see_other_records(tmp_path, options):
    script = tmp_path / "worker.py"
    script.write_text(WORKER)
    env = {**os.environ, "QUAKEBOOK_RUNS": str(tmp_path / "runs"), "OMP_NUM_THREADS": "1", "QUAKEBOOK_BATCH": "1"}
    subprocess.run([sys.executable, str(script), str(tmp_path), *options], env=env, check=True, timeout=240,
                   capture_output=True)
    first, second = (json.loads((tmp_path / f"rank{rank}.json").read_text()) for rank in (0, 1))
    assert first["state"] == second["state"]
    assert len(first["seen"]) == len(second["seen"]) == 12 and not set(first["seen"]) & set(second["seen"])


def test_name_of_the_network():
    assert NAME == "gp2vec"
