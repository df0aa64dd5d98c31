"""Numbers of solvers and baselines that nobody gives: printed by the sources, or chosen (marked)."""

import inspect

import numpy as np
import pytest
import torch

from quakebook.bugfinv.objective import lbfgs, nash, rules, solvers
from quakebook.bugfinv.objective.bayes import aggregator, kernel, moments, options, posterior, rows


def defaults(function):
    """Numbers that a function takes when they are not given."""
    return {name: p.default for name, p in inspect.signature(function).parameters.items()
            if isinstance(p.default, (int, float, tuple)) and not isinstance(p.default, bool)}


def test_published_numbers():
    """CAGrad's c; the README's variances; Nash with norm 1, weights at every step and 20 iterations; L-BFGS as told."""
    assert solvers.CAGRAD_RADIUS == 0.4 and moments.MIN_VAR == 1e-8
    assert options.REG_HPS == {"gamma": 0.001, "sqrt_power": 1.0, "obs_noise": 1.0}
    assert defaults(nash.NashMTL.__init__) == {"max_norm": 1.0, "update_weights_every": 1, "optim_niter": 20}
    assert defaults(lbfgs.invert) == {"mu": 1.0, "tv": 2.0, "iterations": 60, "history": 10}
    assert defaults(aggregator.BUGFInv.__init__) == {
        "num_tasks": 3, "n_outputs_per_task_group": (1, 1, 1), "feature_dim": -1, "warmup_steps": 0, "max_norm": 0.0}


def test_chosen_numbers():
    """Ours: iterations of Nash's equations and where they are given up, sizes of blocks on each device."""
    assert (nash.MAX_ITERATIONS, nash.LARGEST) == (100, 1e6)
    assert (kernel.MAX_FEATURES, kernel.BLOCK_ROWS, posterior.CHUNK_ROWS) == (128, 32, 16_384)
    assert rows.CHUNK_ROWS == {"cpu": 1024, "cuda": 65_536}


def test_what_a_plain_rule_says_of_itself():
    assert rules.PLAIN == {"clamped": 0, "share.sd": 0, "share.over_half": 0, "sign_conflict": 0,
                           "cosine.plain_mean": 1}


@pytest.mark.parametrize(("dtype", "jitter"), [(torch.float64, 1e-9), (torch.float32, 1e-7)])
def test_the_first_jitter_makes_a_singular_matrix_definite(dtype, jitter):
    """Of zeros the factor is sqrt(jitter) on the diagonal."""
    factor = posterior.psd_safe_cholesky(torch.zeros(2, 2, dtype=dtype))
    assert factor.diagonal().tolist() == pytest.approx([jitter**0.5] * 2, rel=1e-4)


def test_jitter_grows_tenfold_until_it_is_enough():
    """-2e-4 needs 1e-3: the seventh from 1e-9; with too few tries the matrix is refused."""
    matrix = -2e-4 * torch.eye(1, dtype=torch.float64)
    assert float(posterior.psd_safe_cholesky(matrix)) == pytest.approx((1e-3 - 2e-4) ** 0.5)
    with pytest.raises(ValueError, match="even with jitter 0.0001"):
        posterior.psd_safe_cholesky(matrix, tries=6)
    assert defaults(posterior.psd_safe_cholesky) == {"tries": 25}


def test_the_inversion_penalises_what_it_says(tiny_survey):
    """At the start u = 0: misfit of the initial model over noise, no norm, and tv sqrt(0.01) for every step in time."""
    low = torch.log(tiny_survey.initial)
    data = tiny_survey.gathers * tiny_survey.seismic_std + tiny_survey.seismic_mean
    residual = (tiny_survey.forward(low) - data) / tiny_survey.noise_std
    steps = low.numel() // low.shape[-1] * (low.shape[-1] - 1)
    found = lbfgs.invert(tiny_survey, iterations=1)
    assert found.objective[0] == pytest.approx(0.5 * float(residual.square().sum()) + 2.0 * 0.1 * steps, rel=1e-4)
    assert np.isfinite(found.misfit)
