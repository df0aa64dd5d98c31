"""What L-BFGS minimises, against the formula worked out sample by sample."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from quakebook.bugfinv.data import first_guess
from quakebook.bugfinv.objective import lbfgs


def test_the_first_objective_is_that_of_the_initial_model(tiny_survey):
    """At u = 0 the prior is zero and each of the 3 (T - 1) differences of a trace weighs tv sqrt(0.01)."""
    traces, _, samples = tiny_survey.initial.shape
    data = tiny_survey.gathers * tiny_survey.seismic_std + tiny_survey.seismic_mean
    residual = (tiny_survey.forward(torch.log(tiny_survey.initial)) - data) / tiny_survey.noise_std
    want = 0.5 * float(residual.double().square().sum()) + 2.0 * 0.1 * traces * 3 * (samples - 1)
    assert lbfgs.invert(tiny_survey, iterations=1).objective[0] == pytest.approx(want, rel=1e-4)
    plain = lbfgs.invert(tiny_survey, tv=0.0, iterations=1).objective[0]
    assert plain == pytest.approx(0.5 * float(residual.double().square().sum()), rel=1e-4)


def test_the_covariance_is_that_of_what_the_low_pass_leaves(tiny_survey):
    root = lbfgs._root_covariance(tiny_survey).numpy()
    logs = tiny_survey.true[tiny_survey.train].double().numpy()
    rest = np.log(logs) - np.log(first_guess.low_pass(logs, tiny_survey.dt_s))
    want = np.cov(np.stack([rest[:, k].ravel() for k in range(3)]))
    assert np.allclose(root, root.T) and np.allclose(root @ root, want, atol=1e-11)
    assert (np.linalg.eigvalsh(root) > 0).all()


def test_a_stiff_prior_keeps_the_initial_model_and_the_misfit_is_that_of_the_result(tiny_survey):
    stiff = lbfgs.invert(tiny_survey, mu=1e9, tv=0.0, iterations=5)
    assert torch.allclose(stiff.volume, tiny_survey.initial, rtol=1e-3)
    free = lbfgs.invert(tiny_survey, iterations=5)
    data = tiny_survey.gathers * tiny_survey.seismic_std + tiny_survey.seismic_mean
    residual = (tiny_survey.forward(torch.log(free.volume)) - data) / tiny_survey.noise_std
    assert free.misfit == pytest.approx(float(residual.square().mean()), rel=1e-3) and free.misfit < stiff.misfit


def test_gathers_without_noise_are_divided_by_a_millionth_of_their_spread(tiny_survey):
    quiet = replace(tiny_survey, noise_std=0.0)
    data = tiny_survey.gathers * tiny_survey.seismic_std + tiny_survey.seismic_mean
    residual = (tiny_survey.forward(torch.log(tiny_survey.initial)) - data) / (1e-6 * tiny_survey.seismic_std)
    found = lbfgs.invert(quiet, tv=0.0, iterations=1).objective[0]
    assert found == pytest.approx(0.5 * float(residual.double().square().sum()), rel=1e-4)


def test_the_published_effort(tiny_survey, monkeypatch):
    """60 iterations with a memory of 10 and a quarter more evaluations, strong Wolfe, stopped by nothing else."""
    given = {}
    plain = torch.optim.LBFGS
    monkeypatch.setattr(torch.optim, "LBFGS", lambda p, **options: given.update(options) or plain(p, max_iter=1))
    lbfgs.invert(tiny_survey)
    assert given == {"max_iter": 60, "history_size": 10, "line_search_fn": "strong_wolfe", "max_eval": 76,
                     "tolerance_grad": 0.0, "tolerance_change": 0.0}
