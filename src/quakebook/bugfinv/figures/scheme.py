"""The network and its training, as boxes."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from quakebook import plots

STAGES = ("TCN block 1", "TCN block 2", "TCN block 3", "TCN block 4", "regression 1", "regression 2", "regression 3",
          "regression 4", "heads")


def training_scheme() -> Figure:
    """From gathers to three logs, and the two losses that drive it."""
    fig, ax = plots.subplots(figsize=(7.5, 3.1), layout="constrained")
    ax.set(xlim=(0, 100), ylim=(0, 40))
    ax.axis("off")
    boxes = {"gathers\n[B, 6, T]": (9, 27, "0.93"), "TCN blocks\ndilation 1, 2, 4, 8": (29, 27, "white"),
             "regression\n4 conv layers": (49, 27, "white"), "Vp, Vs, ρ heads\n[B, 3, T]": (68, 27, "white"),
             "loss at the wells": (90, 33, "#FFF4D6"), "forward model": (68, 8, "#E4F2EA"),
             "loss against the\nobserved gathers": (40, 8, "#FFF4D6")}
    for text, (x, y, fill) in boxes.items():
        ax.add_patch(FancyBboxPatch((x - 8, y - 4), 16, 8, boxstyle="round,pad=0.5", fc=fill, ec="0.4"))
        ax.text(x, y, text, ha="center", va="center", fontsize=8)
    for start, end in (((17.7, 27), (20.4, 27)), ((37.7, 27), (40.4, 27)), ((57.7, 27), (59.4, 27)),
                       ((76.8, 29), (81.2, 31.5)), ((68, 22.2), (68, 13)), ((59.2, 8), (49, 8)),
                       ((9, 22.2), (31, 9.5))):
        ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=10, color="0.3"))
    ax.text(70, 17.5, "traces without wells", fontsize=7.5, color="0.35")
    return fig
