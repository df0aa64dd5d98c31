import math

import numpy as np
import pytest

from quakebook.data.calorimeter import make, tower_eta, tower_phi
from quakebook.uvcgan_s.scoring.jets import find_jets, have_fastjet, tower_coordinates

ENGINES = ["own", pytest.param("fastjet", marks=pytest.mark.skipif(not have_fastjet(), reason="no fastjet here"))]


def image(*towers):
    values = np.zeros((1, 24, 64))
    for gev, row, column in towers:
        values[0, row, column] += gev
    return values


@pytest.mark.parametrize("engine", ENGINES)
def test_one_tower_is_one_jet(engine):
    (jets,) = find_jets(image((12.0, 10, 63)), 0.4, engine=engine)
    assert jets.pt_gev == pytest.approx([12.0])
    assert jets.eta == pytest.approx([tower_eta()[10]]) and jets.phi == pytest.approx([tower_phi()[63]])
    assert jets.mass_gev == pytest.approx([0.0], abs=1e-4) and jets.members[0].tolist() == [10 * 64 + 63]
    assert jets.area == pytest.approx([0.009], rel=1e-3)


@pytest.mark.parametrize("engine", ENGINES)
def test_back_to_back_towers_are_two_jets(engine):
    (jets,) = find_jets(image((10.0, 12, 5), (20.0, 11, 37)), 0.5, engine=engine)
    assert jets.pt_gev == pytest.approx([20.0, 10.0])
    assert abs(jets.phi[0] - jets.phi[1]) == pytest.approx(math.pi)


@pytest.mark.parametrize("engine", ENGINES)
def test_jets_wrap_in_azimuth_and_have_the_mass_of_the_pair(engine):
    (jets,) = find_jets(image((10.0, 12, 0), (10.0, 12, 63)), 0.4, engine=engine)
    assert len(jets) == 1 and jets.pt_gev[0] == pytest.approx(20 * math.cos(math.pi / 64))
    assert jets.phi[0] == pytest.approx(0, abs=1e-6) or jets.phi[0] == pytest.approx(2 * math.pi, abs=1e-6)
    assert jets.mass_gev[0] == pytest.approx(math.sqrt(200 * (1 - math.cos(math.pi / 32))), rel=1e-4)


@pytest.mark.parametrize("engine", ENGINES)
def test_soft_jets_empty_events_and_negative_towers_are_left_out(engine):
    events = np.concatenate([image((4.9, 3, 3)), image(), image((8.0, 3, 3), (-5.0, 3, 4))])
    assert [len(jets) for jets in find_jets(events, 0.4, engine=engine)] == [0, 0, 1]
    assert find_jets(events, 0.4, engine=engine)[2].pt_gev[0] == pytest.approx(8.0)
    assert find_jets(events[:0], 0.4, engine=engine) == []


def test_acceptance_is_that_of_the_axis():
    (jets,) = find_jets(image((10.0, 0, 0), (9.0, 12, 0)), 0.4, engine="own")
    assert jets.central().pt_gev == pytest.approx([9.0])


@pytest.mark.parametrize("radius", [0.2, 0.4, 0.5])
def test_own_finder_agrees_with_fastjet_on_signals(radius):
    if not have_fastjet():
        pytest.skip("no fastjet here")
    images = make("signal", "val", 20)
    both = [find_jets(images, radius, engine=engine) for engine in ("own", "fastjet")]
    same = total = 0
    for own, other in zip(*both, strict=True):
        total += len(other)
        same += len({m.tobytes() for m in own.members} & {m.tobytes() for m in other.members})
        if [m.tobytes() for m in own.members] == [m.tobytes() for m in other.members]:
            for name in ("pt_gev", "eta", "phi", "y", "mass_gev"):
                assert np.allclose(getattr(own, name), getattr(other, name), atol=1e-6)
    assert same >= 0.95 * total  # towers on a grid have ties in distance, which the two break differently


def test_own_finder_agrees_with_fastjet_on_a_full_mixture():
    if not have_fastjet():
        pytest.skip("no fastjet here")
    own, other = (find_jets(make("embed", "val", 1), 0.4, engine=e, min_pt_gev=20.0)[0] for e in ("own", "fastjet"))
    assert own.pt_gev[:3] == pytest.approx(other.pt_gev[:3], rel=0.02)


def test_wrong_images_are_refused():
    with pytest.raises(ValueError, match=r"shape \(n, 24, 64\)"):
        find_jets(np.zeros((24, 64)), 0.4)
    broken = image((8.0, 3, 3))
    broken[0, 5, 6] = np.nan
    with pytest.raises(ValueError, match=r"event 0 .* tower \(5, 6\)"):
        find_jets(broken, 0.4)
    with pytest.raises(ValueError, match="`radius`"):
        find_jets(image(), 0.0)


def test_the_banner_of_the_library_stays_out_of_the_output(capfd):
    find_jets(image((8.0, 3, 3)), 0.4)
    assert capfd.readouterr().out == ""


def test_coordinates_follow_rows_and_columns():
    eta, phi = tower_coordinates()
    assert eta[64] == pytest.approx(tower_eta()[1]) and phi[65] == pytest.approx(tower_phi()[1])
