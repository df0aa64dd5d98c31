"""All images of a step: what the generators make of the three inputs, with as few passes as independence allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..data.norms import Norm

Generator = Callable[[Tensor], Tensor]


@dataclass
class Images:
    """Fakes, reconstructions and identities (B, C, H, W) in image values; None where they were not asked for."""

    fake_b: Tensor | None = None
    reco_a: Tensor | None = None
    fake_a: Tensor | None = None
    reco_b: Tensor | None = None
    idt_bb: Tensor | None = None
    idt_aa: Tensor | None = None


@dataclass(frozen=True)
class Wanted:
    """Which branches of a step are computed."""

    cycle: bool = True
    identity_aa: bool = True
    identity_bb: bool = True


def sums(a0: Tensor, a1: Tensor, scale: float) -> Tensor:
    """Input of the identity of A: sums of independent draws. The plain sum (scale 1) is computed as it is published."""
    return a0 + a1 if scale == 1 else scale * (a0 + a1)


def make_images(gen_ab: Generator, gen_ba: Generator, norm: Norm, a0: Tensor, a1: Tensor, b: Tensor, wanted: Wanted,
                scale: float = 1.0, together: bool = True) -> Images:
    """Cycles A -> B -> A and B -> A -> B, and both identities.

    Four of the six passes of the published step wait for nothing, so the six fit into three: G_AB mixes A; G_BA then
    takes that mixture, B and the sums together; G_AB last takes the decomposed B and (B, 0) together. Generators
    without batch statistics treat each image alone, so the results are those of six passes.

    Parameters
    ----------
    together : bool
        False makes one pass an input, for generators whose norm looks at the batch.
    """
    inputs_a = norm.forward(torch.cat([a0, a1], dim=1))
    inputs_b = norm.forward(b)
    mixed = gen_ab(inputs_a)
    ba = {"fake_a": inputs_b}
    if wanted.cycle:
        ba["reco_a"] = mixed
    if wanted.identity_aa:
        ba["idt_aa"] = norm.forward(sums(a0, a1, scale))
    split = _pass(gen_ba, ba, together)
    ab = {"reco_b": split["fake_a"]} if wanted.cycle else {}
    if wanted.identity_bb:
        ab["idt_bb"] = norm.forward(torch.cat([b, torch.zeros_like(a1)], dim=1))
    values = {"fake_b": mixed, **split, **(_pass(gen_ab, ab, together) if ab else {})}
    return Images(**{name: norm.inverse(value) for name, value in values.items()})


def _pass(network: Generator, inputs: dict[str, Tensor], together: bool) -> dict[str, Tensor]:
    if not together or len(inputs) == 1:
        return {name: network(value) for name, value in inputs.items()}
    outputs = network(torch.cat(list(inputs.values()))).split([len(value) for value in inputs.values()])
    return dict(zip(inputs, outputs, strict=True))
