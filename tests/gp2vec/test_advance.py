"""Schedules of a step, of a fine-tuning, and the tremor that is laid over noise, by hand."""

import math
from types import SimpleNamespace

import pytest
import torch

from quakebook import gp2vec
from quakebook.gp2vec.data import tremor
from quakebook.gp2vec.data.windows import bandpass
from quakebook.gp2vec.experiment import Pretrain
from quakebook.gp2vec.networks.heads import REVERSAL
from quakebook.gp2vec.objective.temperature import temperature
from quakebook.gp2vec.studies import real_records


def test_reversal_rises_from_zero_and_the_noise_cools():
    """2 / (1 + exp(-10 p)) - 1: 0 at the start, 0.9866 at half, 0.99991 at the end (Ganin and others 2016)."""
    cfg = gp2vec.config("training.steps=100")
    model = SimpleNamespace(quantiser=SimpleNamespace(temperature=torch.zeros(())),
                            multitask=SimpleNamespace(strength=torch.zeros(())))
    strengths = []
    for step in (0, 50, 100):
        Pretrain._advance(SimpleNamespace(settings=cfg), model, step)
        strengths.append(float(model.multitask.strength) / REVERSAL)
        want = temperature(step, 100, cfg.objective.temperature_start, cfg.objective.temperature_end, "scaled")
        assert float(model.quantiser.temperature) == pytest.approx(want)
    assert strengths == pytest.approx([0.0, math.tanh(2.5), math.tanh(5.0)], abs=1e-6)


def test_tremor_stands_in_the_middle_between_its_levels():
    noise = 2 * torch.randn(200, 3, 9000, generator=torch.Generator().manual_seed(0))
    made = tremor.add_tremor(noise, torch.Generator().manual_seed(1)) - noise
    band = bandpass(made, *tremor.BAND_HZ)
    assert float((band - made).std() / made.std()) < 0.2, "it lies in its band, but for its modulation"
    assert float(made[..., :300].abs().max()) < 0.5 * float(made.abs().max())
    level = bandpass(noise, *tremor.BAND_HZ).std(-1)
    peak = made.unfold(-1, 500, 100).std(-1).amax(-1) / level
    decibel = 20 * torch.log10(peak)
    assert float(decibel.min()) > -8 and float(decibel.max()) < 28 and 4 < float(decibel.median()) < 16
    assert tremor.LEVEL_DB == (0.0, 15.0) and tremor.LENGTH_S == (25.0, 75.0) and tremor.BAND_HZ == (1.2, 7.0)


def test_several_rivals_give_the_widest_interval(monkeypatch):
    answers = {"untrained.0": (0.1, 0.0, 0.2), "untrained.1": (0.3, 0.1, 0.4), "handcrafted": (0.5, 0.4, 0.6),
               "trees": (-0.1, -0.2, 0.0)}
    monkeypatch.setattr(real_records, "bootstrap_difference", lambda first, rival, task, draws: answers[rival])
    found = real_records._differences("own.minus", {"pretrained": "p", **{name: name for name in answers}}, "P", 9)
    assert found == pytest.approx({
        "own.minus_untrained.P": 0.2, "own.minus_untrained.P.low": 0.0, "own.minus_untrained.P.high": 0.4,
        "own.minus_handcrafted.P": 0.5, "own.minus_handcrafted.P.low": 0.4, "own.minus_handcrafted.P.high": 0.6,
        "own.minus_trees.P": -0.1, "own.minus_trees.P.low": -0.2, "own.minus_trees.P.high": 0.0})
