import dataclasses

import numpy as np
import pytest
import torch

from quakebook.data.calorimeter.signal import QUENCHED, VACUUM, SignalPhysics, signal_towers


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_population_is_the_documented_one():
    """Shares of towers and total energy of 1500 events, against those of another generator with these rules."""
    images = signal_towers(1500, generator()).numpy().ravel()
    shares = 100 * np.histogram(images, [1e-12, 0.5, 2, 5, 10, 1e9])[0] / images.size
    assert 100 * (images == 0).mean() == pytest.approx(89.8, abs=1.0)
    assert shares == pytest.approx([8.2, 1.47, 0.43, 0.100, 0.033], rel=0.15)
    totals = signal_towers(1500, generator(1)).sum((1, 2))
    assert float(totals.median()) == pytest.approx(77, rel=0.04)


def test_quenched_events_are_poorer_and_their_lower_edge_higher():
    quenched = signal_towers(800, generator(), QUENCHED)
    assert float(quenched.sum((1, 2)).median()) == pytest.approx(55, rel=0.05)
    assert (quenched > 0).float().mean() < (signal_towers(800, generator()) > 0).float().mean()


def test_without_soft_event_energy_lies_in_two_opposite_places():
    image = signal_towers(300, generator(), dataclasses.replace(VACUUM, soft_particles=0.0))
    columns = image.sum(1)
    top = columns.argmax(1)
    near = torch.stack([columns[torch.arange(300), (top + k) % 64] for k in range(-9, 10)]).sum(0)
    far = torch.stack([columns[torch.arange(300), (top + 32 + k) % 64] for k in range(-9, 10)]).sum(0)
    assert float(((near + far) / columns.sum(1)).mean()) > 0.93


def test_path_follows_the_plane():
    physics = dataclasses.replace(QUENCHED, soft_particles=0.0, path_follows_plane=True)
    along = dataclasses.replace(physics, path_follows_plane=False)
    with pytest.raises(ValueError, match="event plane"):
        signal_towers(2, generator(), physics)
    total = float(signal_towers(600, generator(), physics, torch.zeros(600)).sum())
    assert total == pytest.approx(float(signal_towers(600, generator(), along).sum()), rel=0.08)


def test_physics_has_the_published_defaults():
    assert SignalPhysics() == VACUUM and QUENCHED.hard_min_gev == 36 and VACUUM.hard_min_gev == 30
