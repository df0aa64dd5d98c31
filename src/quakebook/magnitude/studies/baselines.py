"""Magnitudes without a network: the training mean, and Richter's regression on amplitude and S-P time.

Both are scored on the records of the networks. Richter reads the window that they are given, and the picks in it.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from quakebook.magnitude.data.amplitude import remove_mean
from quakebook.magnitude.data.tensors import MagnitudeData
from quakebook.magnitude.data.windows import anchored_starts, windows_of_length
from quakebook.magnitude.model_types import lookup
from quakebook.magnitude.networks.build import build
from quakebook.magnitude.scoring.predict import MagnitudePredictions

#: The networks' window: 30 s with P at 5 s.
WINDOW_SAMPLES = lookup("richter").window_samples
RATE_HZ = 100.0


def features(data: MagnitudeData) -> tuple[Tensor, Tensor]:
    """log10 of the peak velocity in m/s and log10 of S-P in s, shape (n,).

    The amplitude is NaN without a gain; S-P is NaN where a pick is missing or S lies beyond the window.
    """
    start = anchored_starts(data.picks_p, data.picks_s)
    windows = remove_mean(windows_of_length(data.waveforms, start, WINDOW_SAMPLES))
    peak = windows.abs().amax(dim=(1, 2)) / data.sensitivity
    first_p, first_s = (torch.nan_to_num(picks, nan=torch.inf).amin(1) for picks in (data.picks_p, data.picks_s))
    sp = (first_s - first_p) / RATE_HZ
    seen = first_p.isfinite() & (first_s - start < WINDOW_SAMPLES) & (sp > 0)
    nothing = torch.full_like(peak, torch.nan)
    return (torch.log10(peak).where(peak > 0, nothing),
            torch.log10(sp.clamp(min=1e-3)).where(seen, nothing))


def fit(model_type: str, train: MagnitudeData) -> nn.Module:
    """Fit ``richter`` or ``constant`` on the event records of a training set."""
    events = train.subset(train.is_event)
    if model_type == "constant":
        return build("constant").fit(events.magnitude)
    return build("richter").fit(*features(events), events.magnitude)


def predict(model: nn.Module, data: MagnitudeData) -> MagnitudePredictions:
    """Magnitudes of all event records."""
    events = data.subset(data.is_event)
    values = model(len(events)) if type(model).__name__ == "Constant" else model(*features(events))
    picks = torch.nan_to_num(torch.cat([events.picks_p, events.picks_s], 1), nan=torch.inf).amin(1)
    onset = (picks - anchored_starts(events.picks_p, events.picks_s)) / RATE_HZ
    return MagnitudePredictions(
        true=events.magnitude.double().numpy(), read_outs={"scalar": np.asarray(values.double())},
        onset_s=onset.double().numpy(), event=events.event, name=events.name, snr_db=events.snr_db.double().numpy(),
        distance_km=events.distance_km.double().numpy())
