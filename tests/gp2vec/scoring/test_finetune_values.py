"""Rates by depth and step, weights of classes, and what of a network is trained on labels."""

import numpy as np
import pytest
import torch

from quakebook.gp2vec.scoring import finetune
from quakebook.gp2vec.scoring.finetune import Recipe, Supervised, fit_network, predict


def test_numbers_that_nobody_gives():
    """200 updates of 64 windows, a fifth for the head alone, a tenth of the rest to rise; rates 1e-4 and 1e-3."""
    assert Recipe() == Recipe(steps=200, head_share=0.2, batch_size=64, lr=1e-4, head_lr=1e-3, layer_decay=0.9,
                              warmup_share=0.1, weight_decay=0.01, train_encoder=False, scratch=False)
    assert Recipe(steps=1, batch_size=1)
    for wrong in ({"steps": 0}, {"batch_size": 0}):
        with pytest.raises(ValueError, match="must be at least 1"):
            Recipe(**wrong)


def made(tiny, recipe):
    network = Supervised(tiny, 2)
    optimiser, schedule = finetune._optimiser(network, recipe)
    rates = {id(p): (group["initial_lr"], group["weight_decay"]) for group in optimiser.param_groups
             for p in group["params"]}
    return network, optimiser, schedule, rates


def test_rates_fall_from_the_last_block_to_what_stands_before_the_first(tiny):
    """Two blocks, factor 1/2: 0.4, 0.2, and 0.1 for projection and positions; the last norm as the last block."""
    network, optimiser, _, rates = made(tiny, Recipe(lr=0.4, head_lr=3.0, layer_decay=0.5, weight_decay=0.25))
    body = network.body
    for parameter, rate, decay in (
            (network.head.weight, 3.0, 0.25), (network.head.bias, 3.0, 0.0), (network.norm.weight, 3.0, 0.0),
            (body.context.blocks[1].up.weight, 0.4, 0.25), (body.context.blocks[1].up.bias, 0.4, 0.0),
            (body.context.blocks[0].down.weight, 0.2, 0.25), (body.project.weight, 0.1, 0.25),
            (body.mask_vector, 0.1, 0.0), (body.context.position.conv.bias, 0.1, 0.0),
            (body.context.norm.weight, 0.4, 0.0)):
        assert rates[id(parameter)] == (pytest.approx(rate), decay)
    for part in (body.encoder, body.quantiser, body.project_target, body.project_context):
        assert not any(id(p) in rates or p.requires_grad for p in part.parameters())
    assert {(*group["betas"], group["eps"]) for group in optimiser.param_groups} == {(0.9, 0.98, 1e-6)}


def test_from_scratch_all_of_the_body_has_one_rate(tiny):
    network, _, _, rates = made(tiny, Recipe(lr=0.4, head_lr=3.0, layer_decay=0.5, scratch=True))
    assert {rates[id(p)][0] for name, p in network.named_parameters() if id(p) in rates and name.startswith("body.")
            } == {0.4}
    assert id(network.body.encoder.blocks[0].conv.weight) in rates
    again = made(tiny, Recipe(train_encoder=True))
    assert id(again[0].body.encoder.blocks[0].conv.weight) in again[3]


@pytest.mark.parametrize(("scratch", "body"), [
    (False, {0: 0.0, 3: 0.0, 4: 0.25, 5: 0.5, 7: 1.0, 8: 1.0, 14: 0.5, 20: 0.0}),
    (True, {0: 0.2, 4: 1.0, 5: 1.0, 10: 0.75, 20: 0.0})])
def test_rates_rise_and_follow_half_a_cosine(tiny, scratch, body):
    """20 updates: the head rises over a quarter, five; the body waits for a fifth, four, then rises over four of 16."""
    recipe = Recipe(steps=20, head_share=0.2, warmup_share=0.25, lr=1.0, head_lr=1.0, layer_decay=0.5, scratch=scratch)
    network, optimiser, schedule, _ = made(tiny, recipe)
    mine = next(g for g in optimiser.param_groups if any(p is network.head.weight for p in g["params"]))
    other = next(g for g in optimiser.param_groups
                 if any(p is network.body.context.blocks[1].up.weight for p in g["params"]))
    head = {0: 0.2, 1: 0.4, 4: 1.0, 5: 1.0, 10: 0.75, 15: 0.25, 20: 0.0}
    for step in range(21):
        for group, want in ((mine, head), (other, body)):
            if step in want:
                assert group["lr"] / group["initial_lr"] == pytest.approx(want[step], abs=1e-9), step
        optimiser.step()
        schedule.step()


def test_rare_classes_weigh_more_and_absent_ones_nothing():
    """Three of class 0, one of class 1, none of class 2: 4 / (3 x 2) and 4 / (1 x 2)."""
    found = finetune._class_weights(torch.tensor([0, 0, 1, 0]), 3)
    assert found.tolist() == pytest.approx([2 / 3, 2.0, 0.0]) and finetune._class_weights(torch.zeros(3), 0) is None


def test_a_head_starts_at_zero_and_reads_mean_deviation_and_maximum(tiny):
    network = Supervised(tiny, 5)
    assert network.head.weight.shape == (5, 96) and not network.head.weight.any() and not network.head.bias.any()
    assert predict(network.eval(), torch.randn(3, 3, 600)).tolist() == [[0.0] * 5] * 3


def test_numbers_are_fitted_with_one_output(tiny):
    """Two windows of which one has the number 1 and one -1, with a large rate for the head."""
    x = torch.randn(2, 3, 600, generator=torch.Generator().manual_seed(0))
    x[1] *= torch.linspace(0.1, 5, 600)
    recipe = Recipe(steps=40, head_share=1.0, head_lr=0.05, batch_size=8)
    fitted = fit_network(tiny, x, np.array([1.0, -1.0]), recipe, 0)
    found = predict(fitted, x)
    assert found.shape == (2, 1) and found[0, 0] > 0.3 > -0.3 > found[1, 0]
    one_by_one = predict(fitted, x, batch_size=1)
    np.testing.assert_allclose(found, one_by_one, rtol=1e-4, atol=1e-5)
