"""The study of the page: how large it is at each preset, and that it leaves Optuna's log as it was."""

import optuna
import pytest

from quakebook.magnitude.pages import tuning
from quakebook.magnitude.studies.search_space import suggest


@pytest.fixture
def planned(monkeypatch, splits, tmp_path):
    """A function: the plan that `run_small_study` hands on, and the data that it loaded."""
    def call(trials=3, **preset):
        seen = {}

        def run_study(plan):
            seen["plan"], seen["verbosity"] = plan, optuna.logging.get_verbosity()
            return "study"

        def load_splits(data):
            seen["data"] = data
            return splits

        monkeypatch.setattr(tuning, "run_study", run_study)
        monkeypatch.setattr(tuning, "load_splits", load_splits)
        monkeypatch.setattr(tuning, "analysis", lambda study: {"analysis of": study})
        assert tuning.run_small_study(tmp_path, trials, **preset) == {"analysis of": "study"}
        return seen
    return call


@pytest.mark.parametrize(("preset", "count", "epochs"), [("smoke", 240, 1), ("quick", 900, 2), ("paper", 50_000, 20)])
def test_records_and_epochs_of_a_preset(planned, preset, count, epochs):
    seen = planned(preset=preset)
    assert seen["data"].records == count and seen["plan"].max_epochs == epochs
    assert seen["plan"].make_config([]).data == seen["data"]


def test_a_page_is_quick_without_a_preset(planned):
    assert planned()["data"].records == 900


def test_the_plan_of_the_study(planned, splits, tmp_path):
    plan = planned(trials=5, preset="smoke")["plan"]
    assert (plan.n_trials, plan.folder, plan.model_type, plan.name) == (5, tmp_path, "phasenet_mag", "small")
    assert plan.splits is splits and not plan.with_inputs
    network = plan.make_config(["optimiser.lr=0.5"]).network
    assert (network.type, network.output_scale, network.amplitude, network.filter_factor) == (
        "phasenet_mag", 3.0, "physical", 1)
    assert plan.make_config(["optimiser.lr=0.5"]).optimiser.lr == 0.5
    searched = suggest(optuna.create_study().ask(), plan.model_type, plan.with_inputs, plan.fixed)
    assert "learning_rate" in searched and not {"filter_factor", "amplitude"} & set(searched)


def test_the_log_is_quiet_meanwhile_and_as_before_afterwards(planned, monkeypatch, tmp_path):
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.DEBUG)
    try:
        assert planned(preset="smoke")["verbosity"] == optuna.logging.ERROR
        assert optuna.logging.get_verbosity() == optuna.logging.DEBUG
        monkeypatch.setattr(tuning, "run_study", lambda plan: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tuning.run_small_study(tmp_path, 1, "smoke")
        assert optuna.logging.get_verbosity() == optuna.logging.DEBUG
    finally:
        optuna.logging.set_verbosity(before)
