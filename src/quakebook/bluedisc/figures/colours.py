"""One colour for each kind of training, and for shares over and below the threshold, the same in all figures."""

from __future__ import annotations

from quakebook.plots import PALETTE

OVER_COLOUR, BELOW_COLOUR = PALETTE[2], PALETTE[4]
MODE_COLOURS = {"bce": PALETTE[0], "hybrid": PALETTE[3], "gan": PALETTE[4]}
MODE_NAMES = {"bce": "BCE", "hybrid": "hybrid", "gan": "GAN only"}
#: By the name that a page gives to a kind (`chapter.kinds`).
KIND_COLOURS = {MODE_NAMES[mode]: colour for mode, colour in MODE_COLOURS.items()} | {"BCE, exact labels": PALETTE[5]}


def colour_of(name: str) -> str:
    """Colour of a kind or mode; black for any other name."""
    return {**MODE_COLOURS, **KIND_COLOURS}.get(name, PALETTE[6])
