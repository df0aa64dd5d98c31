import pytest

from quakebook.training import arrays
from quakebook.uvcgan_s.recorded import jets


def half(mixtures):
    return mixtures / 2, mixtures / 2


def test_absent_results_are_absent(tmp_path):
    assert jets.classical(tmp_path) is None and jets.learned(tmp_path) == {}
    assert jets.folder().parts[-3:] == ("book", "recorded", "uvcgan_s")


def test_round_trip_and_order_of_seeds(tmp_path):
    metrics, stored = jets.measure_learned("full", half, events=6)
    assert metrics["jets.val.full.towers.surplus_share"] == pytest.approx(0, abs=1e-6)
    for seed in (10, 2):
        arrays.write(tmp_path / f"jets-full-{seed}.h5", {**stored, "val:events": [seed]}, {})
    arrays.write(tmp_path / "jets-full-smoke.h5", stored, {})
    arrays.write(tmp_path / "jets-identity-0.h5", {"losses": [1.0]}, {})
    learned = jets.learned(tmp_path)
    assert list(learned) == ["full"] and [r["val"].events for r in learned["full"]] == [2, 10]


def test_classical_entry(tmp_path):
    metrics, stored = jets.measure_classical(events=4)
    arrays.write(tmp_path / "jets-classical.h5", stored, {})
    assert jets.classical(tmp_path)["quenched"].methods == ["area", "ics", "median", "median_clipped",
                                                            "mean_background", "mixture"]
    assert metrics["jets.val.mixture.cone.bias_gev"] > 10


def test_unknown_methods_are_refused():
    with pytest.raises(ValueError, match="no learned method 'area'"):
        jets.measure_learned("area", half)
