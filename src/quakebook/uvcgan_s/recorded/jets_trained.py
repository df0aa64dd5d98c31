"""Trainings on jets in the small configuration, what an entry of them keeps, and separations from kept weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from quakebook.training import recorded
from quakebook.training.config import from_dict
from quakebook.training.recorded import Outcome
from quakebook.training.run import Run

from .. import api
from ..data.normalise import norm_of
from ..experiment import GENERATORS_FILE
from ..networks.build import generator
from ..networks.checkpoint import load_generators
from ..scoring.translate import decompose
from ..settings import ObjectiveConfig, UvcganConfig, config
from ..settings_networks import NetworkConfig
from ..studies.methods import LEARNED, Separate
from .jets import CHAPTER, EVENTS, make_learned, seeds

#: A hundredth of the published networks: about 245,000 weights a generator.
SMALL = ("network.features=48", "network.heads=4", "network.blocks=2", "network.feed_forward=96", "network.embed=48",
         "network.levels=[16,32,48]", "network.critic_levels=[8,16,32,64]", "network.critic_blocks=1")
COMMON = ("data.name=synthetic:small", "data.records=4000", "data.dev_records=200", "data.batch_size=16",
          "optimiser.lr=1e-3", "optimiser.critic_lr=1e-3", "optimiser.schedule=constant", "training.ema_decay=0.995")
#: The full method begins with sums alone and shows its critics the normalised images, which small networks need.
OF_METHOD = {"full": ("objective.warm_steps=1000", "objective.penalty=0.1", "objective.norm_critic=true")}
SHAPES = ((1, 24, 64),) * 3


def settings(method: str, seed: int, steps: int, overrides: Sequence[str] = ()) -> UvcganConfig:
    """Settings of one training on jets; `overrides` come last."""
    if method not in LEARNED:
        raise ValueError(f"there is no learned method {method!r}; known: {', '.join(LEARNED)}")
    every = max(1, steps // 10)
    return config(*SMALL, *COMMON, f"objective.method={method}", *OF_METHOD.get(method, ()), f"training.seed={seed}",
                  f"training.steps={steps}", f"training.validate_every={every}", *overrides)


def make(method: str, seed: int, steps: int, overrides: Sequence[str] = (), events: int = EVENTS) -> Outcome:
    """Train (or take the finished run), compare, and keep: for an entry ``jets-METHOD-SEED``.

    Parameters
    ----------
    method : {"full", "identity", "regression", "paired"}
    seed, steps : int
    overrides : sequence of str
        More settings, ``key=value``.
    events : int
        Mixtures of each set that are compared; they are clustered on the CPU.
    """
    run = api.train(settings(method, seed, steps, list(overrides)))
    return outcome_of(run, method, events)


def outcome_of(run: Run, method: str, events: int = EVENTS) -> Outcome:
    """Comparison, snapshots and, for seed 0, the weights of G_BA of a finished run."""
    networks, objective, _ = load_generators(run.path / GENERATORS_FILE)
    chosen = api.settings_of(run)
    weights = {f"gen_ba.{key}": value for key, value in networks["gen_ba"].state_dict().items()}
    return make_learned(method, separator(networks["gen_ba"], objective), events=events, arrays=_snapshots(run),
                        settings=chosen, run=run, weights=weights if chosen.training.seed == 0 else {},
                        facts={"seeds": [chosen.training.seed], "data": "synthetic"})


def _snapshots(run: Run) -> dict[str, Any]:
    """The second of the known mixtures through training, as `jets.Snapshots` reads it."""
    kept, row = run.read_arrays("shown"), 1
    return {"track:steps": kept["step"], "track:background": kept["parts"][:, row, 0],
            "track:signal": kept["parts"][:, row, 1], "track:true_background": kept["true_a0"][row, 0],
            "track:true_signal": kept["true_a1"][row, 0]}


def separator(gen_ba: nn.Module, objective: ObjectiveConfig) -> Separate:
    """A separation by a generator in evaluation mode, on the device of its weights."""
    norm, device = norm_of(objective), next(gen_ba.parameters()).device

    def separate(mixtures: Tensor) -> tuple[Tensor, Tensor]:
        with torch.inference_mode():
            return decompose(gen_ba, mixtures.to(device), norm, SHAPES[0][0])

    return separate


def separators(where: Path | None = None) -> dict[str, Separate]:
    """Separations from recorded weights: of each method the first seed that keeps them."""
    made = {}
    for method in LEARNED:
        for name in seeds(method, where):
            result = recorded.read(CHAPTER, name, where)
            if method not in made and result.has(".safetensors"):
                made[method] = _rebuilt(result.weights, result.facts["settings"])
    return made


def _rebuilt(weights: dict[str, Tensor], kept: dict[str, Any]) -> Separate:
    network = generator(from_dict(NetworkConfig, kept["network"]), SHAPES[2], SHAPES[0][0] + SHAPES[1][0])
    network.load_state_dict({key.removeprefix("gen_ba."): value for key, value in weights.items()})
    return separator(network.eval(), from_dict(ObjectiveConfig, kept["objective"]))
