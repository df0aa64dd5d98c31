"""Published settings of the search, and the space it searches."""

import pytest

from quakebook.magnitude.studies import search_space, study_storage, tuning, tuning_files

SPACE = {"learning_rate": (1e-5, 1e-2, True), "batch_size": [64, 128, 256, 512], "filter_factor": [1, 2, 4],
         "optimizer": ["Adam", "AdamW"], "weight_decay": (1e-6, 1e-3, True), "scheduler_patience": (3, 10),
         "dropout_rate": (0.0, 0.3, False)}


class Asked:
    """A trial that answers with what it was asked."""

    def suggest_float(self, name, low, high, log=False):
        return low, high, log

    def suggest_int(self, name, low, high):
        return low, high

    def suggest_categorical(self, name, values):
        return values


def test_the_published_space_is_searched():
    assert search_space.suggest(Asked(), "phasenet_mag", False) == SPACE
    more = search_space.suggest(Asked(), "amag_v2", True, fixed=("batch_size",))
    assert more == {name: value for name, value in SPACE.items() if name != "batch_size"} | {
        "amplitude": ["none", "counts", "physical"]}
    assert search_space.suggest(Asked(), "phasenet_mag", True)["norm"] == ["std", "peak"]


def test_published_settings_of_a_study():
    """TPE with seed 42, median pruner after 5 trials and 5 steps, 5 epochs of patience, importance from 11 trials."""
    assert (study_storage.SAMPLER_SEED, study_storage.STARTUP_TRIALS, study_storage.WARMUP_STEPS) == (42, 5, 5)
    assert (tuning.TRIAL_PATIENCE, tuning_files.ENOUGH_TRIALS) == (5, 10)


def test_a_silent_worker_is_given_up_after_four_heartbeats():
    """Chosen: a sign every half minute, and two minutes of silence."""
    assert (study_storage.HEARTBEAT_S, study_storage.SILENCE_S) == (30, 120)


@pytest.mark.parametrize(("complete", "told"), [(10, False), (11, True)])
def test_importance_needs_more_than_ten_trials(complete, told, monkeypatch):
    optuna = pytest.importorskip("optuna")
    from types import SimpleNamespace

    state = optuna.trial.TrialState.COMPLETE
    trials = [SimpleNamespace(state=state, value=float(k), params={"learning_rate": 10.0**-k},
                              intermediate_values={1: 2.0, 0: 3.0}, user_attrs={}) for k in range(complete)]
    monkeypatch.setattr(optuna.importance, "get_param_importances", lambda study: {"learning_rate": 1.0})
    found = tuning_files.analysis(SimpleNamespace(trials=trials, study_name="s"))
    assert bool(found["importance"]) == told
    assert found["best_rates"] == [1.0, 0.1] and found["best_curve"] == [3.0, 2.0]  # the best quarter: 2 of 10 or 11
