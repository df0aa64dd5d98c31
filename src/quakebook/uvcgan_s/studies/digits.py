"""The digits task: the full method, its ablations and its baselines, each trainable on one CPU core in minutes."""

from __future__ import annotations

from collections.abc import Sequence

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
#: Trainings while a page is built, beside the preset's settings: recorded ones are long, and a page has minutes.
#: Critics join early, and the page says what such a training reaches. "paper" is as long as what is recorded.
LIVE: dict[str, tuple[str, ...]] = {
    "smoke": (), "quick": ("objective.warm_steps=300", "training.steps=750", "training.validate_every=75"), "paper": ()}
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
    return _settings((), variant, seed, overrides, preset)


def live(variant: str, seed: int = 0, *overrides: str, preset: str = "quick") -> UvcganConfig:
    """Settings of a training while a page is built: the task of the quick preset at the length of `LIVE`.

    Raises
    ------
    ValueError
        Unknown variant or preset; the message lists what exists.
    """
    if preset not in LIVE:
        raise ValueError(f"there is no preset {preset!r}; known: {', '.join(LIVE)}")
    return _settings(LIVE[preset], variant, seed, overrides, "smoke" if preset == "smoke" else "quick")


def _settings(length: Sequence[str], variant: str, seed: int, overrides: Sequence[str], preset: str) -> UvcganConfig:
    """The length, then what a variant changes of it, then the caller's overrides: the last word counts."""
    if variant not in VARIANTS:
        raise ValueError(f"unknown variant {variant!r} of the digits task; known: {', '.join(VARIANTS)}")
    return config(*length, *VARIANTS[variant][1], f"training.seed={seed}", *overrides, preset=preset)
