import math

import pytest
import torch

from quakebook.data.calorimeter.background import Collisions, background_towers, collisions, flow


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_flow_gives_the_wanted_harmonics():
    n = 400_000
    drawn = Collisions(*(torch.tensor([x]) for x in (0.5, 0.05, 0.03, 1.0, 2.0)))
    phi = flow(2 * math.pi * torch.rand(n, generator=generator()), torch.full((n,), 0.6),
               torch.zeros(n, dtype=torch.long), drawn)
    assert float(torch.cos(2 * (phi - 1.0)).mean()) == pytest.approx(0.05, abs=0.004)
    assert float(torch.cos(3 * (phi - 2.0)).mean()) == pytest.approx(0.03, abs=0.004)


def test_flow_of_a_particle_grows_with_its_momentum_up_to_a_limit():
    drawn = Collisions(*(torch.tensor([x]) for x in (0.5, 0.05, 0.0, 0.0, 0.0)))
    turn = [float(1 - flow(torch.ones(1), torch.tensor([p]), torch.zeros(1, dtype=torch.long), drawn))
            for p in (0.01, 0.6, 1.2, 3.0, 9.0)]
    assert turn[1] == pytest.approx(0.05 * math.sin(2), rel=1e-4)
    assert turn[0] == pytest.approx(0.3 * turn[1], rel=1e-3) and turn[2] == pytest.approx(2 * turn[1], rel=1e-3)
    assert turn[3] == pytest.approx(2.5 * turn[1], rel=1e-3) and turn[4] == pytest.approx(turn[3], rel=1e-6)


def test_towers_are_those_of_a_central_collision():
    images = background_towers(60, generator())
    assert images.shape == (60, 24, 64) and (images >= 0).all()
    assert float(images.mean()) == pytest.approx(0.72, rel=0.05)
    assert float(images.std()) == pytest.approx(0.49, rel=0.06)
    assert float(images.sum((1, 2)).std()) == pytest.approx(151, rel=0.3)


def test_more_central_collisions_are_fuller():
    drawn = collisions(20, generator())
    totals = [background_towers(20, generator(1), Collisions(torch.full((20,), c), drawn.v2, drawn.v3, drawn.plane2,
                                                             drawn.plane3)).sum() for c in (0.0, 1.0)]
    assert float(totals[1] / totals[0]) == pytest.approx(0.73 / 1.15, rel=0.05)
