"""Records of the three kinds, their spectra, and what augmentation does to one."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.figure import Figure

from quakebook.plots import PALETTE, PHASE_COLOURS, subplots
from quakebook.plots.style import book_style

from ..data.augment import CHANCES, augment
from ..data.splits import EVENT, KINDS
from ..data.windows import Pool, cut, standardise


def kinds(pool: Pool, samples: int = 3000) -> Figure:
    """One window of each kind: three components, and the mean spectrum over all windows of the kind."""
    start = pool.fixed_starts(samples)
    rows = torch.arange(len(pool))
    windows = standardise(cut(pool.waveforms, rows, start, samples)).cpu().numpy()
    kind = pool.kind.cpu().numpy()
    time = np.arange(samples) / 100
    with book_style():
        fig, axes = subplots(2, 3, figsize=(7.5, 4.2), layout="constrained", sharey="row")
        for k, name in enumerate(KINDS):
            members = np.flatnonzero(kind == k)
            for component in range(3) if len(members) else ():
                axes[0, k].plot(time, windows[members[0], component] / 8 - component, lw=0.4, color="black")
            if k == EVENT and len(members):
                _onsets(axes[0, k], pool, int(members[0]), int(start[members[0]]), samples)
            axes[0, k].set(title=name, xlabel="Time (s)", yticks=[0, -1, -2], yticklabels=["Z", "N", "E"])
            if len(members):
                power = (np.abs(np.fft.rfft(windows[members])) ** 2).mean((0, 1))
                frequency = np.fft.rfftfreq(samples, 0.01)
                axes[1, k].loglog(frequency[3:], power[3:], color=PALETTE[k], lw=0.8)
            axes[1, k].set(xlabel="Frequency (Hz)", xlim=(0.2, 50))
        axes[1, 0].set_ylabel("Power, windows of variance 1")
    return fig


def _onsets(ax: object, pool: Pool, record: int, start: int, samples: int) -> None:
    for phase, onset in (("P", pool.p), ("S", pool.s)):
        at = (float(onset[record]) - start) / 100
        if 0 <= at < samples / 100:
            ax.axvline(at, color=PHASE_COLOURS[phase], lw=1, label=phase)
    ax.legend(loc="upper right")


def augmentations(window: torch.Tensor, seed: int = 0) -> Figure:
    """One window (3, N), unchanged and after each change alone (vertical component)."""
    names = ["unchanged", *CHANCES]
    with book_style():
        fig, axes = subplots(len(names), 1, figsize=(7.5, 5.6), layout="constrained", sharex=True, sharey=True)
        for ax, name in zip(axes, names, strict=True):
            x = window[None]
            if name != "unchanged":
                only = {each: float(each == name) for each in CHANCES}
                x = augment(x, 1.0, torch.Generator().manual_seed(seed), only)
            for component, shade in ((1, "0.75"), (2, "0.6"), (0, "black")):
                ax.plot(np.arange(x.shape[-1]) / 100, x[0, component].numpy(), lw=0.4, color=shade)
            ax.set(yticks=[])
            ax.set_ylabel(name, rotation=0, ha="right", va="center")
        axes[-1].set_xlabel("Time (s)")
    return fig
