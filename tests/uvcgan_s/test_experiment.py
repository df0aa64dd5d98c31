"""What a training of the decomposition prepares, step by step, and which networks a method needs."""

from types import SimpleNamespace

import pytest
import torch

from quakebook import uvcgan_s
from quakebook.uvcgan_s import experiment as module

IMAGES = torch.rand(6, 1, 16, 16, generator=torch.Generator().manual_seed(0))


def made(*overrides):
    domains = uvcgan_s.from_arrays(IMAGES, IMAGES, IMAGES, (IMAGES, IMAGES), name="own")
    one = module.DecompositionExperiment(uvcgan_s.config("training.progress=false", *overrides, preset="smoke"),
                                         domains, domains)
    one.build()
    one.device, one.total_steps, one.clip_norm = torch.device("cpu"), 6, 0.5
    one.backward, one.original = torch.Tensor.backward, one.networks.get
    one.configure()
    return one


@pytest.mark.parametrize(("device", "times"), [("cpu", 1), ("meta", 0)])
def test_memory_is_kept_on_a_processor_only(monkeypatch, device, times):
    calls, one = [], made()
    monkeypatch.setattr(module, "keep_freed_memory", lambda: calls.append(1))
    one._domains = {"train": SimpleNamespace(on=lambda *words: SimpleNamespace(check=lambda norm: None))}
    one.prepare(torch.device(device))
    assert len(calls) == times


@pytest.mark.parametrize(("method", "networks"), [
    ("full", ["gen_ab", "gen_ba", "disc_a0", "disc_a1", "disc_b"]), ("identity", ["gen_ba"]), ("paired", ["gen_ba"]),
    ("regression", ["gen_ba"]), ("flow", ["gen_ba"]), ("uvcgan2", ["gen_ab", "gen_ba", "disc_a1", "disc_b"])])
def test_networks_of_a_method(method, networks):
    assert list(made(f"objective.method={method}").networks) == networks


def test_critics_without_a_weight_are_not_built():
    assert "disc_a0" not in made("objective.adversarial_a0=0").networks


@pytest.mark.parametrize(("period", "weights", "due"), [
    (0, [[0, 1, 2], [3, 4, 5], [6, 7, 8]], [True, True, True]), (1, [[0, 1, 2], [0, 1, 2], [3, 4, 5]],
                                                                  [True, False, True])])
def test_each_step_has_its_mixing_weights(period, weights, due):
    """Three critics draw from one list; with a period the weights move on with each computation only."""
    one = made(f"objective.penalty_period={period}")
    one.prepare(torch.device("cpu"))
    batches = [one.batch(step) for step in range(3)]
    drawn = torch.rand(30, generator=torch.Generator().manual_seed(0))
    assert [batch["alpha"].tolist() for batch in batches] == [drawn[rows].tolist() for rows in weights]
    assert [batch["recompute"] for batch in batches] == due
    assert len(one.batch(5)["alpha"]) == 3


def test_rates_and_betas_of_both_sides():
    one = made("optimiser.lr=0.002", "optimiser.critic_lr=0.003")
    found = {side: (o.defaults["lr"], o.defaults["betas"]) for side, o in one.optimisers.items()}
    assert found == {"gen": (0.002, (0.5, 0.99)), "disc": (0.003, (0.5, 0.99))}
    assert set(one.schedulers) == {"gen", "disc"}
    assert set(made("objective.method=identity").optimisers) == {"gen"}


def test_six_decompositions_are_kept_at_each_validation(monkeypatch):
    """Of eight mixtures; the two-domain method has the mixture less its signal for background."""
    images = torch.rand(8, 1, 16, 16)
    monkeypatch.setattr(module, "decompose_all", lambda *words: (images / 4, images / 2))
    for method, background in (("identity", images / 4), ("uvcgan2", images / 2)):
        one = made(f"objective.method={method}")
        monkeypatch.setattr(type(one), "decomposer", lambda self: None)
        one._domains["dev"] = uvcgan_s.from_arrays(images, images, images, (background, images / 2))
        scores = one.validate(7)
        assert one.shown[0].shape == (6, 2, 16, 16) and torch.equal(one.shown[0][:, :1], background[:6])
        assert scores["error"] == 0 and one.history[0]["step"] == 7


def test_losses_that_wait_are_zero():
    """In the warm steps the split of sums is recorded; all other losses of the full step stand at zero."""
    one = made()
    one.prepare(torch.device("cpu"))
    parts = one._all_names({"idt_aa_a0": torch.tensor(2.0), "idt_aa_a1": torch.tensor(3.0)})
    assert len(parts) == 15 and sum(map(float, parts.values())) == 5.0
    one.settings = uvcgan_s.config("objective.penalty=0", "objective.identity_bb=0", "objective.with_cycle=false",
                                   preset="smoke")
    assert len(one._all_names({})) == 6
