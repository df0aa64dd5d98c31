"""One colour a method in all figures of the chapter; truth is black."""

from __future__ import annotations

from quakebook.plots.style import PALETTE

BLUE, ORANGE, GREEN, PINK, AMBER, SKY, BLACK = PALETTE
METHOD_COLOURS = {"full": BLUE, "identity": GREEN, "regression": AMBER, "paired": SKY, "area": ORANGE, "ics": PINK,
                  "median": "#7F7F7F", "median_clipped": "#A0A0A0", "mean_background": "#C0C0C0", "mixture": "#D8D8D8",
                  "truth": BLACK}
METHOD_MARKERS = {"full": "o", "identity": "s", "regression": "D", "paired": "^", "area": "v", "ics": "P",
                  "median": "x", "median_clipped": "+", "mean_background": "1", "mixture": "."}
