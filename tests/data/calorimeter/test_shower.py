import math

import pytest
import torch

from quakebook.data.calorimeter.shower import ALPHA_S, GLUON, K_MIN_GEV, QUARK, THETA_MAX, hadrons, shower, start


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def jets(n, pt_gev, colour):
    return start(torch.arange(n), torch.full((n,), pt_gev), torch.zeros(n), torch.zeros(n), torch.full((n,), colour))


def sums(values, jet, n):
    return torch.zeros(n).index_add_(0, jet, values)


def test_momentum_and_direction_are_conserved():
    partons = shower(jets(500, 40.0, GLUON), generator())
    assert torch.allclose(sums(partons.pt_gev, partons.jet, 500), torch.full((500,), 40.0), rtol=1e-5)
    for angle in (partons.eta, partons.phi):
        assert sums(partons.pt_gev * angle, partons.jet, 500).abs().max() < 1e-3


@pytest.mark.parametrize("colour", [QUARK, GLUON])
def test_share_of_jets_without_emission(colour):
    """exp(-alpha_s C L^2 / pi) with L = ln(p theta / 2 k): the exact Sudakov factor."""
    partons = shower(jets(40000, 20.0, colour), generator())
    single = torch.bincount(partons.jet, minlength=40000) == 1
    room = math.log(20.0 * THETA_MAX / (2 * K_MIN_GEV))
    assert float(single.float().mean()) == pytest.approx(math.exp(-ALPHA_S * colour * room**2 / math.pi), rel=0.05)


def test_too_soft_a_parton_never_radiates():
    assert len(shower(jets(200, 2 * K_MIN_GEV / THETA_MAX, GLUON), generator()).jet) == 200


def test_gluons_radiate_more_than_quarks():
    counts = [len(shower(jets(2000, 40.0, colour), generator()).jet) for colour in (QUARK, GLUON)]
    assert counts[1] > 1.5 * counts[0]


def test_hadrons_share_the_momentum_and_their_number():
    partons = jets(4000, 10.0, GLUON)
    particles = hadrons(partons, generator())
    assert torch.allclose(sums(particles.pt_gev, particles.event, 4000), torch.full((4000,), 10.0), rtol=0.01)
    assert len(particles.pt_gev) / 4000 == pytest.approx(1.5 + 0.75 * math.log(11), rel=0.02)
    shares = torch.bincount(particles.kind, minlength=3) / len(particles.kind)
    assert shares.tolist() == pytest.approx([0.36, 0.64 * 0.85, 0.64 * 0.15], abs=0.01)


def test_soft_hadrons_fly_wider():
    particles = hadrons(jets(4000, 30.0, QUARK), generator())
    soft = particles.pt_gev < 1
    assert particles.eta[soft].std() > 3 * particles.eta[~soft].std()
    assert float(particles.eta[soft & (particles.pt_gev < 0.5)].std()) == pytest.approx(0.5, rel=0.03)
