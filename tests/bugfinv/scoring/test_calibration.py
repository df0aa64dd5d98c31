"""Coverage, rank correlation and deviations of the posterior heads against values worked out elsewhere."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score, root_mean_squared_error

from quakebook.bugfinv.networks.inversion import InversionNetwork
from quakebook.bugfinv.scoring.metrics import scores
from quakebook.bugfinv.scoring.predict import fit_heads, predict
from quakebook.bugfinv.scoring.volumes import calibration, score_volumes


def one_trace(*values):
    """The same five numbers for all three parameters, (1, 3, 5)."""
    return np.repeat(np.array(values, dtype=float)[None, None], 3, axis=1)


def test_coverage_and_rank_by_hand():
    """Errors 0.5, 1, 1.5, 2, 4 with deviations 1, 1, 1, 2, 1: three within one deviation, four within two.

    Ranks of the errors 1 to 5, of the deviations 2.5, 2.5, 2.5, 5, 2.5: covariance 10 * 0.25 = 2.5, variances 10 and 5.
    """
    found = calibration(one_trace(0.5, -1.0, 1.5, 2.0, -4.0), one_trace(1, 1, 1, 2, 1), one_trace(0, 0, 0, 0, 0))
    for key in ("Vp", "Vs", "rho"):
        assert found[f"calibration.within1sd.{key}"] == pytest.approx(3 / 5)
        assert found[f"calibration.within2sd.{key}"] == pytest.approx(4 / 5)
        assert found[f"calibration.spearman.{key}"] == pytest.approx(2.5 / 50**0.5)


def test_limits_of_coverage():
    generator = np.random.default_rng(0)
    true = generator.normal(size=(40, 3, 50))
    found = calibration(np.zeros_like(true), np.ones_like(true), true)
    assert found["calibration.within1sd.Vp"] == pytest.approx(0.683, abs=0.03)
    assert found["calibration.within2sd.Vp"] == pytest.approx(0.954, abs=0.02)
    perfect = calibration(true, np.ones_like(true) + 0.1 * true**2, true)
    assert perfect["calibration.within1sd.rho"] == 1.0


def test_calibration_stands_at_blind_traces_only(tiny_survey):
    """An error at one well, none elsewhere: coverage at blind traces stays whole."""
    true = tiny_survey.true.numpy()
    wrong = true.copy()
    wrong[tiny_survey.train[0]] *= 2.0
    volumes = {"posterior": wrong, "std": np.full_like(true, 1e-3) + np.abs(true) * 1e-6}
    found = score_volumes(volumes, tiny_survey)
    assert found["calibration.within1sd.Vp"] == 1.0 and found["posterior.blind.nrmse.Vp"] == 0.0
    assert found["posterior.all.nrmse.Vp"] > 0.0


def test_scores_equal_scikit_learn():
    generator = np.random.default_rng(1)
    true, predicted = generator.normal(size=(2, 6, 3, 20))
    found = scores(predicted, true, (1, 6), ssim=False)
    for k, key in enumerate(("Vp", "Vs", "rho")):
        t, p = true[:, k].ravel(), predicted[:, k].ravel()
        rmse = root_mean_squared_error(t, p)
        assert found[f"r2.{key}"] == pytest.approx(r2_score(t, p))
        assert found[f"pcc.{key}"] == pytest.approx(np.corrcoef(t, p)[0, 1])
        assert found[f"nrmse.{key}"] == pytest.approx(rmse / np.ptp(t))
        assert found[f"rmse_std.{key}"] == pytest.approx(rmse / t.std())
    assert found["nrmse.overall"] == pytest.approx(np.mean([found[f"nrmse.{key}"] for key in ("Vp", "Vs", "rho")]))
    constant = scores(np.broadcast_to(true.mean((0, 2), keepdims=True), true.shape), true, (1, 6), ssim=False)
    assert constant["r2.Vp"] == pytest.approx(0.0) and abs(constant["pcc.Vp"]) < 1e-12
    assert constant["rmse_std.Vs"] == pytest.approx(1.0)


def test_predicted_variance_is_that_of_a_bayesian_ridge():
    """h^T Sigma h + s2 with Sigma = (H^T H / s2 + I / prior)^-1, and means as scikit-learn's ridge has them."""
    torch.manual_seed(0)
    network = InversionNetwork(6, (4,) * 4, (5,) * 4).eval()
    x, y = torch.randn(4, 6, 24), torch.randn(4, 3, 24)
    prior = 2.0
    heads = fit_heads(network, x, y, prior)
    std = heads.apply(network, x)
    with torch.no_grad():
        h = network.shared_encoder(x).double().reshape(-1, 5).numpy()
    h1 = np.hstack([h, np.ones((len(h), 1))])
    for t in range(3):
        target = y[:, t].double().reshape(-1).numpy()
        first = Ridge(alpha=1.0 / prior, fit_intercept=False).fit(h1, target)
        noise = np.mean((first.predict(h1) - target) ** 2)
        assert float(heads.noise_variance[t]) == pytest.approx(noise, rel=1e-5)
        covariance = np.linalg.inv(h1.T @ h1 / noise + np.eye(6) / prior)
        variance = np.einsum("nd,de,ne->n", h1, covariance, h1) + noise
        assert np.allclose(std[:, t].reshape(-1).numpy() ** 2, variance, rtol=1e-4)
        second = Ridge(alpha=noise / prior, fit_intercept=False).fit(h1, target)
        assert np.allclose(predict(network, x)[:, t].reshape(-1), second.predict(h1), atol=1e-4)


def test_a_perfect_fit_keeps_a_floor_of_noise():
    torch.manual_seed(0)
    network = InversionNetwork(6, (4,) * 4, (5,) * 4).eval()
    x = torch.randn(2, 6, 24)
    assert fit_heads(network, x, torch.zeros(2, 3, 24), 1e3).noise_variance.tolist() == pytest.approx([1e-6] * 3)
