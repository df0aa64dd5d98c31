"""A step of the two-domain baseline against its losses and slopes written out."""

import copy
import importlib.util
from pathlib import Path

import pytest
import torch

from quakebook.uvcgan_s.data.norms import Log
from quakebook.uvcgan_s.networks.build import critic, generator
from quakebook.uvcgan_s.objective.losses import gradient_penalty
from quakebook.uvcgan_s.objective.two_domain import TwoDomainTrainer
from quakebook.uvcgan_s.settings import NetworkConfig, ObjectiveConfig


def _small():
    spec = importlib.util.spec_from_file_location("small", Path(__file__).parents[1] / "small.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.SMALL


NETWORK = NetworkConfig(**{**vars(_small()), "critic_norm": "none", "spectral_norm": False})
OBJECTIVE = ObjectiveConfig(method="uvcgan2", cycle_a1=3.0, cycle_b=7.0, identity_aa=0.5, identity_bb=0.25,
                            adversarial_a1=2.0, adversarial_b=5.0, penalty=0.7)
NORM = Log(bias=0.1)


@pytest.fixture
def trainer():
    torch.manual_seed(0)
    made = {**{name: generator(NETWORK, (1, 8, 16), 1) for name in ("gen_ab", "gen_ba")},
            **{name: critic(NETWORK, 1) for name in ("disc_a1", "disc_b")}}
    made = torch.nn.ModuleDict(made).double()
    optimisers = {side: torch.optim.SGD([p for name, each in made.items() if name.startswith(side)
                                         for p in each.parameters()], lr=0.0) for side in ("gen", "disc")}
    return TwoDomainTrainer(OBJECTIVE, NORM, made, optimisers)


@pytest.fixture
def batch():
    g = torch.Generator().manual_seed(1)
    a, b = torch.rand(2, 3, 1, 8, 16, generator=g, dtype=torch.float64)
    return {"a1": a, "b": b, "alpha": torch.tensor([0.25, 0.75], dtype=torch.float64)}


def test_losses_and_slopes_of_a_step(trainer, batch):
    """Hinge: the generators' part is -mean, the critics' mean relu(1 - real) + mean relu(1 + fake), halved for B alone
    by the four-domain rule and undone for A; identities weigh as their share of the cycle.
    """
    nets = copy.deepcopy(trainer.networks)
    ab, ba = (lambda x, n=nets[name]: n(NORM.forward(x)) for name in ("gen_ab", "gen_ba"))
    a, b = batch["a1"], batch["b"]
    mixed, split = ab(a), ba(b)
    fake_b, fake_a = NORM.inverse(mixed), NORM.inverse(split)
    error = torch.nn.functional.l1_loss
    want = {"gen_ab": 5 * -nets["disc_b"](fake_b).mean(), "gen_ba": 2 * -nets["disc_a1"](fake_a).mean(),
            "cycle_a": 3 * error(NORM.inverse(nets["gen_ba"](mixed)), a),
            "cycle_b": 7 * error(NORM.inverse(nets["gen_ab"](split)), b),
            "idt_a": 3 * 0.5 * error(NORM.inverse(ba(a)), a), "idt_b": 7 * 0.25 * error(NORM.inverse(ab(b)), b)}
    sum(want.values()).backward()
    slopes = {name: p.grad.clone() for name, p in nets.named_parameters() if name.startswith("gen")}
    nets["disc_a1"].zero_grad(), nets["disc_b"].zero_grad()
    for k, (name, real, fake) in enumerate((("a", a, fake_a), ("b", b, fake_b))):
        net = nets["disc_a1" if name == "a" else "disc_b"]
        scores = net(real), net(fake.detach())
        want[f"disc_{name}"] = ((1 - scores[0]).relu().mean() + (1 + scores[1]).relu().mean()) * {"a": 2, "b": 5}[
            name] / 2
        want[f"gp_{name}"] = gradient_penalty(net, real, fake.detach(), batch["alpha"][k], lambda_gp=0.7)
        (want[f"disc_{name}"] + want[f"gp_{name}"]).backward()
    found = trainer.full(batch)
    assert set(found) == set(want)
    for name, value in want.items():
        assert float(found[name]) == pytest.approx(float(value.detach()), rel=1e-9), name
    for name, parameter in trainer.networks.named_parameters():
        other = slopes[name] if name.startswith("gen") else dict(nets.named_parameters())[name].grad
        torch.testing.assert_close(parameter.grad, other, msg=name)


def test_without_a_penalty_none_is_recorded(trainer, batch):
    trainer.objective = ObjectiveConfig(method="uvcgan2", penalty=0.0)
    assert {name for name in trainer.full(batch) if name.startswith("gp")} == set()
