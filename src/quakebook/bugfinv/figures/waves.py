"""Wavelets and gathers."""

from __future__ import annotations

import numpy as np
import torch
from matplotlib.figure import Figure

from quakebook import plots
from quakebook.bugfinv.data import wavelets
from quakebook.bugfinv.data.forward import exponents
from quakebook.data.elastic.checks import ANGLES_DEG
from quakebook.plots import PALETTE


def wavelet_spectra(dt_s: float = 0.001) -> Figure:
    """Both wavelets in time, and their amplitude spectra relative to the largest value (Ormsby: to its plateau)."""
    fig, (left, right) = plots.subplots(1, 2, figsize=(7.5, 2.9), layout="constrained")
    t_ms = wavelets.times_s(dt_s).numpy() * 1000
    n = 16_384
    frequency = np.fft.rfftfreq(n, dt_s)
    for name, colour in (("ricker", PALETTE[0]), ("ormsby", PALETTE[1])):
        w = wavelets.named(name, dt_s).numpy()
        label = "Ricker 40 Hz" if name == "ricker" else "Ormsby 5-10-60-80 Hz"
        left.plot(t_ms, w, color=colour, label=label)
        spectrum = np.abs(np.fft.rfft(w, n))
        flat = spectrum[(frequency > 20) & (frequency < 50)].mean() if name == "ormsby" else spectrum.max()
        right.plot(frequency, spectrum / flat, color=colour)
    left.set(xlabel="time (ms)", ylabel="amplitude", title="(a) wavelets")
    right.set(xlabel="frequency (Hz)", ylabel="relative amplitude", xlim=(0, 120), title="(b) spectra")
    left.legend(loc="upper right", fontsize=7.5)
    return fig


def gathers(clean: np.ndarray, noisy: np.ndarray, logs: np.ndarray, dt_s: float) -> Figure:
    """Logs of one well (3, T) and its angle gather (6, T) without and with noise."""
    fig, axes = plots.subplots(1, 5, figsize=(7.5, 4.0), layout="constrained", sharey=True,
                             width_ratios=(0.6, 0.6, 0.6, 1.5, 1.5))
    t_ms = np.arange(logs.shape[1]) * dt_s * 1000
    for ax, log, name in zip(axes[:3], logs, ("Vp (m/s)", "Vs (m/s)", "ρ (g/cm³)"), strict=True):
        ax.plot(log, t_ms, color="black", lw=0.9)
        ax.set_xlabel(name)
        ax.tick_params(axis="x", labelrotation=60)
    scale = 3.5 / np.abs(clean).max()
    for ax, gather, title in zip(axes[3:], (clean, noisy), ("without noise", "with noise"), strict=True):
        for angle, trace in zip(ANGLES_DEG, gather, strict=True):
            ax.plot(angle + trace * scale, t_ms, color="black", lw=0.7)
            ax.fill_betweenx(t_ms, angle, angle + np.maximum(trace, 0) * scale, color="black", lw=0)
        ax.set(xlabel="angle (°)", title=title, xticks=ANGLES_DEG)
    axes[0].set_ylabel("time (ms)")
    axes[0].set_ylim(t_ms[-1], 0)
    return fig


def sensitivity() -> Figure:
    """What six angles see: the singular values of the 6 x 3 matrix, and the combination behind each."""
    matrix = exponents()
    _, values, right = torch.linalg.svd(matrix, full_matrices=False)
    fig, (left, bars) = plots.subplots(1, 2, figsize=(7.5, 2.7), layout="constrained", width_ratios=(1, 1.6))
    left.bar(range(1, 4), values.numpy(), color="0.5")
    left.set(yscale="log", xlabel="combination", ylabel="singular value", xticks=[1, 2, 3], ylim=(4e-3, 8))
    for k, (name, colour) in enumerate(zip(("ln Vp", "ln Vs", "ln ρ"), PALETTE, strict=False)):
        bars.bar(np.arange(1, 4) + (k - 1) * 0.25, right[:, k].numpy(), width=0.22, color=colour, label=name)
    bars.axhline(0, color="black", lw=0.8)
    bars.set(xlabel="combination", ylabel="weight", xticks=[1, 2, 3], ylim=(-1.15, 1.15))
    bars.legend(ncols=3, loc="upper center")
    return fig
