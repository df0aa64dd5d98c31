import math

import numpy as np
import pytest

from quakebook.uvcgan_s.scoring.clustering import delta_phi, four_momenta, merges, rapidity


def event(*particles):
    return four_momenta(*np.array(particles, dtype=float).T)


def test_rapidity_of_massless_particles_is_their_pseudorapidity():
    eta = np.array([-5.0, -0.3, 0.0, 0.7, 8.0])
    assert np.allclose(rapidity(four_momenta(np.ones(5), eta, np.zeros(5))), eta, atol=1e-6)


def test_rapidity_of_a_massive_particle_by_hand():
    assert rapidity(np.array([3.0, 4.0, 2.0, 10.0])) == pytest.approx(0.5 * math.log(12 / 8))


def test_delta_phi_wraps():
    assert delta_phi(0.1, 2 * math.pi - 0.1) == pytest.approx(0.2)
    assert delta_phi(-3.0, 3.0) == pytest.approx(2 * math.pi - 6.0)


def test_anti_kt_starts_at_the_hardest_and_kt_at_the_softest():
    three = event((10, 0, 0), (1, 0.15, 0), (1, 0.25, 0))
    assert set(merges(three, 0.4, "antikt")[0]) == {0, 1}
    assert set(merges(three, 0.4, "kt")[0]) == {1, 2}
    assert set(merges(three, 0.4, "cambridge")[0]) == {1, 2}


def test_particles_farther_than_the_radius_stay_apart():
    assert [j for _, j in merges(event((5, 0, 0), (4, 0, 0.5)), 0.4)] == [-1, -1]
    assert sorted(j >= 0 for _, j in merges(event((5, 0, 0), (4, 0, 0.3)), 0.4)) == [False, True]


def test_every_particle_ends_once():
    draw = np.random.default_rng(0)
    momenta = four_momenta(draw.exponential(1, 60), draw.uniform(-1, 1, 60), draw.uniform(0, 6.28, 60))
    for algorithm in ("antikt", "kt", "cambridge"):
        history = merges(momenta, 0.4, algorithm)
        gone = [j for _, j in history if j >= 0] + [i for i, j in history if j < 0]
        assert sorted(gone) == list(range(60))
    assert merges(np.zeros((0, 4)), 0.4) == []


@pytest.mark.parametrize("radius", [0.2, 0.5])
@pytest.mark.parametrize("algorithm", ["antikt", "kt", "cambridge"])
def test_same_jets_as_fastjet(algorithm, radius):
    fastjet = pytest.importorskip("fastjet")
    draw = np.random.default_rng(2)
    momenta = four_momenta(draw.exponential(1, 300), draw.uniform(-1, 1, 300), draw.uniform(0, 6.28, 300))
    kind = {"antikt": fastjet.antikt_algorithm, "kt": fastjet.kt_algorithm, "cambridge": fastjet.cambridge_algorithm}
    particles = [fastjet.PseudoJet(*map(float, m)) for m in momenta]
    for k, particle in enumerate(particles):
        particle.set_user_index(k)
    sequence = fastjet.ClusterSequence(particles, fastjet.JetDefinition(kind[algorithm], radius))
    expected = {frozenset(p.user_index() for p in jet.constituents()) for jet in sequence.inclusive_jets()}
    groups, jets = {k: [k] for k in range(300)}, set()
    for i, j in merges(momenta, radius, algorithm):
        if j >= 0:
            groups[i] += groups.pop(j)
        else:
            jets.add(frozenset(groups[i]))
    assert jets == expected


def brute_force(momenta, radius, power):
    """Recombination by looking at all pairs each time: slow and obvious."""
    left, groups, jets = [m.copy() for m in momenta], [[k] for k in range(len(momenta))], []
    while left:
        pt = np.hypot(*np.array(left)[:, :2].T)
        y, phi = rapidity(np.array(left)), np.arctan2(*np.array(left)[:, 1::-1].T)
        best = min([(pt[i] ** power, i, -1) for i in range(len(left))] + [
            (min(pt[i], pt[j]) ** power * ((y[i] - y[j]) ** 2 + delta_phi(phi[i], phi[j]) ** 2) / radius**2
             if power > 0 else max(pt[i], pt[j]) ** power * (
                (y[i] - y[j]) ** 2 + delta_phi(phi[i], phi[j]) ** 2) / radius**2, i, j)
            for i in range(len(left)) for j in range(i)])
        _, i, j = best
        if j >= 0:
            left[j] = left[i] + left[j]
            groups[j] = groups[i] + groups[j]
        else:
            jets.append(frozenset(groups[i]))
        del left[i], groups[i]
    return set(jets)


@pytest.mark.parametrize(("algorithm", "power"), [("antikt", -2.0), ("kt", 2.0)])
def test_same_jets_as_brute_force(algorithm, power):
    draw = np.random.default_rng(1)
    for _ in range(5):
        momenta = four_momenta(draw.exponential(2, 25), draw.uniform(-1, 1, 25), draw.uniform(0, 6.28, 25))
        groups, jets = {k: [k] for k in range(25)}, set()
        for i, j in merges(momenta, 0.5, algorithm):
            if j >= 0:
                groups[i] += groups.pop(j)
            else:
                jets.add(frozenset(groups[i]))
        assert jets == brute_force(momenta, 0.5, power)
