"""Tuning: files, resuming, pruning, fixed parameters, no pickle."""

import dataclasses

import optuna
import pandas as pd
import pytest

from quakebook.data import DataError
from quakebook.magnitude import settings
from quakebook.magnitude.published.tuning import draw_analysis
from quakebook.magnitude.studies import tuning
from quakebook.magnitude.studies.search_space import as_overrides, suggest
from quakebook.magnitude.studies.tuning import StudyPlan, objective, open_study, run_study
from quakebook.magnitude.studies.tuning_files import analysis, results_table, write_tables
from quakebook.training.config import ConfigError

optuna.logging.set_verbosity(optuna.logging.ERROR)


@pytest.fixture
def plan(splits, tmp_path):
    def make(n_trials, given=(), **changes):
        def make_config(more):
            return settings.config("network.type=phasenet_mag", "network.filter_factor=1", *given, *more,
                                   preset="smoke")

        wanted = {"splits": splits, "max_epochs": 2, "fixed": ("filter_factor",), **changes}
        return StudyPlan("mine", "phasenet_mag", make_config, n_trials=n_trials, folder=tmp_path, **wanted)
    return make


def test_study_writes_its_files_and_resumes(plan, tmp_path):
    run_study(plan(2))
    study = run_study(plan(3, worker=1))
    assert len(study.trials) == 3
    assert run_study(plan(3)).trials[-1].number == 2
    assert len({trial.params["learning_rate"] for trial in study.trials}) == 3
    assert not any("filter_factor" in trial.params for trial in study.trials)
    paths = [*write_tables(study, plan(3).studies), draw_analysis(study, plan(3).studies)]
    assert [path.name for path in paths] == ["mine_results.csv", "mine_best_params.csv", "mine_analysis.png"]
    table, best = pd.read_csv(paths[0]), pd.read_csv(paths[1])
    assert len(table) == 3 and {"trial_number", "state", "duration", "param_learning_rate"} <= set(table.columns)
    assert "intermediate_step_2" in table
    complete = table[table.state == "COMPLETE"]
    assert best["best_value"][0] == pytest.approx(complete["value"].min())
    assert list((tmp_path / "optuna_trials").glob("trial_*_best_epoch_*.pt"))
    assert not list(tmp_path.rglob("*.pkl"))


def test_workers_share_one_storage(plan):
    first, second = open_study(plan(4)), open_study(plan(4, worker=1))
    first.optimize(lambda trial: trial.suggest_float("learning_rate", 1e-5, 1e-2, log=True), n_trials=2)
    second.optimize(lambda trial: trial.suggest_float("learning_rate", 1e-5, 1e-2, log=True), n_trials=2)
    assert len(open_study(plan(4)).trials) == 4
    assert len(results_table(first)) == 4
    assert len({trial.value for trial in first.trials}) == 4


def test_another_study_under_the_same_name_is_refused(plan, splits):
    open_study(plan(4))
    open_study(plan(9, given=["training.device=cpu"], worker=3))
    other = dataclasses.replace(splits, fingerprint="other")
    for changed, message in (({"splits": other}, "other data: .*fingerprint"),
                             ({"max_epochs": 3}, "other space: max_epochs stored 2, now 3"),
                             ({"with_inputs": True}, "other space: inputs stored False, now True"),
                             ({"given": ["network.norm=peak"]}, "network.norm stored 'std', now 'peak'")):
        with pytest.raises(ConfigError, match=message):
            open_study(plan(4, **changed))


def test_a_failing_trial_fails_alone_and_the_tables_follow_each_trial(plan, monkeypatch, tmp_path):
    seen = []

    def loss(trial, plan):
        seen.append(len(pd.read_csv(tmp_path / "optuna_studies" / "mine_results.csv")) if trial.number else 0)
        if trial.number == 1:
            raise DataError("no gain")
        return 3.0 - trial.number

    monkeypatch.setattr(tuning, "_best_dev_loss", loss)
    study = run_study(plan(4))
    assert [trial.state.name for trial in study.trials] == ["COMPLETE", "FAIL", "COMPLETE", "COMPLETE"]
    assert seen == [0, 1, 2, 3]
    table = pd.read_csv(tmp_path / "optuna_studies" / "mine_results.csv")
    assert table["error"][1] == "DataError: no gain" and table["value"].tolist()[2:] == [1.0, 0.0]
    best = pd.read_csv(tmp_path / "optuna_studies" / "mine_best_params.csv")
    assert best["best_value"][0] == 0.0 and best["best_trial"][0] == 3


def test_all_trials_failing_says_why(plan, monkeypatch):
    def loss(trial, plan):
        raise DataError("no gain")

    monkeypatch.setattr(tuning, "_best_dev_loss", loss)
    study = run_study(plan(2))
    assert len(study.trials) == 2
    with pytest.raises(ValueError, match="no completed trial; the last one failed: DataError: no gain"):
        analysis(study)


@pytest.mark.filterwarnings("ignore:Heartbeat of storage")
def test_workers_stop_at_the_count_together(plan, monkeypatch):
    """A running trial of another worker takes a place; a trial begun too late gives way."""
    monkeypatch.setattr(tuning, "_best_dev_loss", lambda trial, plan: 1.0)
    other = open_study(plan(3))
    running = other.ask()
    study = run_study(plan(3, worker=1))
    assert [trial.state.name for trial in study.trials] == ["RUNNING", "COMPLETE", "COMPLETE"]
    with pytest.raises(tuning.StudyFull, match="has its 3 trials"):
        objective(other.ask(), plan(3))
    other.tell(running, 2.0)
    assert len(tuning._counted(study)) == 4  # the one begun too late is still open here; `optimize` closes it


def test_a_trial_worse_than_the_others_is_pruned_after_five_epochs(plan, tmp_path):
    """Behind five trials of loss 0.01 the median rule ends the sixth when its warm-up is over, and keeps no weights."""
    begun = open_study(plan(6, max_epochs=9))
    for _ in range(5):
        begun.add_trial(optuna.trial.create_trial(value=0.01, intermediate_values=dict.fromkeys(range(1, 10), 0.01)))
    last = run_study(plan(6, max_epochs=9)).trials[-1]
    assert (last.number, last.state.name, max(last.intermediate_values)) == (5, "PRUNED", 5)
    assert not list(tmp_path.glob("optuna_trials/*"))


def test_search_space_fits_the_configuration():
    trial = optuna.create_study().ask()
    found = suggest(trial, "eqtransformer_mag", with_inputs=True)
    config = settings.config("network.type=eqtransformer_mag", *as_overrides(found, "eqtransformer_mag"))
    assert config.network.drop_rate == pytest.approx(found["dropout_rate"])
    assert config.optimiser.name == found["optimizer"].lower()
    assert config.network.amplitude == found["amplitude"]
    assert "norm" not in suggest(optuna.create_study().ask(), "amag_v2", with_inputs=True)


def test_importance_only_with_enough_trials():
    study = optuna.create_study()
    with pytest.raises(ValueError, match="no completed trial"):
        analysis(study)
    study.optimize(lambda trial: trial.suggest_float("learning_rate", 1e-5, 1e-2, log=True)
                   + 0.1 * trial.suggest_float("weight_decay", 0, 1), n_trials=10)
    assert analysis(study)["importance"] == {}
    study.optimize(lambda trial: trial.suggest_float("learning_rate", 1e-5, 1e-2, log=True)
                   + 0.1 * trial.suggest_float("weight_decay", 0, 1), n_trials=2)
    found = analysis(study)
    assert set(found["importance"]) == {"learning_rate", "weight_decay"} and len(found["values"]) == 12
