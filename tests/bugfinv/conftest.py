import pytest
import torch

torch.set_num_threads(1)


def full_covariance_moments(features, labels, mean, covariance):
    """Mean and variance of g = 2 (w^T h - y) w by whole d x d second moments: the slow way, as an oracle.

    With z = (s, w), s = w^T h - y, Gaussian: E[s w] and E[s^2 w w^T] by Isserlis, every element, then the diagonal.
    """
    expected, variance = [], []
    for h, y in zip(features, labels, strict=True):
        rows = [(_one_gradient(h, target, mu, covariance)) for target, mu in zip(y, mean, strict=True)]
        expected.append(torch.stack([e for e, _ in rows]))
        variance.append(torch.stack([torch.diagonal(v) for _, v in rows]))
    return torch.stack(expected), torch.stack(variance)


def _one_gradient(h, y, mu, sigma):
    outer = torch.einsum("i,j->ij", mu, mu)
    v = torch.einsum("ij,j->i", sigma, h)
    q, m = torch.einsum("i,i->", h, v), torch.einsum("i,i->", mu, h) - y
    first = m * mu + v
    second = (m * m * outer + m * m * sigma + q * outer
              + 2 * m * (torch.einsum("i,j->ij", mu, v) + torch.einsum("i,j->ij", v, mu))
              + q * sigma + 2 * torch.einsum("i,j->ij", v, v))
    return 2 * first, 4 * (second - torch.einsum("i,j->ij", first, first))


@pytest.fixture
def oracle():
    return full_covariance_moments


@pytest.fixture
def problem():
    """Features, labels and a posterior in float64 for given sizes."""

    def build(rows=40, d=12, outputs=3, seed=0, prior=1.0, noise=0.05):
        g = torch.Generator().manual_seed(seed)
        h = torch.randn(rows, d, generator=g, dtype=torch.float64)
        w = torch.randn(outputs, d, generator=g, dtype=torch.float64)
        y = h @ w.T + 0.2 * torch.randn(rows, outputs, generator=g, dtype=torch.float64)
        precision = torch.eye(d, dtype=torch.float64) / prior + h.T @ h / noise
        covariance = torch.linalg.inv(precision)
        return h, y, (covariance @ (h.T @ y / noise)).T.contiguous(), covariance

    return build


@pytest.fixture(scope="session")
def tiny_model():
    from quakebook.data.elastic import synthetic

    return synthetic.make((12, 10, 48), 0.004, seed=3)


@pytest.fixture(scope="session")
def tiny_survey(tiny_model):
    from quakebook.bugfinv.data import survey

    return survey.build(tiny_model, n_wells=6, n_unlabelled=8)
