"""Settings of the training that the chapter's pages run live."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .settings import BlueDiscConfig, config

if TYPE_CHECKING:
    pass


#: Live trainings of the page, per preset: a handful of steps; a few hundred, begun like the recorded ones; the
#: published recipe (needs a GPU).
LIVE = {"smoke": ("smoke", ()),
        "quick": ("quick", ("data.records=1500", "data.dev_records=300", "training.steps=300",
                            "training.validate_every=100", "evaluation.last=1", "evaluation.follow_every=20",
                            "network.start=base_rate")),
        "paper": ("paper", ())}


def live_config(preset: str, mode: str) -> BlueDiscConfig:
    """Settings of the live training of one mode at smoke, quick or paper."""
    if preset not in LIVE:
        raise ValueError(f"unknown preset {preset!r}; known: {', '.join(LIVE)}")
    base, overrides = LIVE[preset]
    return config(f"objective.mode={mode}", *overrides, preset=base)
