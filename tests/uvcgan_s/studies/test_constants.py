"""Published and chosen numbers of the studies, at their edges, and the lengths of what was recorded."""

import numpy as np
import pytest
import torch

from quakebook.uvcgan_s.studies import area, comparison, digits, iterative, jet_results, picks, population, toy
from quakebook.uvcgan_s.studies import spectrograms as study

AREA = 2.2 / 24 * 2 * np.pi / 64


def test_numbers_that_were_chosen():
    """Blocks and amounts are ours; iterative subtraction's distances, which the paper does not tell, as well."""
    assert (comparison.BLOCK, jet_results.MEAN_EVENTS, jet_results.KEPT_GEV, jet_results.KEPT_XI) == (250, 200, 14, 1e4)
    assert iterative.DISTANCES == (0.2, 0.35) and digits.FLOW_RATE == 0.003 and picks.TOLERANCE_S == 0.5
    assert (comparison.INSIDE_RADIUS, comparison.INSIDE_RANGE) == (0.4, (20.0, 30.0))
    assert toy.SIDE == 16 and toy.COUNTS == {"smoke": {"train": 24, "val": 8}, "quick": {"train": 200, "val": 60}}


@pytest.mark.parametrize("variant", list(digits.VARIANTS))
def test_trainings_of_the_digits_task(variant):
    """2000 steps; splitting and bounds have no warm steps; the flow has a rate of its own."""
    made = digits.settings(variant)
    splits = variant in ("identity", "told", "regression", "flow", "paired", "no_identity")
    assert (made.training.steps, made.objective.warm_steps, made.training.seed) == (2000, 0 if splits else 800, 0)
    assert made.optimiser.lr == (0.003 if variant == "flow" else 0.001)
    assert made.objective.sum_scale == (0.5 if variant in ("told", "flow") else 1.0)
    short = digits.live(variant)
    assert (short.training.steps, short.objective.warm_steps, short.training.seed) == (750, 0 if splits else 300, 0)
    assert digits.live(variant, 4, preset="paper").training.steps == 2000


def test_trainings_of_the_toy():
    made = toy.settings("full")
    assert (made.training.steps, made.objective.warm_steps, made.training.seed, made.objective.cycle_a1) == (
        360, 250, 0, 10)
    assert study.settings("full").training.seed == 0


def test_empty_towers_are_empty_jets_of_055_pi_r2():
    """34 towers farther than 0.4 apart are 34 jets, two of which are left out. Of the 16 rows within 0.7 the other
    990 towers cover 8.91, which is 32.2 times 0.55 pi 0.4^2: 32 jets of nothing, so the median lies halfway to the
    faintest of 32. Towers outside 0.7 take no part.
    """
    image = np.zeros((1, 24, 64))
    sites = [(row, 5 * k) for row in (4, 9, 14, 19) for k in range(12)][:34]
    for k, (row, column) in enumerate(sites):
        image[0, row, column] = 1 + 0.1 * k
    image[0, 0, 61] = image[0, 23, 61] = 0.5
    assert round(990 * AREA / (0.55 * np.pi * 0.16)) == 32
    assert area.background_density(image, "own") == pytest.approx([0.5 / AREA], rel=1e-6)


def test_area_jets_of_five_gev_are_kept():
    from quakebook.uvcgan_s.scoring.jet_arrays import Jets

    zero = np.zeros(3)
    event = Jets(np.array([7.0, 9.0, 6.8]), zero, zero, zero, zero, tuple(np.arange(k) for k in (100, 200, 100)))
    (kept,) = area.area_jets([event], np.array([1.9 / (100 * AREA)]))
    assert kept.pt_gev.tolist() == pytest.approx([5.2, 5.1]) and [len(m) for m in kept.members] == [200, 100]


def test_errors_of_picks_by_hand():
    """101 errors from 0 to 0.4 s: median 0.2, quantiles 0.064 and 0.336; half a second is near, a little more not."""
    errors = np.linspace(0, 0.4, 101)
    found = picks.score(errors + 1, np.ones(101))
    assert (found.median_error_s, found.spread_s) == pytest.approx((0.2, 0.136)) and found.found == 1
    edge = picks.score(np.array([2.5, 1.5, 2.51, 1.49]), np.full(4, 2.0))
    assert (edge.found, edge.false) == (0.5, 0.5)


@pytest.mark.parametrize(("ratio", "picked"), [(3.2, True), (2.9, False)])
def test_the_trigger_begins_at_a_ratio_of_three(ratio, picked):
    """Power p after power 1: with 25 loud samples among 150 the ratio is p / ((125 + 25 p) / 150), its largest value;
    it is r for p = 125 r / (150 - 25 r).
    """
    power = 125 * ratio / (150 - 25 * ratio)
    wave = np.r_[np.ones(500), np.full(500, power**0.5)][None] * np.tile([1.0, -1.0], 500)
    assert np.isfinite(picks.sta_lta(wave, 50.0)[0]) == picked


@pytest.mark.parametrize("f", [1.5, 2.0, 12.0, 15.0])
def test_the_band_pass_is_butterworths_of_order_four(f):
    """|H|^2 = 1 / (1 + ((w^2 - a b) / (w (b - a)))^8) with w = tan(pi f / 50), corners a and b at 2 and 12 Hz."""
    time = torch.arange(4000, dtype=torch.float64) / 50
    kept = study.band_pass(torch.sin(2 * torch.pi * f * time)[None])[0, 1000:3000]
    w, a, b = (np.tan(np.pi * x / 50) for x in (f, 2.0, 12.0))
    want = 1 / (1 + ((w**2 - a * b) / (w * (b - a))) ** 8)
    assert float(kept.square().mean() * 2) ** 0.5 == pytest.approx(want, rel=0.01)


def test_what_is_measured_unless_told(monkeypatch):
    """4000 mixtures of each set, seed 0; 200 pictures for the figure of the data; jets of 0.4."""
    asked = []
    monkeypatch.setattr(jet_results, "open_domains", lambda name, split, **more: asked.append((name, split, more)))
    monkeypatch.setattr(jet_results, "compare", lambda domains, domain, methods, **more: more["events"])
    assert jet_results.measure() == {"val": 4000, "quenched": 4000}
    assert asked == [("synthetic:small", split, {"records": 4000, "seed": 0}) for split in ("val", "test")]
    made = []
    monkeypatch.setattr(population, "make", lambda *words, **more: made.append((*words, more)) or torch.zeros(1))
    population.towers()
    assert made == [(domain, split, 200, {"seed": 0}) for domain, split in (
        ("background", "val"), ("signal", "val"), ("signal", "test"))]


def test_the_mean_background_is_that_of_the_first_two_hundred(monkeypatch):
    """Over events and azimuth: event k holds k + row, so 99.5 + row of 200 events."""
    from types import SimpleNamespace

    images = torch.arange(300.0)[:, None, None, None] + torch.arange(24.0)[:, None] + torch.zeros(1, 1, 1, 64)
    source = SimpleNamespace(background=type("S", (), {"__len__": lambda self: 300,
                                                      "read": lambda self, rows: images[torch.as_tensor(rows)]})())
    monkeypatch.setattr(jet_results, "open_domains", lambda *words, **more: source)
    mean = jet_results._mean_background("folder", 0)
    assert mean.shape == (24, 64) and np.allclose(mean, 99.5 + np.arange(24)[:, None])
