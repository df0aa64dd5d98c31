"""Training, runs, resume, recorded results, settings."""


import numpy as np
import pytest
import torch

from quakebook import bugfinv
from quakebook.bugfinv import api
from quakebook.bugfinv.experiment import Inversion
from quakebook.bugfinv.recorded import make as record
from quakebook.bugfinv.recorded import read as recorded
from quakebook.bugfinv.recorded.plan import PLAN, RATES, STEPS, TUNED
from quakebook.bugfinv.scoring.predict import fit_heads, predict
from quakebook.bugfinv.settings import TRAINED, UNTRAINED
from quakebook.training import recorded as machine
from quakebook.training.config import ConfigError

QUIET = "training.progress=false"


@pytest.fixture(autouse=True)
def _runs_in_tmp(tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))


def smoke(*overrides):
    return bugfinv.config(*overrides, QUIET, preset="smoke")


@pytest.mark.parametrize("method", [*TRAINED, *UNTRAINED])
def test_every_method_runs_and_is_scored(method):
    run = bugfinv.train(smoke(f"objective.method={method}"))
    metrics = run.record["metrics"]
    assert run.finished and np.isfinite(list(metrics.values())).all()
    again = bugfinv.evaluate(run)
    assert max(abs(again[k] - metrics[k]) for k in again) < 1e-6
    if method in TRAINED:
        log = run.metrics()
        assert {"loss.Vp", "weight.rho", "cosine.Vp-Vs", "validation.nrmse.overall"} <= set(log.columns)
        cosines = log[[c for c in log if c.startswith("cosine")]].to_numpy()
        assert (np.abs(cosines) <= 1).all()
    if method == "bugfinv":
        shares = log[["weight.Vp", "weight.Vs", "weight.rho"]].to_numpy()
        assert (shares >= 0).all() and np.allclose(shares.sum(1), 1, atol=1e-5)


@pytest.mark.parametrize("method", ["cw", "nash", "upgrad", "bugfinv"])
def test_training_fits_and_beats_the_initial_model(method):
    cfg = smoke(f"objective.method={method}", "training.steps=60", "training.validate_every=0", "network.dropout=0.0",
                "optimiser.lr=0.01")
    metrics = bugfinv.train(cfg).record["metrics"]
    start = bugfinv.train(smoke("objective.method=initial")).record["metrics"]
    assert metrics["posterior.all.nrmse.overall"] < start["trained.all.nrmse.overall"]


@pytest.mark.parametrize("method", ["bugfinv", "famo", "uncertainty"])
def test_resumed_training_ends_with_the_same_bits(monkeypatch, method):
    """Stop after two steps, go on: the kept full data, or the learned weights, must come back."""
    cfg = smoke("training.checkpoint_every=2", f"objective.method={method}")
    whole = bugfinv.train(cfg).load_checkpoint("model")["inversion"]
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(api.runs.runs_root()) + "-again")
    plain = Inversion.step

    def stop_at_three(self, batch):
        if float(batch["epoch"]) == 3:
            raise RuntimeError("stopped here")
        return plain(self, batch)

    monkeypatch.setattr(Inversion, "step", stop_at_three)
    with pytest.raises(RuntimeError, match="stopped here"):
        bugfinv.train(cfg)
    monkeypatch.setattr(Inversion, "step", plain)
    resumed = bugfinv.train(cfg).load_checkpoint("model")["inversion"]
    assert all(torch.equal(whole[k], resumed[k]) for k in whole)


