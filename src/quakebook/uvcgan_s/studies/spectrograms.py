"""Earthquakes in noise: settings, and the signal-to-noise ratio that a decomposition wins, beside classical filters."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..data import spectrograms as task
from ..data.spectrograms import Mixtures
from ..scoring.part_errors import errors
from ..scoring.translate import Separate
from ..settings import UvcganConfig, config

#: Title and overrides of each method.
METHODS: dict[str, tuple[str, tuple[str, ...]]] = {
    "full": ("full method", ("objective.warm_steps=600",)),
    "identity": ("identity on sums", ("objective.method=identity",)),
    "regression": ("regression on sums", ("objective.method=regression",)),
    "paired": ("paired bound", ("objective.method=paired",)),
}
_TASK = ("data.name=synthetic:spectrograms", "data.records=800", "data.dev_records=100", "objective.norm=log",
         "objective.warm_steps=0", "training.steps=1600", "training.validate_every=200")
#: The networks see magnitudes through the logarithm, and so do the critics.
_CRITICS = ("objective.norm_critic=true",)
#: Corner frequencies of the band-pass (Hz), and the share of the noise's power that spectral subtraction removes.
BAND_HZ, OVERSUBTRACTION = (2.0, 12.0), 1.0


def settings(method: str, seed: int = 0, *overrides: str) -> UvcganConfig:
    """Settings of one method on the spectrogram task."""
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r} of the spectrogram task; known: {', '.join(METHODS)}")
    critics = _CRITICS if method == "full" else ()
    return config(*_TASK, *critics, *METHODS[method][1], f"training.seed={seed}", *overrides, preset="quick")


def snr_db(signal: Tensor, estimate: Tensor) -> Tensor:
    """Power of the true signal over that of the estimate's error, in dB, for each waveform (n, samples)."""
    return 10 * torch.log10(signal.square().sum(1) / (estimate - signal).square().sum(1).clamp(min=1e-20))


def gains_db(mixtures: Mixtures, estimate: Tensor) -> Tensor:
    """What an estimate of the signal wins over the mixture itself, in dB, for each waveform."""
    return snr_db(mixtures.signal, estimate) - snr_db(mixtures.signal, mixtures.mixture)


def median_subtraction(magnitude: Tensor) -> tuple[Tensor, Tensor]:
    """Noise = median over time in every frequency row; signal = what lies above it."""
    noise = magnitude.median(dim=3, keepdim=True).values.expand_as(magnitude)
    return noise, (magnitude - noise).clamp(min=0)


def spectral_subtraction(magnitude: Tensor, p_s: np.ndarray) -> tuple[Tensor, Tensor]:
    """Noise power = mean before P in every frequency row; signal power = what remains. Needs to know P."""
    frame_s = torch.arange(magnitude.shape[3]) * task.HOP / task.RATE_HZ
    edge_s = torch.as_tensor(p_s, dtype=torch.float32) - task.WINDOW / 2 / task.RATE_HZ
    before = (frame_s[None] < edge_s[:, None]).float()[:, None, None]
    power = (magnitude.square() * before).sum(3, keepdim=True) / before.sum(3, keepdim=True).clamp(min=1)
    signal = (magnitude.square() - OVERSUBTRACTION * power).clamp(min=0).sqrt()
    return power.sqrt().expand_as(magnitude), signal


def band_pass(waveforms: Tensor) -> Tensor:
    """Waveforms (n, samples) between 2 and 12 Hz, Butterworth of order 4, forward and back."""
    from scipy.signal import butter, sosfiltfilt

    band = butter(4, BAND_HZ, "bandpass", fs=task.RATE_HZ, output="sos")
    return torch.as_tensor(sosfiltfilt(band, waveforms.numpy(), axis=1).copy(), dtype=waveforms.dtype)


def score(mixtures: Mixtures, separate: Separate) -> dict[str, float]:
    """Errors of both magnitudes and the mean gain in dB of a separation, with the mixture's phase."""
    noise, signal = separate(task.magnitudes(mixtures.mixture))
    truth = task.magnitudes(mixtures.noise), task.magnitudes(mixtures.signal)
    gain = gains_db(mixtures, task.waveforms_of(signal, mixtures.mixture))
    return errors(noise, signal, *truth) | {"gain_db": float(gain.mean()), "gain_median_db": float(gain.median())}


def baselines(mixtures: Mixtures) -> dict[str, dict[str, float]]:
    """Scores of median subtraction and spectral subtraction, and the gain of a band-pass filter."""
    filtered = gains_db(mixtures, band_pass(mixtures.mixture))
    known = gains_db(mixtures, task.waveforms_of(task.magnitudes(mixtures.signal), mixtures.mixture))
    return {"median subtraction": score(mixtures, median_subtraction),
            "spectral subtraction": score(mixtures, lambda x: spectral_subtraction(x, mixtures.p_s)),
            "band-pass": {"gain_db": float(filtered.mean()), "gain_median_db": float(filtered.median())},
            "true magnitudes": {"gain_db": float(known.mean()), "gain_median_db": float(known.median())}}


def sum_gap(mixtures: Mixtures) -> dict[str, float]:
    """How far magnitudes are from adding up: mean of | |X| - (|N| + |S|) |, and the share where the sum is larger."""
    both = task.magnitudes(mixtures.mixture)
    plain = task.magnitudes(mixtures.noise) + task.magnitudes(mixtures.signal)
    return {"gap": float((both - plain).abs().mean()), "share_above": float((plain > both).float().mean())}
