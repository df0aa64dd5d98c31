"""What the temperature of the Gumbel noise does to the choice of a code."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.figure import Figure

from quakebook.plots import PALETTE, subplots
from quakebook.plots.style import book_style

from ..networks.quantiser_gumbel import gumbel
from ..objective.temperature import temperature

TEMPERATURES = (2.0, 1.4, 1.0, 0.7, 0.5, 0.1)


def choice(tau: float, codes: int = 24, seed: int = 0) -> Figure:
    """Probabilities of some codes: without noise, and two draws with noise at temperature `tau`."""
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(codes, generator=generator)
    torch.manual_seed(seed)
    with book_style():
        fig, axes = subplots(1, 3, figsize=(7.5, 2.2), layout="constrained", sharey=True)
        axes[0].bar(np.arange(codes), logits.softmax(0).numpy(), color=PALETTE[0])
        axes[0].set(title="without noise", ylabel="Probability", ylim=(0, 1))
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            for ax in axes[1:]:
                soft = ((logits + gumbel(logits)) / tau).softmax(0).numpy()
                ax.bar(np.arange(codes), soft, color=PALETTE[1])
                ax.set(title=f"a draw at temperature {tau:g}")
        for ax in axes:
            ax.set_xlabel("Code")
    return fig


def schedules(steps: int = 1500) -> Figure:
    """The three schedules over a run of `steps`."""
    x = np.arange(steps + 1)
    with book_style():
        fig, ax = subplots(figsize=(4.5, 2.4), layout="constrained")
        for k, kind in enumerate(("scaled", "cosine", "published")):
            ax.plot(x, [temperature(int(s), steps, schedule=kind) for s in x], color=PALETTE[k], label=kind)
        ax.set(xlabel="Step", ylabel="Temperature", ylim=(0, 2.1))
        ax.legend()
    return fig
