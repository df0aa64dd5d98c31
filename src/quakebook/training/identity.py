"""The name of a run: a hash of what decides its result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from . import sources
from .files import finite

LENGTH = 16  # hex digits

# Choices of a `training` node that change what is seen or kept on the way, not the result.
NEUTRAL = frozenset({"progress", "tracker", "checkpoint_every"})


def identify(paper: str, config: dict[str, Any], data_fingerprint: str, modules: Sequence[str]) -> str:
    """Hash of paper, configuration, data and the source of `modules` with all that they import from quakebook.

    Parameters
    ----------
    config : dict
        As from `config.to_dict`. The order of keys does not matter.

    Returns
    -------
    str
        16 hex digits.
    """
    parts = {"paper": paper, "config": deciding(config), "data": str(data_fingerprint),
             "source": sources.digest(modules)}
    text = json.dumps(finite(parts), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def deciding(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration without the choices of its `training` node that do not change the result."""
    node = config.get("training")
    if not isinstance(node, dict):
        return config
    return {**config, "training": {key: value for key, value in node.items() if key not in NEUTRAL}}
