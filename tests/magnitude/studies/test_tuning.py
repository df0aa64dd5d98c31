"""Tuning: files, resuming, pruning, fixed parameters, no pickle."""

import optuna
import pandas as pd
import pytest

from quakebook.magnitude import settings
from quakebook.magnitude.studies.search_space import as_overrides, suggest
from quakebook.magnitude.studies.tuning import StudyPlan, open_study, run_study
from quakebook.magnitude.studies.tuning_files import analysis, results_table, write_files

optuna.logging.set_verbosity(optuna.logging.ERROR)


@pytest.fixture
def plan(splits, tmp_path):
    def make_config(more):
        return settings.config("network.type=phasenet_mag", "network.filter_factor=1", *more, preset="smoke")

    def make(n_trials, **changes):
        return StudyPlan("mine", "phasenet_mag", make_config, splits, n_trials, 2, tmp_path, fixed=("filter_factor",),
                         **changes)
    return make


def test_study_writes_its_files_and_resumes(plan, tmp_path):
    run_study(plan(2))
    study = run_study(plan(3, worker=1))
    assert len(study.trials) == 3
    assert run_study(plan(3)).trials[-1].number == 2
    assert len({trial.params["learning_rate"] for trial in study.trials}) == 3
    assert not any("filter_factor" in trial.params for trial in study.trials)
    paths = write_files(study, plan(3).studies)
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
