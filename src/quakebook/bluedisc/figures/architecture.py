"""The networks as a drawing: who sees what, and which loss moves what."""

from __future__ import annotations

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from quakebook.plots import PALETTE, book_style, detached

DATA_COLOUR, SHAPE_COLOUR = PALETTE[1], PALETTE[3]
#: Channels and length behind each stage of the generator.
GENERATOR_STAGES = ((8, 3001), (8, 751), (16, 188), (32, 47), (64, 12), (128, 12), (64, 47), (32, 188), (16, 751),
                    (8, 3001), (3, 3001))
#: The same of the discriminator input first.
DISCRIMINATOR_STAGES = ((6, 3001), (64, 1497), (64, 745), (128, 372), (1, 1))


def architecture() -> Figure:
    """(a) the game, (b) the generator, (c) the discriminator."""
    with book_style():
        fig = plt.figure(figsize=(7.5, 5.4), layout="constrained")
        grid = fig.add_gridspec(2, 2, height_ratios=(1.15, 1), width_ratios=(1.5, 1))
        _game(fig.add_subplot(grid[0, :]))
        generator = fig.add_subplot(grid[1, 0])
        _stages(generator, GENERATOR_STAGES, "(b) generator: PhaseNet, 268,443 parameters", PALETTE[0])
        _skips(generator)
        _stages(fig.add_subplot(grid[1, 1]), DISCRIMINATOR_STAGES, "(c) discriminator: BlueDisc, 138,369", PALETTE[2])
    return detached(fig)


def _box(ax: Axes, x: float, y: float, text: str, colour: str = "0.92", width: float = 1.5) -> None:
    ax.add_patch(FancyBboxPatch((x - width / 2, y - 0.32), width, 0.64, boxstyle="round,pad=0.05", fc=colour, ec="0.3"))
    ax.text(x, y, text, ha="center", va="center", fontsize=8)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str = "0.2", ls: str = "-",
           bend: float = 0.0) -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": colour, "ls": ls, "lw": 1.3,
                                            "connectionstyle": f"arc3,rad={bend}"})


def _game(ax: Axes) -> None:
    _box(ax, 1, 2, "waveform X\n3 × 3001")
    _box(ax, 3.4, 2, "generator\nPhaseNet", "#CFE3F2")
    _box(ax, 5.8, 2, "prediction G(X)\nP, S, N")
    _box(ax, 5.8, 0.72, "label Y\nP, S, N")
    _box(ax, 8.4, 1.3, "discriminator\nBlueDisc", "#CBEBDD")
    _box(ax, 10.6, 1.3, "real or fake", width=1.3)
    for start, end in (((1.85, 2), (2.55, 2)), ((4.25, 2), (4.95, 2)), ((6.65, 2), (7.55, 1.55)),
                       ((6.65, 0.72), (7.55, 1.1)), ((9.25, 1.3), (9.85, 1.3))):
        _arrow(ax, start, end)
    _arrow(ax, (1, 1.6), (8.4, 0.92), "0.6", bend=0.42)
    ax.text(1.55, -0.2, "X beside each curve", fontsize=7, color="0.4", ha="center")
    _arrow(ax, (5.8, 1.1), (5.8, 1.6), DATA_COLOUR, "--")
    ax.text(4.65, 1.36, "data loss (BCE):\ncontrols position", fontsize=7, color=DATA_COLOUR, ha="center", va="center")
    _arrow(ax, (10.4, 1.7), (3.5, 2.42), SHAPE_COLOUR, "--", bend=0.22)
    ax.text(8.4, 2.9, "GAN loss: controls shape", fontsize=7, color=SHAPE_COLOUR, ha="center")
    ax.set(xlim=(0, 11.5), ylim=(-0.7, 3.2))
    ax.set_title("(a) shape, then align", loc="left")
    ax.set_axis_off()


def _skips(ax: Axes) -> None:
    """Arcs over the bars of the generator: what each stage on the way down hands to the one of its length beyond."""
    bars = [bar for bar in ax.patches if isinstance(bar, plt.Rectangle)]
    for down, up in ((0, 9), (1, 8), (2, 7), (3, 6)):
        start, end = ((bar.get_x() + bar.get_width() / 2, bar.get_y() + bar.get_height() + 0.02)
                      for bar in (bars[down], bars[up]))
        _arrow(ax, start, end, "0.55", bend=-0.12)


def _stages(ax: Axes, stages: tuple[tuple[int, int], ...], title: str, colour: str) -> None:
    """One bar per stage: height grows with the length, width with the channels (both on root scales)."""
    x = 0.0
    for channels, length in stages:
        width, height = 0.35 * channels**0.4, (length / 3001) ** 0.35
        ax.add_patch(plt.Rectangle((x, -height / 2), width, height, color=colour, alpha=0.55, ec="0.2", lw=0.5))
        ax.text(x + width / 2, -0.6, f"{channels}", ha="center", va="top", fontsize=6.5)
        ax.text(x + width / 2, -0.74, f"{length}", ha="center", va="top", fontsize=6, color="0.4")
        x += width + 0.42
    ax.text(-0.25, -0.6, "ch.", fontsize=6.5, ha="right", va="top")
    ax.text(-0.25, -0.74, "len.", fontsize=6, ha="right", va="top", color="0.4")
    ax.set(xlim=(-0.9, x), ylim=(-0.95, 0.62))
    ax.set_title(title, loc="left")
    ax.set_axis_off()
