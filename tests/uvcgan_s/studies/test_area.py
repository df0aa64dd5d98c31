import numpy as np
import pytest

from quakebook.data.calorimeter import TOWER_AREA, make
from quakebook.uvcgan_s.scoring.jets import Jets, find_jets
from quakebook.uvcgan_s.studies import area
from quakebook.uvcgan_s.studies.area import area_jets, background_density


def test_density_of_an_even_background_is_its_value_per_area():
    """Every tower holds 0.9 GeV: jets of any shape have the same ratio, up to the vector sum of their towers."""
    density = background_density(np.full((2, 24, 64), 0.9))
    assert density == pytest.approx([0.9 / TOWER_AREA] * 2, rel=0.03)


def test_density_leaves_the_two_hardest_out_and_needs_jets():
    even = np.full((1, 24, 64), 0.9)
    with_jets = even.copy()
    with_jets[0, 12, 5] += 30
    with_jets[0, 11, 37] += 30
    assert background_density(with_jets) == pytest.approx(background_density(even), rel=0.03)
    assert background_density(np.zeros((1, 24, 64))) == pytest.approx([0])


def test_density_is_the_median_without_the_two_hardest():
    mixture = make("embed", "val", 1)
    (jets,) = find_jets(mixture, 0.4, "kt", min_pt_gev=0.0)
    inside = [k for k in range(len(jets)) if abs(jets.y[k]) < 0.7][2:]
    ratios = sorted(jets.pt_gev[k] / (0.0917 * 0.0982 * len(jets.members[k])) for k in inside)
    middle = len(ratios) // 2
    expected = ratios[middle] if len(ratios) % 2 else (ratios[middle - 1] + ratios[middle]) / 2
    assert background_density(mixture) == pytest.approx([expected], rel=1e-3)


def test_a_jet_on_an_even_background_gets_its_momentum_back():
    mixture = np.full((1, 24, 64), 0.5)
    mixture[0, 12, 20] += 25
    (jets,) = area_jets(find_jets(mixture, 0.4, min_pt_gev=0.0), background_density(mixture))
    assert jets.pt_gev[0] == pytest.approx(25, rel=0.03) and len(jets) == 1


def test_without_background_nothing_changes():
    signal = make("signal", "val", 3)
    plain_jets = find_jets(signal, 0.4)
    for corrected, plain in zip(area_jets(plain_jets, np.zeros(3)), plain_jets, strict=True):
        assert np.allclose(corrected.pt_gev, plain.pt_gev) and len(corrected) == len(plain)


def test_jets_are_sorted_after_the_correction():
    mixture = make("embed", "val", 3)
    for jets in area_jets(find_jets(mixture, 0.5, min_pt_gev=0.0), background_density(mixture)):
        assert (np.diff(jets.pt_gev) <= 0).all() and (jets.pt_gev >= 5).all()
        assert len(jets.members) == len(jets)


def test_jets_beyond_seven_tenths_in_rapidity_take_no_part(monkeypatch):
    """Of jets of one tower each the two hardest inside are left out; of the rest those at 0.69 and -0.65 count."""
    n = 7
    pt, y = np.array([9.0, 8.0, 7.0, 6.0, 5.0, 3.0, 1.0]), np.array([0.71, 0.1, -0.2, 0.73, 0.69, -0.65, -0.75])
    event = Jets(pt, y, np.zeros(n), y, np.zeros(n), (np.zeros(1, int),) * n)
    monkeypatch.setattr(area, "find_jets", lambda *words, **more: [event])
    assert background_density(np.ones((1, 24, 64))) == pytest.approx([4.0 / TOWER_AREA])


def test_a_jet_of_exactly_the_least_momentum_is_kept():
    zero = np.zeros(2)
    event = Jets(np.array([5.0, 4.999]), zero, zero, zero, zero, (np.zeros(1, int),) * 2)
    (kept,) = area_jets([event], np.zeros(1))
    assert kept.pt_gev.tolist() == [5.0]
