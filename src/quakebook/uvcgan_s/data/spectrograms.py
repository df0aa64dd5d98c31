"""Earthquakes in noise: magnitudes of short-time spectra of noise, of signals, and of both together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from quakebook.data.errors import DataError

from .domains import Domains, Held

#: 20 s at 50 Hz give 32 x 32 magnitudes: windows of 64 samples every 32, the mean left out.
RATE_HZ, WINDOW, HOP, BINS, FRAMES = 50.0, 64, 32, 32, 32
SAMPLES = (FRAMES - 1) * HOP
#: Below this frequency (Hz) the microseism would hide everything.
CORNER_HZ = 1.0
#: Signal-to-noise ratio of the mixtures, in dB of the summed squares over a window.
SNR_DB = (-2.0, 8.0)
#: Noise is scaled to this root mean square, so that its magnitudes lie around 1.
NOISE_RMS = 1.0
#: P stands this long after the start of a window (s).
P_AT_S = (4.0, 9.0)
#: Records whose signal lies this far over their noise count as pure signals (dB).
STRONG_DB = 25.0
DEFAULT = {"train": 2000, "dev": 200, "test": 200}


@dataclass(frozen=True)
class Mixtures:
    """Waveforms (n, samples) of mixtures, their noise and their signal, vertical component, in units of the noise.

    `p_s` is where P stands in each window, in seconds after its start; `s_s` is NaN where S lies outside.
    """

    noise: Tensor
    signal: Tensor
    p_s: NDArray
    s_s: NDArray

    @property
    def mixture(self) -> Tensor:
        return self.noise + self.signal


def magnitudes(waveforms: Tensor) -> Tensor:
    """Short-time magnitudes (n, 1, 32 frequencies, 32 frames); white noise of unit variance has a mean near 0.9."""
    return spectra(waveforms).abs()[:, None, 1:]


def spectra(waveforms: Tensor) -> Tensor:
    """Complex short-time spectra (n, 33, 32) with a Hann window, scaled to unit power of white noise."""
    window = torch.hann_window(WINDOW, device=waveforms.device, dtype=waveforms.dtype)
    spectrum = torch.stft(waveforms, WINDOW, HOP, window=window, center=True, return_complex=True)
    return spectrum / window.square().sum().sqrt()


def waveforms_of(magnitude: Tensor, mixture: Tensor) -> Tensor:
    """Waveforms (n, samples) from magnitudes (n, 1, 32, 32) and the phases of mixtures, by overlap-add."""
    window = torch.hann_window(WINDOW, device=mixture.device, dtype=mixture.dtype)
    phase = torch.angle(spectra(mixture))
    size = torch.cat([torch.zeros_like(magnitude[:, 0, :1]), magnitude[:, 0].clamp(min=0)], dim=1)
    spectrum = torch.polar(size, phase) * window.square().sum().sqrt()
    return torch.istft(spectrum, WINDOW, HOP, window=window, center=True, length=mixture.shape[1])


def mixtures(split: Literal["train", "dev", "test"], count: int, seed: int = 0) -> Mixtures:
    """Synthetic strong vertical records scaled into synthetic station noise, other draws for each split."""
    from quakebook.data import synthetic

    stream = 3 * seed + ("train", "dev", "test").index(split)
    strong = synthetic.make("picker", count, stream, noise_fraction=0.0, snr_min_db=STRONG_DB, cultural_burst=0.0)
    quiet = synthetic.make("picker", 2 * count, 1_000_003 + stream, noise_fraction=0.9, cultural_burst=0.0)
    rows = np.flatnonzero(quiet.metadata["trace_category"].to_numpy() == "noise")[:count]
    if len(rows) < count:
        raise DataError(f"{len(rows)} noise records where {count} are needed")
    draw = np.random.default_rng([seed, stream])
    return mix(prepared(quiet.waveforms[rows, 0]), strong, draw)


def mix(noise: NDArray, strong: Any, draw: np.random.Generator) -> Mixtures:
    """Windows of noise (n, samples at 50 Hz) and of strong Records, added at random signal-to-noise ratios.

    Parameters
    ----------
    strong : Records
        At 100 Hz with `trace_p_arrival_sample`; their vertical component is taken for a pure signal.
    """
    signal = prepared(strong.waveforms[:, 0])
    rate = RATE_HZ / strong.sampling_rate_hz
    p = strong.metadata["trace_p_arrival_sample"].to_numpy(float) * rate
    s = strong.metadata["trace_s_arrival_sample"].to_numpy(float) * rate
    first = np.nan_to_num(np.round(p - draw.uniform(*P_AT_S, len(p)) * RATE_HZ), nan=0.0)  # without a pick: the start
    first = np.clip(first.astype(int), 0, signal.shape[1] - SAMPLES)
    signal = _windows(signal, first)
    noise = _windows(noise, draw.integers(0, noise.shape[1] - SAMPLES + 1, len(noise)))
    noise *= NOISE_RMS / np.sqrt((noise**2).mean(1, keepdims=True))
    ratio_db = draw.uniform(*SNR_DB, (len(signal), 1))
    signal *= NOISE_RMS * 10 ** (ratio_db / 20) / np.sqrt((signal**2).mean(1, keepdims=True))
    onset, second = (p - first) / RATE_HZ, (s - first) / RATE_HZ
    second[(second < 0) | (second >= SAMPLES / RATE_HZ)] = np.nan
    tensors = (torch.as_tensor(part, dtype=torch.float32) for part in (noise, signal))
    return Mixtures(*tensors, onset, second)


def prepared(waveforms: Tensor) -> NDArray:
    """Vertical records (n, samples) at 100 Hz -> 50 Hz, over 1 Hz (zero-phase), without their mean."""
    from scipy.signal import butter, resample_poly, sosfiltfilt

    values = waveforms.cpu().double().numpy()
    values = resample_poly(values - values.mean(1, keepdims=True), 1, 2, axis=1)
    return sosfiltfilt(butter(4, CORNER_HZ, "highpass", fs=RATE_HZ, output="sos"), values, axis=1)


def _windows(values: NDArray, first: NDArray) -> NDArray:
    return np.take_along_axis(values, first[:, None] + np.arange(SAMPLES), axis=1)


def make(split: Literal["train", "dev", "test"], count: int = 0, seed: int = 0) -> Domains:
    """Noise, signal and mixture magnitudes of a split; row i of the truth belongs to row i of the mixtures.

    The pure domains are those of other draws than the mixtures.
    """
    count = count or DEFAULT[split]
    mixed = mixtures(split, 2 * count, seed)
    parts = [magnitudes(wave) for wave in (mixed.noise, mixed.signal)]
    both = magnitudes(mixed.mixture)
    name = f"spectrograms {split}"
    pure = [Held(part[count:], f"{name} {word}") for part, word in zip(parts, ("noise", "signal"), strict=True)]
    truth = tuple(Held(part[:count], f"{name} true {word}") for part, word in zip(parts, ("noise", "signal"),
                                                                                   strict=True))
    return Domains(*pure, Held(both[:count], f"{name} mixture"), truth, name)
