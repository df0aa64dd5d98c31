"""Weights of the solvers against TorchJD called directly, and faces of the triangle by hand."""

import pytest
import torch
from torchjd import aggregation

from quakebook.bugfinv.objective.solvers import METHODS, _stationary, min_norm_weights, weights


def gramian(seed=0):
    g = torch.randn(3, 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return g @ g.T


@pytest.mark.parametrize(("name", "rule"), [
    ("upgrad", aggregation.UPGradWeighting), ("cagrad", lambda: aggregation.CAGradWeighting(0.4)),
    ("imtl_g", aggregation.IMTLGWeighting), ("aligned_mtl", aggregation.AlignedMTLWeighting),
    ("dual_proj", aggregation.DualProjWeighting)])
def test_rules_are_those_of_torchjd(name, rule):
    matrix = gramian(3)
    assert torch.allclose(weights(matrix, name), rule()(matrix), atol=1e-6)


def test_pcgrad_projects_each_gradient_once():
    """Without conflict nothing is projected: every weight is one."""
    assert weights(torch.eye(3, dtype=torch.float64) + 0.1, "pcgrad").tolist() == pytest.approx([1, 1, 1])
    assert weights(gramian(), "cw").tolist() == [1, 1, 1] and set(METHODS) >= {"pcgrad", "mgda"}


@pytest.mark.parametrize(("vectors", "want"), [
    ([[1.0, 0.0], [0.0, 1.0], [3.0, 3.0]], [0.5, 0.5, 0.0]),  # an edge of the triangle
    ([[2.0, 0.0], [3.0, 1.0], [4.0, 0.0]], [1.0, 0.0, 0.0]),  # a corner
    ([[2.0, 0.0], [0.0, 1.0], [9.0, 9.0]], [0.2, 0.8, 0.0]),  # inverse squares of the lengths
    ([[1.0, 0.0], [-1.0, 1.0], [-1.0, -1.0]], [0.5, 0.25, 0.25]),  # the origin lies inside
])
def test_the_point_of_smallest_norm(vectors, want):
    g = torch.tensor(vectors, dtype=torch.float64)
    assert min_norm_weights(g @ g.T).tolist() == pytest.approx(want, abs=1e-9)


def test_the_stationary_point_of_a_plane():
    """x = G^-1 1 / (1^T G^-1 1); diag(1, 4): (4, 1) / 5, at any scale."""
    for scale in (1e-12, 1.0, 1e12):
        assert _stationary(torch.diag(torch.tensor([1.0, 4.0], dtype=torch.float64)) * scale).tolist() == pytest.approx(
            [0.8, 0.2])
    assert _stationary(torch.ones(2, 2, dtype=torch.float64)).tolist() == pytest.approx([0.5, 0.5])
