"""Two ways to mean and covariance from a Cholesky factor: the CPU's and that of a GPU."""

import pytest
import torch

from quakebook.bugfinv.objective.bayes.posterior import solved, solved_together


@pytest.mark.parametrize("outputs", [1, 3])
def test_one_solve_equals_two(outputs):
    g = torch.Generator().manual_seed(0)
    rows = torch.randn(200, 17, generator=g, dtype=torch.float64)
    precision = rows.T @ rows + 0.1 * torch.eye(17, dtype=torch.float64)
    eta = torch.randn(17, outputs, generator=g, dtype=torch.float64)
    factor = torch.linalg.cholesky(precision)
    for way in (solved, solved_together):
        mean, covariance = way(factor, eta)
        torch.testing.assert_close(covariance, torch.linalg.inv(precision), rtol=1e-10, atol=1e-14)
        torch.testing.assert_close(mean, torch.linalg.solve(precision, eta), rtol=1e-10, atol=1e-14)
