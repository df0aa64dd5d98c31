"""One P onset for each of many waveforms: the form in which a chapter that cleans waveforms is handed a picker.

No chapter is imported: a PhaseNet is opened from its file as SeisBench's own class, or any SeisBench picker is given.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from .normalise import per_component_peak

#: Waveforms (n, samples) of vertical records and their rate in Hz -> one P onset in s for each, NaN where none.
OnsetPicker = Callable[[NDArray, float], NDArray]
#: Height at which a curve counts as a pick, as in SeisBench.
THRESHOLD = 0.3
BATCH = 64


def open_phasenet(path: str | Path) -> Any:
    """A PhaseNet from a safetensors file with ``phases`` in its header, as a `seisbench.models.PhaseNet` in eval mode.

    Raises
    ------
    ValueError
        Not such a file; the message names it.
    """
    from safetensors import SafetensorError, safe_open
    from safetensors.torch import load_file
    from seisbench.models import PhaseNet

    try:
        with safe_open(path, framework="pt") as file:
            phases = (file.metadata() or {}).get("phases", "PSN")
        model = PhaseNet(phases=phases)
        model.load_state_dict(load_file(path))
    except (SafetensorError, RuntimeError, OSError) as error:
        raise ValueError(f"{path} holds no PhaseNet ({str(error).splitlines()[0]})") from error
    return model.eval()


def p_onsets(model: Any, activation: Literal["sigmoid", "softmax"] = "sigmoid",
             threshold: float = THRESHOLD) -> OnsetPicker:
    """A picker that takes the highest sample of the P curve, for waveforms that hold one earthquake.

    Waveforms are brought to the model's rate and put into the middle of a window that goes on with their mirror image:
    where noise began or ended with the waveform, a network would find an onset. The horizontal components are zero, as
    those of stations that have none.

    Parameters
    ----------
    model : seisbench.models.PhaseNet
        In eval mode, answering logits; labels with "P".
    activation : {"sigmoid", "softmax"}
        What the outputs were trained with.
    threshold : float
        Lowest height of a pick.

    Returns
    -------
    callable
        Waveforms (n, samples) and their rate in Hz -> onsets (n,) in seconds after the first sample, NaN where the
        curve stays below the threshold.
    """
    channel = list(model.labels).index("P")

    def pick(waveforms: NDArray, rate_hz: float) -> NDArray:
        values = _resampled(waveforms, rate_hz, float(model.sampling_rate))
        missing = model.in_samples - values.shape[1]
        if not 0 <= missing < values.shape[1]:
            raise ValueError(f"this picker takes more than half of its window of {model.in_samples} samples "
                             f"at {model.sampling_rate:g} Hz, and no longer ones; found {values.shape[1]} samples")
        before = missing // 2
        windows = torch.zeros(len(values), 3, model.in_samples)
        mirrored = np.pad(values, ((0, 0), (before, missing - before)), mode="reflect")
        windows[:, list(model.component_order).index("Z")] = torch.as_tensor(mirrored, dtype=torch.float32)
        curves = torch.cat([_curves(model, part, activation)[:, channel] for part in windows.split(BATCH)])
        height, sample = curves[:, before:before + values.shape[1]].max(1)
        onset = sample.double() / model.sampling_rate
        return onset.where(height >= threshold, torch.nan).numpy()

    return pick


@torch.inference_mode()
def _curves(model: Any, windows: torch.Tensor, activation: str) -> torch.Tensor:
    logits = model(per_component_peak(windows), logits=True)
    return torch.sigmoid(logits) if activation == "sigmoid" else torch.softmax(logits, dim=1)


def _resampled(waveforms: NDArray, rate_hz: float, wanted_hz: float) -> NDArray:
    from scipy.signal import resample_poly

    ratio = Fraction(wanted_hz / rate_hz).limit_denominator(1000)
    values = np.asarray(waveforms, dtype=np.float64)
    values = values - values.mean(1, keepdims=True)
    return values if ratio == 1 else resample_poly(values, ratio.numerator, ratio.denominator, axis=1)