@pytest.mark.parametrize("overrides", [
    ["objective.physics.mode=on", "objective.method=cw"], ["objective.physics.mode=reference",
                                                           "objective.method=nash"], ["objective.physics.mode=on"],
    ["network.lowfreq_input=true"], ["optimiser.pretrain_low=3"], ["objective.loss=andrews"],
    ["objective.bayes.warmup_steps=2"],
    ["objective.solver.on=features", "objective.method=upgrad"], ["objective.solver.on=features",
                                                                  "objective.method=nash"],
    ["training.precision=bf16-mixed"],
    ["data.zoeppritz=true"], ["data.snr_db=null"], ["objective.method=cw", "objective.solver.unit_norm=true"],
    ["objective.solver.unit_norm=true"], ["objective.bayes.sqrt_power=0"],
])
def test_options_train(overrides):
    assert bugfinv.train(smoke(*overrides)).finished


def test_reference_physics_only_rescales_the_labelled_gradient():
    """Detached, the seismic term scales the gradients by s(epoch) and does nothing else."""
    found = {}
    for mode in ("off", "reference", "on"):
        experiment = Inversion(smoke("objective.method=cw", f"objective.physics.mode={mode}", "network.dropout=0.0"),
                               api.survey_of(smoke().data))
        torch.manual_seed(0)
        experiment.device = torch.device("cpu")
        experiment.build()
        experiment.configure()
        experiment.prepare(experiment.device)
        experiment.networks["inversion"].eval()
        experiment.step({**experiment.batch(0), "epoch": torch.tensor(500.0)})
        found[mode] = [p.grad.clone() for p in experiment.networks["inversion"].shared_parameters()]
    share = np.exp(-500 / 1200)
    assert all(torch.allclose(r, share * o, rtol=1e-4, atol=1e-7) for r, o in
               zip(found["reference"], found["off"], strict=True))
    assert not all(torch.allclose(a, b, rtol=1e-3) for a, b in zip(found["on"], found["reference"], strict=True))


def test_posterior_heads_are_the_ridge_solution():
    cfg = smoke()
    torch.manual_seed(0)
    experiment = Inversion(cfg, api.survey_of(cfg.data))
    experiment.build()
    network = experiment.networks["inversion"].eval()
    x, y = torch.randn(6, 6, 48), torch.randn(6, 3, 48)
    heads = fit_heads(network, x, y, 1e3)
    std = heads.apply(network, x)
    with torch.no_grad():
        h = network.shared_encoder(x).reshape(-1, 8).double()
    h1 = torch.cat([h, torch.ones(len(h), 1, dtype=torch.float64)], 1)
    target = y.movedim(1, -1).reshape(-1, 3).double()
    for t in range(3):
        s2 = float(heads.noise_variance[t])
        w = torch.linalg.solve(h1.T @ h1 / s2 + torch.eye(9) / 1e3, h1.T @ target[:, t] / s2)
        assert torch.allclose(predict(network, x)[:, t].flatten().double(), h1 @ w, atol=1e-4)
    assert (std**2 >= heads.noise_variance[:, None] * (1 - 1e-5)).all()


def test_second_call_returns_at_once():
    first = bugfinv.train(smoke())
    stamp = first.record["finished"]
    assert bugfinv.train(smoke()).record["finished"] == stamp


@pytest.mark.parametrize("override, message", [
    ("objective.method=magic", "one of"), ("objective.bayes.gama=1", "gamma"), ("training.strategy=ddp", "one device"),
    ("training.precision=16-mixed", "16-mixed"), ("training.steps=many", "steps"),
])
def test_bad_settings(override, message):
    with pytest.raises(ConfigError, match=message):
        bugfinv.config(override)


def test_paper_preset_is_the_published_network():
    cfg = bugfinv.config()
    assert cfg.network.channels == (90, 180, 180, 90) and cfg.training.steps == 500
    assert bugfinv.config("objective.method=nash").objective.physics_mode == "on"
    assert cfg.objective.physics_mode == "off"
    assert bugfinv.config("objective.method=nash", preset="quick").objective.physics_mode == "off"


def test_missing_model():
    with pytest.raises(ValueError, match="no such file or folder"):
        bugfinv.train(smoke("data.name=/nowhere/at/all"))


