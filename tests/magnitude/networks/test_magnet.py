"""MagNet's uncertainty: parts of the variance over passes with dropout, by hand."""

import math

import torch

from quakebook.magnitude import build


def test_aleatoric_and_epistemic_variance_of_two_passes(monkeypatch):
    """Means 1 and 3, then 5 and 5; log variances 0 and ln 3, then ln 2 and ln 4."""
    model = build("magnet").eval()
    first = torch.tensor([[1.0, 0.0], [5.0, math.log(2)]])
    passes = iter([first, torch.tensor([[3.0, math.log(3)], [5.0, math.log(4)]])])
    modes = []

    def forward(x):
        modes.append(model.training)
        return next(passes)

    monkeypatch.setattr(model, "forward", forward)
    mean, aleatoric, epistemic = model.uncertainty(torch.zeros(2, 3, 3000), passes=2)
    torch.testing.assert_close(mean, torch.tensor([2.0, 5.0]))
    torch.testing.assert_close(aleatoric, torch.tensor([2.0, 3.0]))
    torch.testing.assert_close(epistemic, torch.tensor([1.0, 0.0]))
    assert modes == [True, True] and not model.training


def test_fifty_passes_unless_told_otherwise(monkeypatch):
    """The number of the published training code."""
    model, counted = build("magnet").train(), []
    monkeypatch.setattr(model, "forward", lambda x: counted.append(1) or torch.zeros(1, 2))
    model.uncertainty(torch.zeros(1, 3, 3000))
    assert len(counted) == 50 and model.training
