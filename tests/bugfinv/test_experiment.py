"""What a training step is given and what is made of its network: batches, validation, pretraining, volumes."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook import bugfinv
from quakebook.bugfinv import experiment as module
from quakebook.bugfinv.experiment import Inversion, network_inputs
from quakebook.bugfinv.recorded import read
from quakebook.bugfinv.scoring.metrics import headline, scores
from quakebook.bugfinv.studies import overthrust
from quakebook.bugfinv.studies.shares import ShareStudy


def made(survey, *overrides):
    torch.manual_seed(0)
    one = Inversion(bugfinv.config("training.progress=false", *overrides, preset="smoke"), survey)
    one.device = torch.device("cpu")
    one.build()
    one.configure()
    one.prepare(one.device)
    return one


def test_inputs_are_gathers_and_the_normalised_initial_model(tiny_survey):
    assert network_inputs(tiny_survey, False) is tiny_survey.gathers
    inputs = network_inputs(tiny_survey, True)
    assert inputs.shape == (120, 9, 48) and torch.equal(inputs[:, :6], tiny_survey.gathers)
    assert torch.allclose(tiny_survey.physical(inputs[:, 6:]), tiny_survey.initial, rtol=1e-5)


def test_a_batch_holds_all_wells_and_the_number_of_its_epoch(tiny_survey):
    one = made(tiny_survey)
    batch = one.batch(7)
    assert torch.equal(batch["x"], tiny_survey.gathers[tiny_survey.train]) and float(batch["epoch"]) == 7
    assert torch.equal(batch["y"], tiny_survey.labels[tiny_survey.train])
    assert len(one.free_x) == len(tiny_survey.unlabelled) and module.PAIRS == ((0, 1), (0, 2), (1, 2))
    assert torch.equal(one.free_gathers, tiny_survey.gathers[tiny_survey.unlabelled])


def test_validation_scores_its_traces_in_physical_units(tiny_survey):
    one = made(tiny_survey)
    chosen = tiny_survey.validation
    with torch.no_grad():
        predicted = one.networks["inversion"].eval()(tiny_survey.gathers[chosen])
    volume = (predicted * tiny_survey.std[:, None] + tiny_survey.mean[:, None]).numpy()
    want = scores(volume, tiny_survey.true[chosen].numpy(), (1, len(chosen)), ssim=False)
    found = one.validate(0)
    assert found == pytest.approx({f"validation.{key}": value for key, value in want.items()}, rel=1e-4)
    assert one.monitor in found


def test_cosines_are_those_of_the_task_gradients(tiny_survey):
    """Losses a, -a and 0 of one feature: cosines -1, 0, 0."""
    one = made(tiny_survey)
    features = torch.ones(2, 3, requires_grad=True)
    a = features.sum()
    found = one._conflict(torch.stack([a, -a, 0 * a]), features)
    assert {key: float(value) for key, value in found.items()} == {"cosine.Vp-Vs": -1.0, "cosine.Vp-rho": 0.0,
                                                                 "cosine.Vs-rho": 0.0}


def test_losses_of_the_tasks_are_means_over_their_own_logs(tiny_survey):
    one = made(tiny_survey)
    labels = torch.zeros(2, 3, 4)
    prediction = torch.tensor([1.0, 2.0, 3.0])[None, :, None].expand(2, 3, 4)
    assert one._losses(prediction, labels).tolist() == [1.0, 4.0, 9.0]


def test_pretraining_moves_the_network_towards_the_initial_model(tiny_survey):
    def error(one):
        target = (tiny_survey.initial - tiny_survey.mean[:, None]) / tiny_survey.std[:, None]
        with torch.no_grad():
            return float((one.original("inversion").train()(tiny_survey.gathers) - target).square().mean())

    plain, low = made(tiny_survey), made(tiny_survey, "optimiser.pretrain_low=60", "optimiser.lr=0.01",
                                         "network.dropout=0.0")
    assert error(low) < 0.7 * error(plain)


def test_pretraining_takes_at_most_a_hundred_traces(tiny_survey, monkeypatch):
    one = made(tiny_survey, "training.seed=5")
    object.__setattr__(one.cfg.optimiser, "pretrain_low", 3)
    seen, original = [], torch.randint
    monkeypatch.setattr(module.torch, "randint", lambda high, size, generator: seen.append(
        (high, size, generator.initial_seed())) or original(high, size, generator=generator))
    one._pretrain(torch.device("cpu"))
    assert seen == [(120, (100,), 5)] * 3


def test_volumes_are_in_physical_units_and_the_deviation_is_scaled(tiny_survey, monkeypatch):
    one = made(tiny_survey)
    kept = {}
    monkeypatch.setattr("quakebook.bugfinv.scoring.volumes.report_volumes",
                        lambda run, survey, volumes: kept.update(volumes))
    monkeypatch.setattr(module, "fit_heads", lambda network, x, y, prior: SimpleNamespace(
        apply=lambda network, inputs, device: torch.ones(len(inputs), 3, 48)))
    saved = {}
    with torch.no_grad():
        one.finish(SimpleNamespace(save_checkpoint=lambda name, state: saved.update({name: state})))
    assert torch.allclose(kept["std"], tiny_survey.std[:, None].expand(120, 3, 48))
    with torch.no_grad():
        predicted = one.networks["inversion"](tiny_survey.gathers)
    assert torch.allclose(kept["trained"], tiny_survey.physical(predicted), rtol=1e-4)
    assert set(saved["model"]) == {"inversion"}


def test_headline_and_short_names():
    values = {"pcc.Vp": 1.0, "r2.Vs": 2.0, "ssim.rho": 3.0, "nrmse.overall": 4.0}
    assert headline(values) == {"PCC (Vp)": 1.0, "R2 (Vs)": 2.0, "SSIM (rho)": 3.0, "NRMSE (overall)": 4.0}
    study = ShareStudy(None, np.ones(3) / 3, np.array([0.3, 0.4, 0.5]), 0.25, 0.5, np.array([0.6, 0.3, 0.1]), 0.9, 0.8)
    assert study.metrics == pytest.approx({
        "share.sd": (0.5 / 3) ** 0.5, "share.over_half": 0.25, "sign_conflict": 0.5, "cosine.features": 0.9,
        "cosine.encoder": 0.8, "share.residual_smallest": 0.6, "share.residual_middle": 0.3,
        "share.residual_largest": 0.1})


def test_overthrust_numbers_are_those_of_all_traces(monkeypatch):
    metrics = {"trained.all.pcc.Vp": 0.5, "posterior.all.nrmse.overall": 0.1, "trained.blind.pcc.Vp": 9.0,
               "calibration.spearman.Vp": 9.0, "lbfgs.misfit": 9.0, "trained.all.nrmse.overall": 0.2}
    runs = {"cw": SimpleNamespace(id="a", record={"seed": 1, "metrics": metrics})}
    assert overthrust.metrics(runs) == {"overthrust.cw.pcc.Vp": 0.5, "overthrust.cw.posterior.nrmse.overall": 0.1,
                                        "overthrust.cw.nrmse.overall": 0.2}
    told = {}
    monkeypatch.setattr(overthrust.claims, "report", lambda *words, **facts: told.update(facts) or "path")
    path, table = overthrust.report(runs)
    assert path == "path" and told == {"data": "benchmark", "run": ["a"], "seeds": [1]}
    assert table["heads"].tolist() == ["trained", "posterior"] and table["nrmse.overall"].tolist() == [0.2, 0.1]
    assert table["pcc.Vp"].tolist()[0] == 0.5 and table.seed.tolist() == [1, 1]


def test_a_score_table_reads_the_part_that_is_asked_for(monkeypatch):
    run = {"name": "cw-seed1", "method": "cw", "seed": 1, "seconds": 5.0,
           "scores": {"trained.all.pcc.Vp": 0.5, "trained.blind.pcc.Vp": 0.25, "posterior.blind.pcc.Vp": 0.75}}
    monkeypatch.setattr(read, "runs", lambda family, where=None: [run])
    assert read.score_table("x").to_dict("records") == [
        {"name": "cw-seed1", "method": "cw", "heads": "trained", "seed": 1, "seconds": 5.0, "pcc.Vp": 0.5}]
    assert read.score_table("x", "blind")["pcc.Vp"].tolist() == [0.25, 0.75]
    assert isinstance(read.score_table("x", "nothing"), pd.DataFrame) and read.score_table("x", "nothing").empty


@pytest.mark.parametrize(("mode", "added"), [("on", True), ("reference", False)])
def test_bugfinv_adds_the_plain_gradient_of_the_seismic_term(tiny_survey, monkeypatch, mode, added):
    """Weight 3, divisor 10, a loss of 5 in epoch 1200, where the labels' share is 1 / e: 3 (1 - 1 / e) 5 / 10."""
    one = made(tiny_survey, f"objective.physics.mode={mode}", "objective.physics.weight=3", "network.dropout=0.0",
               "objective.physics.factor=10")
    one.physics, seen = (lambda prediction, gathers: 5.0 + 0 * prediction.sum()), []
    monkeypatch.setattr(module.rules, "add_plain", lambda loss, parameters: seen.append(
        (loss.item(), len(parameters))))
    log = one.step({**one.batch(0), "epoch": torch.tensor(1200.0)})
    assert log["loss.seismic"].item() == 5.0
    shared = len(one.original("inversion").shared_parameters())
    assert seen == ([(pytest.approx(1.5 * (1 - np.exp(-1.0))), shared)] if added else [])
    assert set(log) >= {"loss.Vp", "loss.rho", "weight.Vs", "cosine.Vp-rho", "share.sd"}


def test_famo_is_told_the_losses_after_the_step(tiny_survey):
    one = made(tiny_survey, "objective.method=famo", "network.dropout=0.0", "optimiser.lr=0.01")
    told, batch = [], one.batch(0)
    one.rule.after = lambda losses: told.append(losses)
    log = one.step(batch)
    with torch.no_grad():
        after = one._losses(one._forward(batch["x"])[1], batch["y"])
    assert torch.allclose(told[0], after, rtol=1e-4) and not told[0].requires_grad
    before = torch.stack([log[f"loss.{key}"] for key in ("Vp", "Vs", "rho")])
    assert not torch.allclose(before, after, rtol=1e-3)


def test_low_frequencies_make_nine_inputs_and_unit_norm_one_length(tiny_survey):
    one = made(tiny_survey, "network.lowfreq_input=true", "objective.solver.unit_norm=true", "objective.method=cw")
    assert one.original("inversion").n_in == 9 and one.x.shape[1] == 9
    one.step(one.batch(0))
    shared = torch.cat([p.grad.flatten() for p in one.original("inversion").shared_parameters()])
    assert shared.norm().item() == pytest.approx(1.0, rel=1e-4)
    assert made(tiny_survey).original("inversion").n_in == 6
