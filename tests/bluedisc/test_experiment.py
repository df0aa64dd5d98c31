"""What a training prepares, and which windows its validations see."""

from types import SimpleNamespace

import pytest
import torch

from quakebook.bluedisc import experiment as module
from quakebook.bluedisc.networks.generator import SHARED_FORWARD_MOMENTUM
from quakebook.bluedisc.settings import config


def made(*overrides, mode="bce"):
    return module.PickerExperiment(config(f"objective.mode={mode}", *overrides, preset="smoke"), None, None)


@pytest.mark.parametrize(("device", "times"), [("cpu", 1), ("meta", 0)])
def test_memory_is_kept_on_a_processor_only(monkeypatch, device, times):
    calls = []
    monkeypatch.setattr(module, "keep_freed_memory", lambda: calls.append(1))
    monkeypatch.setattr(module, "Samples", lambda records, label: (records, label))
    recorder = SimpleNamespace(steps=[1, 4], windows=SimpleNamespace(x=0, y=0))
    monkeypatch.setattr(module, "Recorder", lambda *words: recorder)
    monkeypatch.setattr(module, "TrackedScores", lambda *words: None)
    one = made()
    one._records = {name: SimpleNamespace(to=lambda device, name=name: (name, str(device)))
                    for name in ("train", "dev")}
    one.prepare(torch.device(device))
    assert len(calls) == times and one._kept == {1, 4}
    assert one.train_samples == (("train", device), "N") and one.dev_samples == (("dev", device), "N")


def test_the_last_validations_see_all_windows(monkeypatch):
    """Ten steps, a validation every other, the last two whole: after steps 8 and 10."""
    seen = []
    monkeypatch.setattr(module, "evaluate_generator", lambda picker, samples, settings, limit: seen.append(limit) or
                        SimpleNamespace(metrics=dict))
    one = made("training.steps=10", "training.validate_every=2", "evaluation.last=2", "evaluation.windows_before=9")
    one.dev_samples = None
    monkeypatch.setattr(module.PickerExperiment, "picker", None)
    for step in (2, 4, 6, 8, 10):
        one.validate(step)
    assert seen == [9, 9, 9, 0, 0]
    assert [(row["step"], row["whole"]) for row in one.history] == [(2, 0), (4, 0), (6, 0), (8, 1), (10, 1)]


@pytest.mark.parametrize(("mode", "networks"), [("bce", {"generator"}), ("gan", {"generator", "discriminator"})])
def test_adversaries_share_one_forward(mode, networks):
    """Three published updates of running statistics with momentum 0.1 in one: 1 - 0.9^3 = 0.271; 0.1 without."""
    one = made(mode=mode)
    one.build()
    norms = {layer.momentum for layer in one.networks["generator"].modules()
             if isinstance(layer, torch.nn.BatchNorm1d)}
    assert set(one.networks) == networks
    assert norms == {SHARED_FORWARD_MOMENTUM if mode == "gan" else 0.1}
    assert pytest.approx(0.271) == SHARED_FORWARD_MOMENTUM
    if mode == "gan":
        judge = one.networks["discriminator"]
        assert judge.slope == 0.1 and {(norm.momentum, norm.eps) for norm in judge.norm} == {(0.1, 1e-5)}
        assert [(c.kernel_size[0], c.stride[0], c.padding[0], c.bias) for c in judge.conv] == [
            (11, 2, 1, None), (11, 2, 1, None), (5, 2, 1, None)]


def test_both_networks_have_adam_with_rates_of_their_own():
    one = made("optimiser.lr=0.002", "optimiser.discriminator_lr=0.003", mode="hybrid")
    one.build()
    one.device = torch.device("cpu")
    one.configure()
    assert {name: (o.defaults["lr"], o.defaults["betas"], o.defaults["eps"]) for name, o in one.optimisers.items()} == {
        "generator": (0.002, (0.0, 0.999), 1e-8), "discriminator": (0.003, (0.0, 0.999), 1e-8)}
