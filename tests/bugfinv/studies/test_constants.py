"""Studies of cost, fusion and strategies on numbers that can be followed by hand, with what nobody gives."""

import inspect
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from quakebook.bugfinv.studies import cost, fusion_checks, overthrust, shares, strategies


def test_random_batches_have_rectified_features_and_a_tenth_of_noise():
    """64 features and three outputs unless told; what a linear fit leaves of the labels has the deviation 0.1."""
    assert cost.Batch.random(2, full_rows=5).features.shape == (2, 64)
    made = cost.Batch.random(4000, d=8, full_rows=5, dtype=torch.float64)
    assert made.labels.shape == (4000, 3) and float(made.features.min()) == 0.0
    fit = torch.linalg.lstsq(made.features, made.labels).solution
    assert (made.features @ fit - made.labels).std(0).tolist() == pytest.approx([0.1] * 3, rel=0.05)
    assert float(fit.std()) == pytest.approx(8**-0.5, rel=0.5)
    again = cost.Batch.random(2, d=8, full_rows=5)
    assert torch.equal(again.labels, cost.Batch.random(2, d=8, full_rows=5, seed=0).labels)


def test_the_smallest_of_several_times_counts_but_not_the_first(monkeypatch):
    """A warm-up, whose end nobody reads, then calls of 5, 3 and 4 ms."""
    ticks = iter([0.0, 1.0, 1.005, 2.0, 2.003, 3.0, 3.004])
    monkeypatch.setattr(cost, "time", SimpleNamespace(process_time=lambda: next(ticks), perf_counter=None))
    calls = []
    assert cost.milliseconds(lambda: calls.append(1), 3) == pytest.approx(3.0) and len(calls) == 4


def test_the_slow_form_has_sizes_of_its_own(monkeypatch):
    asked = []
    monkeypatch.setattr(cost.Batch, "random", classmethod(lambda cls, n, device: n))
    monkeypatch.setattr(cost, "milliseconds", lambda work, repeats, device: asked.append((repeats, device)) or 7.0)
    table = cost.cost_table([4, 8], [2])
    assert table.to_numpy().tolist() == [
        ["full covariance per row, cpu", 2, 7.0], ["closed form, one pass, cpu", 4, 7.0],
        ["closed form, one pass, cpu", 8, 7.0]]
    assert asked == [(3, "cpu")] * 3


def test_both_forms_give_one_gradient():
    """With the README's variances, and with others that are told."""
    batch = cost.Batch.random(5, d=6, full_rows=40, dtype=torch.float64)
    for variances in ((), (0.7, 0.2)):
        torch.testing.assert_close(cost.closed_form(batch, *variances), cost.full_covariance(batch, *variances),
                                   rtol=1e-6, atol=1e-9)
    torch.testing.assert_close(cost.closed_form(batch), cost.closed_form(batch, 0.001, 1.0))
    torch.testing.assert_close(cost.full_covariance(batch), cost.full_covariance(batch, 0.001, 1.0))
    assert not torch.allclose(cost.closed_form(batch), cost.closed_form(batch, 0.002, 1.0))


def test_draws_agree_with_the_closed_form():
    """Of 40,000 draws mean and deviation are right within a hundredth of the deviation, times a few."""
    found = fusion_checks.draw_moments(1, d=4, draws=40_000)
    assert np.abs(found.mean - found.drawn_mean).max() < 0.03 * found.deviation.max()
    assert np.allclose(found.deviation, found.drawn_deviation, rtol=0.03)
    defaults = {name: p.default for name, p in inspect.signature(fusion_checks.draw_moments).parameters.items()}
    assert defaults == {"row": 0, "d": 12, "draws": 200_000, "seed": 0}
    assert fusion_checks.nash_residual(problems=5) < 1e-9