def test_recording_is_small_and_resumable(tmp_path, monkeypatch):
    target = tmp_path / "recorded"
    monkeypatch.setattr(recorded, "folder", lambda: target)
    monkeypatch.setattr(record, "config", lambda *words, preset: smoke(
        *[word for word in words if word.startswith(("objective.method", "objective.bayes"))]))
    chosen = [*(f"synthetic/{method}-seed0" for method in ("cw", "nash", "bugfinv", "initial")), "shares/bugfinv-seed0",
              "rates/cw-lr0.003-seed0"]
    assert machine.record("bugfinv", chosen, target) == []
    paths = [target / f"{name}.json" for name in chosen]
    stamps = [p.stat().st_mtime_ns for p in paths]
    assert machine.record("bugfinv", chosen, target) == [] and [p.stat().st_mtime_ns for p in paths] == stamps
    study = machine.read("bugfinv", "shares/bugfinv-seed0", target)
    assert -1 <= study.metrics["shares.seed0.cosine.encoder"] <= 1 and "log.cosine.plain_mean" in study.arrays
    assert len(recorded.score_table("rates", "validation")) == 2, "both heads are scored where rates are chosen"
    assert all(p.stat().st_size + p.with_suffix(".h5").stat().st_size < 100_000 for p in paths)
    assert machine.record("bugfinv", ["synthetic"], target) == []
    metrics = machine.read("bugfinv", "synthetic", target).metrics
    assert "synthetic.bugfinv.posterior.pcc.Vp" in metrics and "synthetic.nash_over_cw" in metrics
    table = recorded.score_table("synthetic")
    assert len(table) == 7 and set(table.heads) == {"trained", "posterior"}
    assert recorded.arrays("synthetic", "cw-seed0")["section.trained"].shape[1] == 3
    with pytest.raises(ValueError, match="there are: .*cw-seed0"):
        recorded.arrays("synthetic", "none")


def test_a_model_that_is_not_here_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(record, "shared_data", lambda name: None)
    lines = []
    assert machine.record("bugfinv", ["marmousi2/cw-seed0"], tmp_path, say=lines.append) == ["marmousi2/cw-seed0"]
    assert "the model marmousi2 is not on this machine" in lines[0]


def test_recorded_settings_hold_no_path_of_this_machine():
    settings = {"data": {"name": "/here/marmousi2", "dt_s": 0.004}}
    assert record._portable(settings, "/here/marmousi2", "marmousi2")["data"] == {"name": "marmousi2", "dt_s": 0.004}


def test_every_entry_of_the_plan_can_be_composed():
    first = {(entry.arguments.get("family"), entry.arguments.get("method")): entry.arguments
             for entry in reversed(PLAN)}
    for arguments in first.values():
        bugfinv.config(*arguments.get("overrides", ()), preset="quick")
    kept = {f"{family}/{name}" for family in (*STEPS, "shares") for name in recorded.names(family)}
    assert kept | {"synthetic", "marmousi2"} <= {entry.name for entry in PLAN}


def test_the_plan_searches_every_rate_with_every_seed_and_takes_two_hours_at_most():
    rates = [entry for entry in PLAN if entry.name.startswith("rates/")]
    assert len(rates) == len(TUNED) * len(RATES) * 3 and len({entry.name for entry in rates}) == len(rates)
    cw = next(entry for entry in rates if entry.name == "rates/cw-lr0.003-seed2").arguments
    assert cw["method"] == "cw" and {"optimiser.lr=0.003", "training.seed=2"} <= set(cw["overrides"])
    new = [entry for entry in PLAN if entry.name.split("/")[0] in ("rates", "geology", "start", "long", "shares")]
    assert sum(entry.cost_s for entry in new) < 7200


def test_exports():
    assert set(bugfinv.__all__) >= {"BUGFInv", "gradient_moments", "fuse", "nash_weights", "forward_model", "train"}
    with pytest.raises(AttributeError, match="attribute nothing"):
        bugfinv.nothing  # noqa: B018
