"""Magnitudes without a network: the training mean, and Richter's regression on amplitude and S-P time."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from quakebook.magnitude.data.amplitude import remove_mean
from quakebook.magnitude.data.tensors import MagnitudeData
from quakebook.magnitude.data.windows import anchored_starts, windows_of_length
from quakebook.magnitude.networks.build import build
from quakebook.magnitude.scoring.predict import MagnitudePredictions

#: 5 s before P and 45 s after it: the S wave of every record is inside.
WINDOW_SAMPLES = 5000
RATE_HZ = 100.0


def features(data: MagnitudeData) -> tuple[Tensor, Tensor]:
    """log10 of the peak velocity in m/s and log10 of S-P in s, shape (n,); NaN where a pick or the gain is missing."""
    windows = remove_mean(windows_of_length(data.waveforms, anchored_starts(data.picks_p, data.picks_s),
                                            WINDOW_SAMPLES))
    peak = windows.abs().amax(dim=(1, 2)) / data.sensitivity
    first_p, first_s = (torch.nan_to_num(picks, nan=torch.inf).amin(1) for picks in (data.picks_p, data.picks_s))
    sp = (first_s - first_p) / RATE_HZ
    good = first_p.isfinite() & first_s.isfinite() & (sp > 0) & (peak > 0)
    nothing = torch.full_like(peak, torch.nan)
    return torch.log10(peak).where(good, nothing), torch.log10(sp.clamp(min=1e-3)).where(good, nothing)


def fit(model_type: str, train: MagnitudeData) -> nn.Module:
    """Fit ``richter`` or ``constant`` on the event records of a training set."""
    events = train.subset(train.is_event)
    if model_type == "constant":
        return build("constant").fit(events.magnitude)
    amplitude, sp = features(events)
    good = amplitude.isfinite()
    return build("richter").fit(amplitude[good], sp[good], events.magnitude[good])


def predict(model: nn.Module, data: MagnitudeData) -> MagnitudePredictions:
    """Magnitudes of event records. Richter answers only where both picks and the gain are known."""
    events = data.subset(data.is_event)
    if type(model).__name__ == "Constant":
        values = model(len(events))
    else:
        amplitude, sp = features(events)
        events, values = events.subset(amplitude.isfinite()), model(amplitude, sp)[amplitude.isfinite()]
    onset = torch.nan_to_num(torch.cat([events.picks_p, events.picks_s], 1), nan=torch.inf).amin(1) / RATE_HZ
    return MagnitudePredictions(
        true=events.magnitude.double().numpy(), read_outs={"scalar": np.asarray(values.double())},
        onset_s=onset.double().numpy(), event=events.event, name=events.name, snr_db=events.snr_db.double().numpy(),
        distance_km=events.distance_km.double().numpy())
