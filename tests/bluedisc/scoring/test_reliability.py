"""Reliability of forecasts with known answers."""

import numpy as np
import torch

from quakebook.bluedisc.scoring.reliability import add, reliability


def test_reliability_of_a_calibrated_forecast_is_the_diagonal():
    probability = torch.rand(200_000, generator=torch.Generator().manual_seed(0))
    happened = (torch.rand(200_000, generator=torch.Generator().manual_seed(1)) < probability).float()
    table = add([reliability(probability[:100_000], happened[:100_000]),
                 reliability(probability[100_000:], happened[100_000:])])
    predicted, observed = table.curve()
    assert np.abs(predicted - observed).max() < 0.03 and table.count.sum() == 200_000
