import numpy as np
import pytest
import torch

from quakebook.data.calorimeter import open_domains
from quakebook.data.calorimeter.sources import TensorSource
from quakebook.uvcgan_s.scoring.resolution import COARSE_BINS, curves
from quakebook.uvcgan_s.studies import comparison
from quakebook.uvcgan_s.studies.comparison import compare
from quakebook.uvcgan_s.studies.methods import Mixtures, subtract


@pytest.fixture(scope="module")
def domains():
    return open_domains("synthetic:tiny", "val", records=24)


def oracle(domains):
    """Answers with the truth, block by block."""
    rows = iter(range(0, len(domains.mixture), comparison.BLOCK))

    def separate(mixtures):
        first = next(rows)
        return domains.truth(np.arange(first, first + len(mixtures)))

    return separate


def test_an_oracle_has_no_error_at_all(domains):
    result = compare(domains, "val", ["full"], separators={"full": oracle(domains)}, radii=(0.4,))
    numbers = curves(result.matched["full"][0.4], np.array([14.0, 50.0]))
    assert numbers.scale == pytest.approx([1], abs=1e-6) and numbers.resolution == pytest.approx([0], abs=1e-6)
    assert numbers.efficiency == pytest.approx([1]) and numbers.fake_rate == pytest.approx([0])
    assert result.cone_scores("full")["jer_cal_gev"] == pytest.approx(0, abs=1e-4)
    assert result.towers["full"][:3] == pytest.approx([0, 0, 0], abs=1e-6)
    assert result.towers["full"][3] == pytest.approx(float(domains.mixture.images.mean()))
    assert np.array_equal(result.structure["full"].of("girth"), result.structure["truth"].of("girth"))


def test_blocks_do_not_change_the_result(domains, monkeypatch):
    whole = compare(domains, "val", ["median_clipped"], radii=(0.4,))
    monkeypatch.setattr(comparison, "BLOCK", 7)
    parts = compare(domains, "val", ["median_clipped"], radii=(0.4,))
    assert np.allclose(whole.matched["median_clipped"][0.4].pt, parts.matched["median_clipped"][0.4].pt, equal_nan=True)
    assert whole.towers["median_clipped"] == pytest.approx(parts.towers["median_clipped"])
    assert whole.events == parts.events == 24


def test_every_classical_method_has_its_results(domains):
    methods = ["area", "ics", "median", "median_clipped", "mean_background", "mixture"]
    result = compare(domains, "val", methods, mean=np.full((24, 64), 0.7), events=12, radii=(0.4,))
    assert result.methods == methods and result.events == 12
    assert set(result.structure) == {"truth", "ics", "median_clipped"}
    assert set(result.cones) == {"truth", "ics", "median", "median_clipped", "mean_background", "mixture"}
    scale = {m: curves(result.matched[m][0.4], COARSE_BINS, least=1).scale[1] for m in methods}
    assert scale["mixture"] > 2 and 0.7 < scale["area"] < 1.3 and 0.6 < scale["ics"] < 1.2


def test_no_background_gives_scale_one(domains):
    signal = TensorSource(domains.signal.images, "signal", "s")
    nothing = TensorSource(torch.zeros_like(domains.signal.images), "nothing", "n")
    empty = type(domains)(nothing, signal, signal, True, "empty", "val")
    result = compare(empty, "val", ["area", "ics", "median", "mixture"], radii=(0.4,))
    for method in result.methods:
        numbers = curves(result.matched[method][0.4], np.array([14.0, 50.0]))
        assert numbers.scale == pytest.approx([1], abs=0.02), method
        assert numbers.resolution == pytest.approx([0], abs=0.02), method


def test_wrong_methods_are_refused():
    empty = Mixtures(np.zeros((1, 24, 64)))
    for key, words in (("magic", "no method 'magic'"), ("full", "needs `separate`"),
                       ("mean_background", "needs `mean`")):
        with pytest.raises(ValueError, match=words):
            subtract(key, empty)
