import math

import numpy as np
import pytest
import torch

from quakebook.data.calorimeter import detector
from quakebook.data.calorimeter.detector import Particles, join, towers


def particle(pt_gev, eta, phi, kind, copies=1):
    return Particles(torch.zeros(copies, dtype=torch.long), torch.full((copies,), pt_gev), torch.full((copies,), eta),
                     torch.full((copies,), phi), torch.full((copies,), kind))


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_tower_centres_cover_the_acceptance_evenly():
    eta, phi = detector.tower_eta(), detector.tower_phi()
    assert eta[0] == pytest.approx(-1.1 + 1.1 / 24) and eta[-1] == pytest.approx(1.1 - 1.1 / 24)
    assert phi[0] == pytest.approx(math.pi / 64) and np.allclose(np.diff(phi), 2 * math.pi / 64)
    assert pytest.approx(0.009, abs=1e-5) == detector.TOWER_AREA


def test_a_photon_lands_in_its_tower():
    image = towers(particle(100.0, float(detector.tower_eta()[7]), float(detector.tower_phi()[63]), 0), 1, generator())
    assert image.shape == (1, 24, 64) and image.dtype == torch.float32
    assert image[0, 5:10, [62, 63, 0]].sum() == pytest.approx(float(image.sum()), rel=1e-5)
    assert float(image.sum()) == pytest.approx(100, rel=0.08)


@pytest.mark.parametrize(("kind", "response"), [(0, 1.0), (1, 0.9), (2, 0.9)])
def test_mean_response_of_each_kind(kind, response):
    image = towers(particle(4.0, 0.0, 1.0, kind, copies=20000), 1, generator())
    assert float(image.sum()) / 80000 == pytest.approx(response, rel=0.01)


def test_soft_charged_particles_curl_up_and_neutral_ones_do_not():
    assert towers(particle(0.22, 0.0, 1.0, 1), 1, generator()).sum() == 0
    assert towers(particle(0.22, 0.0, 1.0, 2), 1, generator()).sum() > 0


def test_charged_particles_turn_by_the_angle_of_the_field():
    turn = math.asin(0.15 * 1.4 * 1.1 / 0.5)
    columns = towers(particle(0.5, 0.0, math.pi, 1, copies=4000), 1, generator())[0].sum(0)
    phi = torch.from_numpy(detector.tower_phi()) - math.pi
    for side in (-1, 1):
        half = phi * side > 0
        assert float((columns * phi)[half].sum() / columns[half].sum()) == pytest.approx(side * turn, abs=0.02)
    assert float(columns[half].sum() / columns.sum()) == pytest.approx(0.5, abs=0.05)


def test_particles_beyond_the_edge_are_lost_and_azimuth_wraps():
    assert towers(particle(5.0, 1.6, 0.0, 0), 1, generator()).sum() == 0
    image = towers(particle(5.0, 0.0, -0.001, 0, copies=200), 1, generator())[0].sum(0)
    assert image[0] > 0 and image[63] > 0 and image[5:59].sum() == 0


def test_events_do_not_mix():
    first, second = particle(5.0, 0.0, 1.0, 0), particle(7.0, 0.0, 1.0, 0)
    images = towers(join([first, Particles(torch.ones(1, dtype=torch.long), *(getattr(second, n) for n in (
        "pt_gev", "eta", "phi", "kind")))]), 3, generator())
    assert images[0].sum() > 0 and images[1].sum() > images[0].sum() and images[2].sum() == 0


def test_no_particle_gives_empty_events():
    empty = particle(1.0, 0.0, 0.0, 0, copies=0)
    assert towers(empty, 2, generator()).abs().sum() == 0
