"""The digits task: the full method, its ablations and its baselines, each trainable on one CPU core in minutes."""

from __future__ import annotations

from ..settings import UvcganConfig, config

#: Rate of the flow: the best of 0.0005, 0.001 and 0.003 on the dev blends after 300 steps, one seed; all are near.
FLOW_RATE = 3e-3
#: Title and overrides of each variant beside those of the preset.
VARIANTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "full": ("full method", ()),
    "identity": ("identity on sums", ("objective.method=identity", "objective.warm_steps=0")),
    "told": ("identity on blends (told the weights)",
             ("objective.method=identity", "objective.warm_steps=0", "objective.sum_scale=0.5")),
    "regression": ("regression on sums", ("objective.method=regression", "objective.warm_steps=0")),
    "flow": ("flow to backgrounds (told the weights)", ("objective.method=flow", "objective.warm_steps=0",
                                                        "objective.sum_scale=0.5", f"optimiser.lr={FLOW_RATE}")),
    "paired": ("paired bound", ("objective.method=paired", "objective.warm_steps=0")),
    "no_critics": ("without critics", ("objective.adversarial_a0=0", "objective.adversarial_a1=0",
                                       "objective.adversarial_b=0")),
    "no_cycle": ("without cycles", ("objective.with_cycle=false",)),
    "no_identity": ("without identities", ("objective.identity_aa=0", "objective.identity_bb=0",
                                           "objective.warm_steps=0")),
}
#: Those of the comparison, and those that take the method apart.
COMPARED = ("full", "identity", "told", "regression", "flow", "paired")
ABLATIONS = ("full", "no_critics", "no_cycle", "no_identity")


def settings(variant: str, seed: int = 0, *overrides: str, preset: str = "quick") -> UvcganConfig:
    """Settings of one variant.

    Raises
    ------
    ValueError
        Unknown variant; the message lists what exists.
    """
    if variant not in VARIANTS:
        raise ValueError(f"unknown variant {variant!r} of the digits task; known: {', '.join(VARIANTS)}")
    return config(*VARIANTS[variant][1], f"training.seed={seed}", *overrides, preset=preset)
