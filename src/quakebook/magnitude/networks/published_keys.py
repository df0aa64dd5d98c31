"""Names of the published weights, and the names that the same tensors have here.

The published program saves the bare ``state_dict`` of PhaseNetMag and MagnitudeNet (AMAG v2). Their tensors have the
same shapes and order of axes here; only the names differ:

==============================  ====================================
published                       here
==============================  ====================================
``inc``, ``in_bn``              ``unet.first``, ``unet.first_norm``
``down_branch.L.0`` to ``.3``   ``unet.down.L.conv``, ``norm``, ``down``, ``down_norm``
``up_branch.L.0`` to ``.3``     ``unet.up.L.up``, ``up_norm``, ``conv``, ``norm``
``out``                         ``unet.out``
``lstm``, ``attention``         ``unet.bottleneck.lstm``, ``unet.bottleneck.attention``
``bottleneck_proj``, ``_bn``    ``unet.bottleneck.linear``, ``unet.bottleneck.norm``
==============================  ====================================

The pickers are SeisBench's PhaseNet, whose names are kept. The published training history calls its losses
``train_losses`` and ``val_losses``; here they are ``train_loss`` and ``val_loss``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from torch import Tensor

#: (pattern of the published name, name here); the first that matches the beginning is taken.
RULES = (
    (r"inc\.", "unet.first."), (r"in_bn\.", "unet.first_norm."), (r"out\.", "unet.out."),
    (r"down_branch\.(\d+)\.0\.", r"unet.down.\1.conv."), (r"down_branch\.(\d+)\.1\.", r"unet.down.\1.norm."),
    (r"down_branch\.(\d+)\.2\.(conv\.)?", r"unet.down.\1.down."),
    (r"down_branch\.(\d+)\.3\.", r"unet.down.\1.down_norm."),
    (r"up_branch\.(\d+)\.0\.", r"unet.up.\1.up."), (r"up_branch\.(\d+)\.1\.", r"unet.up.\1.up_norm."),
    (r"up_branch\.(\d+)\.2\.", r"unet.up.\1.conv."), (r"up_branch\.(\d+)\.3\.", r"unet.up.\1.norm."),
    (r"lstm\.", "unet.bottleneck.lstm."), (r"attention\.", "unet.bottleneck.attention."),
    (r"bottleneck_proj\.", "unet.bottleneck.linear."), (r"bottleneck_bn\.", "unet.bottleneck.norm."),
)
#: Model types whose published names differ from ours.
RENAMED = ("phasenet_mag", "amag_v2")
HISTORY = {"train_losses": "train_loss", "val_losses": "val_loss", "learning_rates": "learning_rate"}


def renamed(weights: Mapping[str, Tensor], model_type: str) -> dict[str, Tensor]:
    """Weights under the names of this package; names that are ours already, or unknown, are kept."""
    if model_type not in RENAMED:
        return dict(weights)
    return {_rename(name): tensor for name, tensor in weights.items()}


def renamed_history(content: Mapping[str, Any]) -> dict[str, Any]:
    """A training history with the names of this package; what is there already is kept."""
    fresh = {HISTORY[name]: value for name, value in content.items() if name in HISTORY}
    return {**fresh, **{name: value for name, value in content.items() if name not in HISTORY}}


def _rename(name: str) -> str:
    for pattern, ours in RULES:
        if re.match(pattern, name):
            return re.sub(f"^{pattern}", ours, name, count=1)
    return name
