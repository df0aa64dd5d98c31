"""One training sample, as a network sees it: waveforms and both kinds of labels."""

from __future__ import annotations

import numpy as np
import torch

from quakebook.training.seeding import generator

from .batches import Task, targets, windows_of
from .tensors import MagnitudeData
from .windows import training_starts

WINDOW_SAMPLES = 3001


def training_sample(data: MagnitudeData, row: int, seed: int = 0, offset: float = 0.0) -> dict[str, np.ndarray]:
    """Draw a training window of one record.

    Returns
    -------
    dict
        ``waveforms`` (3, 3001) in counts, ``phases`` (3, 3001) in the order P, S, noise, ``magnitude`` (3001,),
        ``picks_p`` and ``picks_s`` in samples of the window (NaN = none).
    """
    record = torch.tensor([row])
    start = training_starts(data.picks_p, data.picks_s, data.npts, record, generator("cpu", seed, row), WINDOW_SAMPLES)
    found = {kind: targets(Task(kind, True, WINDOW_SAMPLES, phases, offset), data, record, start)[0]
             for kind, phases in (("phase", "PSN"), ("magnitude", "PS"))}
    return {"waveforms": windows_of(data, record, start, WINDOW_SAMPLES)[0].numpy(),
            "phases": found["phase"].numpy(), "magnitude": found["magnitude"][0].numpy(),
            "picks_p": (data.picks_p[row] - start).numpy(), "picks_s": (data.picks_s[row] - start).numpy()}
