"""Scaling of waveforms, and the amplitude channel that tells the network what scaling removes.

Magnitude is defined by amplitude: a factor 10 is one unit. Dividing a window by its own standard deviation or peak
removes exactly that; `log_amplitude` hands it back as one constant extra channel.
"""

from __future__ import annotations

import torch
from torch import Tensor

#: Keeps a dead component (all zeros) finite.
TINY = 1e-10
#: Centre, spread and floor of log10 amplitude (own choice): counts, and metres per second.
AMPLITUDE_SCALE = {"counts": (3.0, 2.0, 1e-3), "physical": (-6.0, 1.5, 1e-12)}


def remove_mean(waveforms: Tensor) -> Tensor:
    """Subtract each component's mean; shape ``(batch, 3, samples)`` in and out."""
    return waveforms - waveforms.mean(dim=-1, keepdim=True)


def scale(waveforms: Tensor, norm: str, joint_std: bool = False) -> Tensor:
    """Divide each component by its own standard deviation (``std``) or largest absolute value (``peak``).

    `joint_std` uses one standard deviation for all components, as EQTransformer does. A component of zeros stays zero.
    """
    if norm == "std":
        divisor = waveforms.std(dim=(-1, -2) if joint_std else -1, keepdim=True)
    elif norm == "peak":
        divisor = waveforms.abs().amax(dim=-1, keepdim=True)
    else:
        raise ValueError(f"`norm` must be 'std' or 'peak'; found {norm!r}")
    return waveforms / (divisor + TINY)


def log_amplitude(waveforms: Tensor, amplitude: str, sensitivity: Tensor | None = None) -> Tensor:
    """Scaled logarithm of the amplitude of a window without mean.

    a = (log10(s + floor) - m) / d with s the largest of the component standard deviations, in counts or, for
    ``physical``, in m/s (counts divided by the station's sensitivity).

    Parameters
    ----------
    waveforms : Tensor, shape (batch, 3, samples)
        Counts, mean removed.
    amplitude : {"counts", "physical"}
    sensitivity : Tensor, shape (batch,), optional
        Counts per m/s; required by ``physical``.

    Returns
    -------
    Tensor, shape (batch,)
        Of order one.
    """
    if amplitude not in AMPLITUDE_SCALE:
        raise ValueError(f"`amplitude` must be 'counts' or 'physical' here; found {amplitude!r}")
    centre, spread, floor = AMPLITUDE_SCALE[amplitude]
    size = waveforms.std(dim=-1).amax(dim=-1)
    if amplitude == "physical":
        if sensitivity is None:
            raise ValueError("amplitude='physical' needs the sensitivity of every record (counts per m/s, metadata "
                             "column station_sensitivity_counts_spm); use amplitude='counts' for data without it")
        size = size / sensitivity
    return (torch.log10(size + floor) - centre) / spread


def prepare(waveforms: Tensor, norm: str = "std", amplitude: str = "none", sensitivity: Tensor | None = None, *,
            joint_std: bool = False, taper_samples: int = 0) -> Tensor:
    """Turn raw windows into network input.

    Returns
    -------
    Tensor, shape (batch, 3, samples), or (batch, 4, samples) with amplitude
        The fourth channel is constant in time.
    """
    if waveforms.ndim != 3 or waveforms.shape[1] != 3:
        raise ValueError(f"`waveforms` must have shape (batch, 3, samples); found {tuple(waveforms.shape)}")
    centred = remove_mean(waveforms)
    scaled = scale(centred, norm, joint_std)
    if taper_samples:
        scaled = scaled * cosine_taper(scaled.shape[-1], taper_samples).to(scaled)
    if amplitude == "none":
        return scaled
    channel = log_amplitude(centred, amplitude, sensitivity)
    return torch.cat([scaled, channel[:, None, None].expand(-1, 1, scaled.shape[-1])], dim=1)


def cosine_taper(n_samples: int, taper_samples: int) -> Tensor:
    """One, but rising from 0 to 1 over the first `taper_samples` and falling over the last."""
    ramp = 0.5 * (1 - torch.cos(torch.linspace(0.0, torch.pi, taper_samples)))
    taper = torch.ones(n_samples)
    taper[:taper_samples] = ramp
    taper[n_samples - taper_samples:] = ramp.flip(0)
    return taper
