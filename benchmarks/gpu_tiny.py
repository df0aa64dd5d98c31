"""An entry of a plan of recorded results with the smallest settings, to try the program."""

from __future__ import annotations

import inspect
from dataclasses import replace
from importlib import import_module
from typing import Any

from gpu_results import NotBuilt

#: What a function behind an entry may take, and how small that can be: jets of an event take long without fastjet.
SMALL = {"preset": "smoke", "steps": 2, "events": 2}
#: For functions that choose their preset themselves: networks as in the smoke preset, and few images.
OVERRIDES = ["network.features=16", "network.levels=[8,16]", "network.critic_levels=[4,8]", "network.blocks=1",
             "data.records=24", "data.dev_records=8", "data.batch_size=4", "objective.warm_steps=0", "training.steps=2",
             "training.validate_every=2", "training.checkpoint_every=0"]


#: Events of the synthetic calorimeter that are drawn together; usually 200, which take a second for each domain.
EVENTS_TOGETHER = 12


def prepare() -> None:
    """Draw few calorimeter events at a time: other events than usual, which is of no matter here."""
    from quakebook.data.calorimeter import synthetic

    synthetic.CHUNK = EVENTS_TOGETHER


def shrunk(entry: Any) -> Any:
    """The same entry with the smoke preset, two steps or small networks, as the function behind it allows."""
    module, name = entry.function.split(":")
    known = inspect.signature(getattr(import_module(module), name)).parameters
    changes: dict[str, Any] = {name: value for name, value in SMALL.items() if name in known}
    if "overrides" in known:
        changes["overrides"] = [] if "preset" in changes else OVERRIDES
    if not changes:
        raise NotBuilt(f"{entry.function} takes none of {', '.join(SMALL)}, overrides; it cannot be tried small")
    return replace(entry, arguments={**entry.arguments, **changes})
