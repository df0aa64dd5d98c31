"""Figures: the drawn data, and what the published ones show."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import torch

from quakebook import bugfinv, plots
from quakebook.bugfinv import api
from quakebook.bugfinv.data import survey
from quakebook.bugfinv.figures import (
    all_figures,
    cost,
    frames,
    gradients,
    inversion,
    model,
    ranking,
    scheme,
    strategies,
    training,
    utility,
    waves,
)
from quakebook.bugfinv.pages import forward_model_and_data
from quakebook.bugfinv.pages import inversion as pages
from quakebook.bugfinv.settings import UNTRAINED
from quakebook.bugfinv.studies import cost as costs
from quakebook.bugfinv.studies import fusion_checks
from quakebook.bugfinv.studies import strategies as strategy_study
from quakebook.data.elastic import synthetic


@pytest.fixture(autouse=True)
def _close(monkeypatch):
    monkeypatch.setattr(plt, "show", lambda: pytest.fail("a figure function must not show"))
    yield
    assert not plt.get_fignums(), "a figure stayed in pyplot's list: a notebook would show it twice"


def draw(fig):
    with plots.book_style():
        fig.canvas.draw()
    return fig


def test_strategies_hold_what_they_show():
    """(a) the sum; (b) alpha G alpha = 1 per task; (c) shares sum to 1, equal the closed form."""
    batch = costs.Batch.random(60, d=6, full_rows=1)
    heads = torch.randn(3, 6, generator=torch.Generator().manual_seed(0))
    s = strategy_study.compute(batch.features, batch.labels, heads, 1.0, 0.3)
    assert np.allclose(s.summed, s.tasks.sum(0), atol=1e-6)
    flat = s.tasks.reshape(3, -1)
    assert np.allclose(s.nash * (flat @ flat.T @ s.nash), 1, atol=1e-6)
    assert np.allclose(s.share.sum(1), 1, atol=1e-6)
    assert np.allclose(s.fused, (s.share * s.expected).sum(1), rtol=1e-6, atol=1e-12)
    fig = draw(strategies.computed(s, 3))
    black = [line for line in fig.axes[0].lines if line.get_label() == "shared"][0]
    assert np.allclose(black.get_xydata()[1], s.summed[3, :2])
    assert len(draw(strategies.schematic()).axes) == 3


@pytest.mark.parametrize("gradients_", [utility.AGREEING, utility.OPPOSED])
def test_nash_direction_gains_for_all(gradients_):
    direction = utility.nash_direction(gradients_)
    assert (gradients_ @ direction > 0).all() and np.linalg.norm(direction) == pytest.approx(np.sqrt(3))


def test_utility_space():
    assert (utility.OPPOSED @ utility.OPPOSED.T)[2, 0] < 0 < (utility.AGREEING @ utility.AGREEING.T).min()
    draw(utility.utility_space())


def test_chair_and_sections():
    earth = synthetic.make((14, 12, 48), 0.004, 1)
    fig = draw(model.chair(earth))
    assert fig.axes[0].get_zlabel() == "Time (ms)"
    fig = draw(model.sections(earth))
    assert fig.axes[0].images[0].get_array().shape == (48, 12) and "g/cm³" in fig.axes[5].get_ylabel()


def test_wavelets_and_sensitivity():
    fig = draw(waves.wavelet_spectra())
    ricker = fig.axes[1].lines[0].get_xydata()
    assert ricker[ricker[:, 1].argmax(), 0] == pytest.approx(40.0, abs=0.1)
    bars = [bar.get_height() for bar in draw(waves.sensitivity()).axes[0].patches]
    assert bars == pytest.approx([3.573, 0.519, 0.012], abs=1e-3)


def test_gathers(tiny_survey):
    clean = survey.synthesise(tiny_survey.true[:1], tiny_survey.dt_s, survey.Recording())[0].numpy()
    fig = draw(waves.gathers(clean, clean, tiny_survey.true[0].numpy(), tiny_survey.dt_s))
    assert len(fig.axes[3].lines) == 6 and fig.axes[0].get_ylim()[0] > fig.axes[0].get_ylim()[1]


def test_nine_panels_carry_the_correlation(tiny_survey):
    rows = slice(0, 10)
    true = tiny_survey.true[rows].numpy()
    predicted = tiny_survey.initial[rows].numpy()
    fig = draw(inversion.nine_panels(predicted, true, tiny_survey.dt_s, "x"))
    want = np.corrcoef(predicted[:, 0].ravel(), true[:, 0].ravel())[0, 1]
    assert f"PCC {want:.3f}" in [fig.axes[0].get_title(loc=where) for where in ("left", "center")]


def test_layer_table_and_scheme():
    table = forward_model_and_data.layer_table(bugfinv.InversionNetwork())
    assert table.parameters.iloc[-1] == 1_497_483 == table.parameters.iloc[:-1].sum()
    draw(scheme.training_scheme())


def test_draws_lie_on_the_line():
    found = fusion_checks.draw_moments(draws=100_000)
    assert np.allclose(found.deviation, found.drawn_deviation, rtol=0.03)
    draw(gradients.against_draws(found))
    metrics = fusion_checks.fusion_metrics()
    assert metrics["fusion.oracle_error"] < 1e-9 and metrics["fusion.nash_residual"] < 1e-10
    assert metrics["fusion.share_sum_error"] < 1e-6 and metrics["fusion.share_smallest"] >= 0


def test_cost_is_linear():
    table = pd.DataFrame({"form": ["a"] * 2 + ["b"] * 2, "rows": [10, 100, 1000, 10_000],
                          "milliseconds": [1.0, 10.0, 1.0, 10.0]})
    assert cost.slope(table, "b") == pytest.approx(1.0)
    draw(cost.cost(table))
    measured = costs.cost_table([50], [10], repeats=1)
    assert list(measured.rows) == [10, 50] and (measured.milliseconds >= 0).all()


def fake_log(n=40):
    step = np.arange(1, n + 1, dtype=float)
    names = ("Vp", "Vs", "rho")
    log = {"step": step, "clamped": 0 * step, "validation.nrmse.overall": 1 / step}
    log |= {f"loss.{k}": 1 / step for k in names} | {f"weight.{k}": 0 * step + 1 / 3 for k in names}
    return log | {f"cosine.{k}": np.cos(step) for k in ("Vp-Vs", "Vp-rho", "Vs-rho")}


def test_training_figures_and_frames():
    log = fake_log()
    fig = draw(training.losses({"cw": log, "nash": log}))
    assert np.allclose(fig.axes[0].lines[0].get_ydata(), 3 / log["step"])
    draw(training.conflict(log, log))
    pictures = frames.weight_frames({"cw": log}, [10, 40])
    assert len(pictures["cw"]) == 2 and len(plots.png(pictures["cw"][1], 72)) < 25_000


def score_rows():
    rng = np.random.default_rng(0)
    rows = [{"method": m, "heads": h, "seed": s, "name": f"{m}-{s}", "pcc.Vp": 0.9, "r2.Vs": 0.8, "ssim.rho": 0.7,
             "nrmse.overall": 0.02 + 0.01 * rng.random()} for m in ("cw", "nash", "bugfinv", "initial")
            for h in ("trained", "posterior") for s in range(3) if not (m in UNTRAINED and (h == "posterior" or s))]
    return pd.DataFrame(rows)


def test_ranking_shows_every_seed():
    table = score_rows()
    fig = draw(ranking.ranking(table))
    drawn = sorted(x for line in fig.axes[0].lines if line.get_marker() == "o" for x in line.get_xdata())
    assert drawn == pytest.approx(sorted(table["nrmse.overall"]))
    shown = pages.headline_table(table)
    assert len(shown) == 7 and "±" in shown[shown.method == "CW"]["PCC (Vp)"].iloc[0]


def test_robustness():
    table = pd.DataFrame([{"method": m, "heads": h, "axis": a, "value": v, "nrmse.overall": 0.1 / v}
                          for m in ("cw", "nash", "bugfinv") for h in ("trained", "posterior")
                          for a in ("snr_db", "n_wells") for v in (5, 15)])
    assert len(draw(ranking.robustness(table)).axes[0].lines) == 4


@pytest.mark.parametrize("method", ["bugfinv", "lbfgs"])
def test_all_figures_of_a_run(method, tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    run = bugfinv.train(bugfinv.config(f"objective.method={method}", "training.progress=false", preset="smoke"))
    found = all_figures(run)
    assert {"section_trained", "blind_well", "wavelets"} <= set(found)
    assert ("conflict" in found) == (method == "bugfinv")
    data = api.survey_of(api.settings_of(run).data)
    assert not set(data.blind) & set(data.train)


def test_shares_hold_what_they_show():
    from quakebook.bugfinv.figures import shares

    bins = np.linspace(0, 1, 5)
    study = {"bins": bins, "histogram": np.arange(12.0).reshape(3, 4), "by_residual": np.array([0.5, 0.3, 0.2]),
             "log.step": np.array([5.0, 10.0, 15.0]), "log.share.sd": np.array([0.1, np.nan, 0.2])}
    left, middle, right = shares.distribution(study).axes
    assert np.array_equal(left.patches[1].get_data().values, [4, 5, 6, 7])
    assert [bar.get_height() for bar in middle.patches] == [0.5, 0.3, 0.2]
    assert right.lines[0].get_xydata().tolist() == [[5.0, 0.1], [15.0, 0.2]] and left.get_xlim() == (0, 1)