def test_strategies_of_one_feature_by_hand():
    """h = 2 and 1, labels of the first row 1, 0, 3 (of the second 0), heads 1, 2, -1. Task gradients 2 (w h - y) w / 2;
    posterior of variance 0.001 and noise 1: precision 1000 + 5, mean 2 y / 1005; E[2 (w h - y) w] / 2.
    """
    h, w = torch.tensor([[2.0], [1.0]]), torch.tensor([[1.0], [2.0], [-1.0]])
    y = torch.tensor([[1.0, 0.0, 3.0], [0.0, 0.0, 0.0]])
    found = strategies.compute(h, y, w)
    assert found.tasks[:, :, 0].tolist() == [[1.0, 1.0], [8.0, 4.0], [5.0, 1.0]]
    assert found.summed[:, 0].tolist() == [14.0, 6.0]
    norms = found.tasks[:, :, 0] @ found.tasks[:, :, 0].T
    assert found.nash * (norms @ found.nash) == pytest.approx([1.0] * 3, rel=1e-6)
    assert found.nash_gradient[:, 0] == pytest.approx(found.nash @ found.tasks[:, :, 0])
    mean, variance = 2 * y[0].numpy() / 1005, 1 / 1005
    want = 2 * (2 * (mean**2 + variance) - y[0].numpy() * mean) / 2
    assert found.expected[0, :, 0] == pytest.approx(want, rel=1e-6, abs=1e-9)
    assert found.share.sum(1) == pytest.approx(np.ones((2, 1))) and found.share.shape == (2, 3, 1)
    assert found.fused[:, 0] == pytest.approx((found.share * found.expected).sum(1)[:, 0], rel=1e-6)


def test_numbers_of_the_benchmark_model_by_their_names():
    run = SimpleNamespace(record={"metrics": {
        "trained.all.pcc.Vp": 0.9, "posterior.all.pcc.Vp": 0.8, "trained.blind.pcc.Vp": 0.7, "trained.all": 0.1,
        "trained.all.nrmse.overall": 0.05}})
    assert overthrust.metrics({"cw": run}) == {
        "overthrust.cw.pcc.Vp": 0.9, "overthrust.cw.posterior.pcc.Vp": 0.8, "overthrust.cw.nrmse.overall": 0.05}


@pytest.mark.parametrize(("function", "numbers"), [
    (cost.Batch.random, {"d": 64, "outputs": 3, "seed": 0, "full_rows": 8192}), (cost.cost_table, {"repeats": 3}),
    (fusion_checks.fusion_metrics, {"seed": 0}), (fusion_checks.nash_residual, {"seed": 0, "problems": 300}),
    (shares.study, {"seed": 0})])
def test_sizes_and_seeds_that_were_chosen(function, numbers):
    found = {name: p.default for name, p in inspect.signature(function).parameters.items()}
    assert {name: found[name] for name in numbers} == numbers


def test_sizes_of_the_checks_in_float64(monkeypatch):
    """60 rows of 24 features beside 200 rows of full data; 300 problems of three gradients of 40 numbers."""
    asked, real = [], cost.Batch.random
    monkeypatch.setattr(cost.Batch, "random", classmethod(lambda cls, rows, **more: asked.append((rows, more))
                                                          or real(rows, **more)))
    monkeypatch.setattr(fusion_checks, "nash_residual", lambda seed: float(seed))
    found = fusion_checks.fusion_metrics(5)
    assert asked == [(60, {"d": 24, "seed": 5, "dtype": torch.float64, "full_rows": 200})]
    assert found["fusion.nash_residual"] == 5.0 and 0 < found["fusion.share_smallest"] < found["fusion.share_largest"]
    assert found["fusion.share_largest"] < 1 and found["fusion.share_sum_error"] < 1e-12


def test_the_largest_residual_of_the_problems_counts(monkeypatch):
    """Weights 1, 1, 1 for the matrix of the drawn gradients: the residual is |sum of a row - 1|, over four problems."""
    seen = []
    monkeypatch.setattr(fusion_checks, "nash_weights", lambda matrix: seen.append(matrix) or np.ones(3))
    found = fusion_checks.nash_residual(problems=4)
    assert len(seen) == 4 and seen[0].shape == (3, 3)
    assert found == pytest.approx(max(np.abs(matrix.sum(1) - 1).max() for matrix in seen))
    norms = np.sqrt([matrix.diagonal() for matrix in seen])
    assert norms.min() > 1e-3 * 40**0.5 / 2 and norms.max() < 1e3 * 40**0.5 * 2
