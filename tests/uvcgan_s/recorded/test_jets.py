import numpy as np
import pytest

from quakebook.training import recorded
from quakebook.training.recorded import Outcome
from quakebook.uvcgan_s.recorded import jets


def half(mixtures):
    return mixtures / 2, mixtures / 2


def test_absent_results_are_absent(tmp_path):
    assert jets.classical(tmp_path) is None and jets.learned(tmp_path) == {} and jets.snapshots(where=tmp_path) is None


def test_round_trip_and_order_of_seeds(tmp_path):
    outcome = jets.make_learned("full", half, events=6)
    assert outcome.metrics["val.full.towers.surplus_share"] == pytest.approx(0, abs=1e-6)
    assert not any(key.startswith("jets.") for key in outcome.metrics)
    for seed in (10, 2):
        recorded.keep("uvcgan_s", f"jets-full-{seed}", Outcome({}, {**outcome.arrays, "val:events": [seed]}), tmp_path)
    recorded.keep("uvcgan_s", "jets-full-smoke", outcome, tmp_path)
    recorded.keep("uvcgan_s", "jets-identity-0", Outcome({}, {"losses": [1.0]}), tmp_path)
    learned = jets.learned(tmp_path)
    assert list(learned) == ["full"] and [r["val"].events for r in learned["full"]] == [2, 10]


def test_snapshots_are_kept_beside_the_results(tmp_path):
    tower = np.arange(24 * 64.0).reshape(24, 64)
    track = {"track:steps": [5, 9], "track:background": np.stack([tower, 2 * tower]),
             "track:signal": np.zeros((2, 24, 64)), "track:true_background": tower, "track:true_signal": 0 * tower}
    recorded.keep("uvcgan_s", "jets-full-1", Outcome({}, track), tmp_path)
    kept = jets.snapshots(where=tmp_path)
    assert list(kept.steps) == [5, 9] and np.array_equal(kept.steps[9][0], 2 * tower)
    assert np.array_equal(kept.mixture, tower)


def test_classical_entry(tmp_path):
    outcome = jets.make_classical(events=4)
    recorded.keep("uvcgan_s", "jets-classical", outcome, tmp_path)
    assert jets.classical(tmp_path)["quenched"].methods == ["area", "ics", "median", "median_clipped",
                                                            "mean_background", "mixture"]
    assert outcome.metrics["val.mixture.cone.bias_gev"] > 10


def test_unknown_methods_are_refused():
    with pytest.raises(ValueError, match="no learned method 'area'"):
        jets.make_learned("area", half)


def test_short_trainings_stand_in_where_there_are_no_long_ones(tmp_path):
    settings = {"training": {"steps": 2500}, "objective": {"warm_steps": 2000}}
    outcome = Outcome({}, {"losses": [1.0]}, settings=settings)
    recorded.keep("uvcgan_s", "jets-short-full-0", outcome, tmp_path, seconds=61.4)
    assert jets.seeds("full", tmp_path) == ["jets-short-full-0"] and jets.seeds("identity", tmp_path) == []
    assert jets.lengths(tmp_path) == {
        "full": "2,500 steps, 2,000 of them without critics, 61 s with its evaluation"}
    recorded.keep("uvcgan_s", "jets-full-1", Outcome({}, {"losses": [1.0]}), tmp_path, seconds=1.0)
    assert jets.seeds("full", tmp_path) == ["jets-full-1"] and jets.lengths(tmp_path) == {}
