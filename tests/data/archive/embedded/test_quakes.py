"""Catalogue and spectra of the earthquakes."""

import numpy as np
import pandas as pd
import pytest

from quakebook.data.archive.embedded.presets import PRESETS, SITES, Preset, east_north_km
from quakebook.data.archive.embedded.quakes import add, brune_velocity, catalogue, envelope


def test_gutenberg_richter_with_b_one():
    table = catalogue(Preset(1, 3, 1200.0, 20_000, 0, 1, 60.0), 0)
    m = table["magnitude"]
    assert m.between(0.5, 4.0).all() and table["depth_km"].between(2, 15).all()
    b = 1 / (np.log(10) * (m.mean() - 0.5))  # Aki's estimate; the cut at 4 biases it by less than a percent
    assert b == pytest.approx(1.0, abs=0.03)


def test_brune_limits():
    """Flat displacement below the corner: 2 pi f Omega0; fall as 1/f above it."""
    moment = 10 ** (1.5 * 2.0 + 9.1)
    flat = moment / (4 * np.pi * 2700 * 6000**3 * 20e3)
    low = brune_velocity(np.array([0.01]), 2.0, 3e6, 20.0, "P")[0]
    assert low / (2 * np.pi * 0.01) == pytest.approx(flat, rel=0.01)
    corner = 0.48 * 3460 * (16 * 3e6 / (7 * moment)) ** (1 / 3)
    loss = np.exp(-np.pi * corner * (20 / 6 / 600 + 0.03))
    assert brune_velocity(np.array([corner]), 2.0, 3e6, 20.0, "P")[0] == pytest.approx(
        2 * np.pi * corner * flat / 2 * loss, rel=1e-6)


def test_arrivals_and_amplitudes():
    event = pd.Series({"event": 1, "origin_s": 10.0, "east_km": 0.0, "north_km": 0.0, "depth_km": 8.0,
                       "magnitude": 2.0, "stress_drop_pa": 3e6})
    site = SITES[0]
    distance = np.hypot(np.hypot(*east_north_km(site)), 8.0)
    velocity = np.zeros((3, 6000))
    times = add(velocity, site, event, 0)
    assert times["P"] == pytest.approx(10 + distance / 6.0) and times["S"] == pytest.approx(10 + distance / 3.46)
    before = velocity[:, : int(times["P"] * 100) - 2]
    after = velocity[:, int(times["P"] * 100) :]
    # waves are made by filters without phase, so that a little arrives early
    assert np.abs(before).max() < 0.2 * np.abs(after).max()
    louder = np.zeros((3, 6000))
    add(louder, site, event.replace(2.0, 3.0), 0)
    assert 8 < np.abs(louder).max() / np.abs(velocity).max() < 32


def test_envelopes_have_unit_energy():
    assert np.sum(envelope(np.arange(4000) / 100) ** 2) == pytest.approx(1.0)


def test_every_event_fits_into_its_day():
    for preset in PRESETS.values():
        table = catalogue(preset, 1)
        assert len(table) == preset.earthquakes
        assert (table["origin_s"] > 0).all() and (table["origin_s"] < preset.length_s).all()
