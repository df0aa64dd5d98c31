import numpy as np
import pytest

from quakebook.data.calorimeter import write
from quakebook.uvcgan_s.studies import jet_results
from quakebook.uvcgan_s.studies.jet_numbers import numbers


@pytest.fixture(scope="module")
def results():
    return jet_results.measure(classical=("area", "ics"), name="synthetic:tiny", events=30)


def test_both_sets_are_measured(results):
    assert list(results) == ["val", "quenched"] and results["val"].events == 30
    assert results["quenched"].cones["truth"].shape == (30,)


def test_arrays_keep_every_number(results):
    back = jet_results.from_arrays({**jet_results.to_arrays(results), "losses": np.zeros(3)})
    first, second = numbers(results), numbers(back)
    assert set(first) == set(second)
    for key, value in first.items():
        assert second[key] == pytest.approx(value, rel=1e-3, abs=2e-3, nan_ok=True), key


def test_arrays_stay_small(results, monkeypatch):
    monkeypatch.setattr(jet_results, "KEPT_XI", 10)
    arrays = jet_results.to_arrays(results)
    assert len(arrays["val:structure:truth:xi"]) < 25
    assert arrays["val:matched:area:0.4:all_pt"].min() >= 14
    assert all(":" in key for key in arrays)


def test_methods_merge_on_the_same_events_only(results):
    own = jet_results.measure({"full": lambda m: (0 * m, m)}, name="synthetic:tiny", events=30)
    together = jet_results.merged([own, results])
    assert together["val"].methods == ["full", "area", "ics"]
    fewer = jet_results.measure({"full": lambda m: (0 * m, m)}, name="synthetic:tiny", events=5)
    with pytest.raises(ValueError, match="same events"):
        jet_results.merged([fewer, results])


def test_a_folder_gives_the_same_results_as_the_events_it_was_written_from(tmp_path):
    folder = write(tmp_path / "set", "tiny", counts={"train": 200, "val": 8, "test": 8})
    both = [jet_results.measure(classical=("mean_background",), name=name, events=8)["val"]
            for name in (str(folder), "synthetic:tiny")]
    assert both[0].towers["mean_background"] == pytest.approx(both[1].towers["mean_background"], rel=1e-4)
