"""Baselines that learn to split sums of independent draws, without critics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..settings import UvcganConfig, config

Control = Literal["identity", "regression", "paired"]


def settings(method: Control, *overrides: str, preset: str | None = "paper") -> UvcganConfig:
    """A control of any task: absolute error, squared error in one pass, or absolute error on known pairs."""
    return config(f"objective.method={method}", "objective.warm_steps=0", *overrides, preset=preset)


def jets(method: str, seed: int, steps: int, *overrides: str) -> UvcganConfig:
    """The small calorimeter configuration that two CPU cores can train, for the full method and its controls."""
    return config(*SMALL_JETS, f"objective.method={method}", f"training.seed={seed}", f"training.steps={steps}",
                  f"training.validate_every={max(steps // 10, 1)}", *overrides)


#: Networks of a quarter of a million weights; rates without the published rise, which is longer than these trainings.
SMALL_JETS: Sequence[str] = (
    "data.name=synthetic:small", "data.records=20000", "data.dev_records=1000", "data.batch_size=16",
    "network.features=48", "network.heads=4", "network.blocks=2", "network.feed_forward=96", "network.embed=48",
    "network.levels=[16,32,48]", "network.critic_levels=[8,16,32,64]", "network.critic_blocks=1",
    "optimiser.lr=1e-3", "optimiser.critic_lr=1e-3", "optimiser.schedule=constant", "objective.penalty=0.1",
    "objective.norm_critic=true", "training.ema_decay=0.995", "training.checkpoint_every=1000")
