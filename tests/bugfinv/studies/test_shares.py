"""The study of shares against a plain computation in float64, and limits."""

import numpy as np
import pytest
import torch

from quakebook.bugfinv.networks.inversion import InversionNetwork
from quakebook.bugfinv.objective.bayes.summary import Summary
from quakebook.bugfinv.studies.shares import BINS, study


def test_shares_of_a_small_network(oracle):
    torch.manual_seed(0)
    network = InversionNetwork(6, (4,) * 4, (5,) * 4, dropout=0.0)
    x, y = torch.randn(2, 6, 9), torch.randn(2, 3, 9)
    found = study(network, x, y, 0.5, 0.3)
    h = network.shared_encoder(x).detach().double().reshape(-1, 5)
    target = y.movedim(1, -1).reshape(-1, 3).double()
    h1 = torch.cat([h, torch.ones(len(h), 1, dtype=torch.float64)], 1)
    covariance = torch.linalg.inv(torch.eye(6) / 0.5 + 2 * h1.T @ h1 / 0.3)
    mean = (covariance @ (2 * h1.T @ target / 0.3)).T
    expected, variance = (each[..., :5] for each in oracle(h1, target, mean, covariance))
    precision = 1 / variance
    share = precision / precision.sum(1, keepdim=True)
    assert np.allclose(found.mean, share.mean((0, 2)), atol=1e-6)
    assert np.allclose(found.deviation, share.std((0, 2), correction=0), atol=1e-6)
    a, b = (share * expected).sum(1).flatten(), expected.mean(1).flatten()
    assert found.cosine_features == pytest.approx(float(a @ b / a.norm() / b.norm()), abs=1e-6)
    assert found.over_half == pytest.approx(float((share.amax(1) > 0.5).double().mean()))
    assert found.by_residual.sum() == pytest.approx(1) and -1 <= found.cosine_encoder <= 1
    assert np.allclose((found.histogram * np.diff(BINS)).sum(1), 1)


def test_summary_by_hand():
    """Two entries, two tasks: shares (0.9, 0.1) and (0.5, 0.5); gradients (1, -1) and (2, 4)."""
    summary = Summary(torch.zeros(1, 2, dtype=torch.float64), 2)
    shares = {0: torch.tensor([[0.9, 0.5]], dtype=torch.float64), 1: torch.tensor([[0.1, 0.5]], dtype=torch.float64)}
    gradients = {task: torch.tensor([row], dtype=torch.float64) for task, row in enumerate(([1.0, 2.0], [-1.0, 4.0]))}
    fused = sum(shares[t] * gradients[t] for t in (0, 1))  # (0.8, 3); the plain mean is (0, 3)
    summary.add(fused, shares, gradients, torch.tensor(1))
    found = {name: value.tolist() for name, value in summary.result().items()}
    assert found["share"] == pytest.approx([0.7, 0.3]) and found["spread"] == pytest.approx(0.2)
    assert found["dominated"] == 0.5 and found["conflict"] == 0.5 and found["clamped"] == 0.25
    assert found["cosine"] == pytest.approx(3 / (0.8**2 + 9) ** 0.5)
