"""The flow by hand: pairs, Euler steps, what is left of a mixture, and a flow that can be learned."""

from __future__ import annotations

import pytest
import torch

from quakebook import uvcgan_s
from quakebook.training.config import ConfigError
from quakebook.uvcgan_s.data.norms import Identity
from quakebook.uvcgan_s.networks.checkpoint import load_generators, save_generators
from quakebook.uvcgan_s.networks.flow import STEPS, BackgroundFlow, decomposer
from quakebook.uvcgan_s.objective.flow import FlowTrainer, partners

OVERRIDES = ("objective.method=flow", "training.progress=false")


class Constant(BackgroundFlow):
    """A velocity of -0.25 everywhere, and the times at which it was asked for."""

    def forward(self, image, time=None):
        if time is None:
            return super().forward(image)
        self.asked.append(float(time.flatten()[0]))
        return torch.full_like(image, -0.25)


def settings(*overrides):
    return uvcgan_s.config(*OVERRIDES, *overrides, preset="smoke")


def test_pairs_with_the_least_sum_of_squares():
    """0 - 1 and 2 - 5 cost 10; the greedy pairs 2 - 1 and 0 - 5 cost 26."""
    start, end = torch.tensor([[2.0], [0.0]]), torch.tensor([[1.0], [5.0]])
    assert partners(start[:, None, None], end[:, None, None]).tolist() == [1, 0]


def test_a_constant_velocity_moves_by_itself_and_the_rest_is_the_signal():
    config = settings("objective.sum_scale=0.5")
    flow = Constant((1, 16, 16), config.network, config.objective)
    flow.asked = []
    both = flow(torch.full((2, 1, 16, 16), 0.4))
    assert flow.asked == [k / STEPS for k in range(STEPS)]
    torch.testing.assert_close(both[:, :1], torch.full((2, 1, 16, 16), 0.15))  # 0.4 - 0.25
    torch.testing.assert_close(both[:, 1:], torch.full((2, 1, 16, 16), 0.65))  # 0.4 / 0.5 - 0.15
    assert float(flow(torch.full((1, 1, 16, 16), -0.9))[:, 1:].max()) == 0  # -1.8 + 1.15 is below zero


def test_with_a_norm_the_rest_is_taken_in_image_values():
    config = settings("objective.norm=log")
    flow = Constant((1, 16, 16), config.network, config.objective)
    flow.asked = []
    mixture = 2.0
    both = flow(torch.full((1, 1, 16, 16), mixture + 0.1).log())
    background = (mixture + 0.1) * torch.tensor(-0.25).exp() - 0.1
    torch.testing.assert_close(both[:, 1:].exp() - 0.1, (mixture - background).expand(1, 1, 16, 16))


def test_a_shift_is_learned():
    """Backgrounds are mixtures less 0.5, in other rows: with the right pairs every velocity is -0.5."""
    torch.manual_seed(0)
    config = settings("optimiser.lr=1e-2")
    flow = decomposer(config.network, config.objective, (1, 16, 16), 2)
    trainer = FlowTrainer(config.objective, Identity(), {"gen_ba": flow},
                          {"gen": torch.optim.Adam(flow.parameters(), lr=1e-2)})
    mixtures = torch.linspace(0.5, 2, 8)[:, None, None, None].expand(-1, 1, 16, 16)
    losses = [float(trainer.flow({"b": mixtures, "a0": mixtures.flip(0) - 0.5})["flow"]) for _ in range(60)]
    assert losses[-1] < 0.02 < losses[0]
    with torch.no_grad():
        torch.testing.assert_close(flow(mixtures)[:, :1], mixtures - 0.5, atol=0.2, rtol=0)


def test_weights_come_back_from_a_file(tmp_path):
    torch.manual_seed(0)
    config = settings("objective.sum_scale=0.5")
    flow = decomposer(config.network, config.objective, (1, 16, 16), 2).eval()
    save_generators({"gen_ba": flow}, tmp_path / "g.safetensors", config, ((1, 16, 16),) * 3)
    made, objective, _ = load_generators(tmp_path / "g.safetensors")
    images = torch.rand(2, 1, 16, 16)
    with torch.no_grad():
        torch.testing.assert_close(made["gen_ba"](images), flow(images))
    assert objective.method == "flow"


def test_what_a_flow_cannot_do_is_refused():
    for override in ("training.capture=true", "network.output=tanh"):
        with pytest.raises(ConfigError, match="needs training.capture=false and network.output=none"):
            settings(override)
