"""One colour for each kind of training, and for shares over and below the threshold, the same in all figures."""

from __future__ import annotations

from quakebook.bluedisc.recorded.read import KINDS
from quakebook.plots import PALETTE

#: Green: a peak in time over the threshold; grey: in time but below it.
OVER_COLOUR, BELOW_COLOUR = PALETTE[2], "#C8C8C8"
MODE_COLOURS = {"bce": PALETTE[6], "hybrid": PALETTE[3], "gan": PALETTE[4]}
MODE_NAMES = {mode: KINDS[mode] for mode in MODE_COLOURS}
#: By the name that a page gives to a kind (`chapter.kinds`).
KIND_COLOURS = {MODE_NAMES[mode]: colour for mode, colour in MODE_COLOURS.items()} | {KINDS["exact-bce"]: PALETTE[5]}


def colour_of(name: str) -> str:
    """Colour of a kind or mode; grey for any other name."""
    return {**MODE_COLOURS, **KIND_COLOURS}.get(name, "0.5")
