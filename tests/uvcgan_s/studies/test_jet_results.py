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


def by_hand(xi=35):
    from quakebook.uvcgan_s.scoring.resolution import Matched
    from quakebook.uvcgan_s.scoring.substructure import Substructure
    from quakebook.uvcgan_s.studies.comparison import Comparison

    found = Matched(0.4, np.array([13.9, 14.0, 20.0]), np.zeros(3), np.array([1.0, 2.0, np.nan]),
                    np.array([0.1, 0.25, np.nan]), np.array([13.0, 14.0, 30.0]), np.array([True, False, True]), 3)
    inside = Substructure({"girth": np.array([0.5, np.nan])}, np.arange(float(xi)))
    return Comparison("val", 3, {"full": {0.4: found}}, {"truth": inside, "full": inside},
                      {"truth": np.array([1.0, 2.0, 3.0])}, {"full": np.array([1 + 1e-12, 2.0, 3.0, 4.0])})


def test_what_is_kept_of_jets_by_hand(monkeypatch):
    """Jets of 14 GeV and more, each by its own momentum; of 35 values every third where about ten are wanted."""
    monkeypatch.setattr(jet_results, "KEPT_XI", 10)
    arrays = jet_results.to_arrays({"val": by_hand()})
    assert arrays["val:true_pt:0.4"].tolist() == [14, 20] and arrays["val:events"].tolist() == [3]
    assert arrays["val:matched:full:0.4:all_pt"].tolist() == [14, 30]
    assert arrays["val:matched:full:0.4:is_fake"].tolist() == [0, 1]
    assert arrays["val:matched:full:0.4:pt"][0] == 2 and arrays["val:matched:full:0.4:delta_eta"][0] == 0.25
    assert arrays["val:structure:full:xi"].tolist() == list(range(0, 35, 3))
    assert arrays["val:towers:full"][0] == 1 + 1e-12 and arrays["val:cones:truth"].dtype == np.float32
    back = jet_results.from_arrays(arrays)["val"]
    assert back.matched["full"][0.4].is_fake.tolist() == [False, True] and back.events == 3
    assert back.matched["full"][0.4].response.tolist() == pytest.approx([2 / 14, np.nan], nan_ok=True)
    assert back.structure["full"].of("girth").tolist() == [0.5] and back.cones["truth"].tolist() == [1, 2, 3]
    assert jet_results.to_arrays({"val": by_hand(9)})["val:structure:full:xi"].tolist() == list(range(9))
