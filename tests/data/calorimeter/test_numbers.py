"""Rules of the generators of calorimeter images, one number at a time, worked by hand."""

import math

import numpy as np
import pytest
import torch
from PIL import Image

from quakebook.data.calorimeter import background, detector, domains, hierarchy, shower, signal, sources, toy_mix
from quakebook.data.calorimeter.detector import Particles
from quakebook.data.errors import DataError


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_the_calorimeter_that_is_meant():
    """sPHENIX: 24 x 64 towers of 0.092 x 0.098 within 1.1 in pseudorapidity, in a field of 1.4 T.

    A particle of charge 1 that starts at the beam turns on a circle of p / (0.3 B): at 1.1 m its diameter is reached by
    0.231 GeV.
    """
    assert (detector.ROWS, detector.COLUMNS, detector.ETA_MAX, detector.FIELD_T) == (24, 64, 1.1, 1.4)
    assert pytest.approx(0.0917, abs=1e-4) == detector.ETA_WIDTH
    assert pytest.approx(0.0982, abs=1e-4) == detector.PHI_WIDTH
    assert pytest.approx(0.231) == detector.CURL_GEV == 0.3 * 1.4 * 1.1 / 2


@pytest.mark.parametrize(("photon", "pt_gev", "spread"), [
    (True, 1.0, 0.15), (True, 4.0, 0.075), (False, 1.0, math.hypot(0.65, 0.12)),
    (False, 100.0, math.hypot(0.065, 0.12))])
def test_the_measured_energy_scatters(photon, pt_gev, spread):
    """Six equal parts; 0.15 / root E for photons, 0.65 / root E and 0.12 for hadrons, of which 0.9 is seen."""
    n = 200_000
    found = 6 * detector._measured(torch.full((n,), pt_gev), torch.full((n,), photon), generator()) / pt_gev
    response = 1.0 if photon else 0.9
    middle = found.quantile(torch.tensor([0.1587, 0.5, 0.8413])) / response
    assert float(middle[1]) == pytest.approx(1, abs=0.01)
    assert float(middle[2] - middle[0]) / 2 == pytest.approx(spread, rel=0.02)
    assert float(found.min()) >= 0.05 * response * (1 - 1e-6)


def test_soft_hadrons_are_measured_with_a_twentieth_at_least():
    found = detector._measured(torch.full((10_000,), 0.05), torch.zeros(10_000, dtype=torch.bool), generator())
    assert float(found.min()) == pytest.approx(0.05 * 0.9 * 0.05 / 6, rel=1e-5)


@pytest.mark.parametrize(("photon", "pt_gev", "widths"), [
    (True, 9.0, (0.015, 0.05, 0.7)), (False, 1.0, (0.045, 0.15, 0.9)), (False, 1.01, (0.08, 0.28, 0.7))])
def test_showers_have_a_core_and_a_tail(photon, pt_gev, widths):
    found = detector._widths(torch.tensor([pt_gev]), torch.tensor([photon]))
    assert [float(width) for width in found] == pytest.approx(widths)


def test_charged_particles_turn_to_both_sides():
    """asin(0.231 / pT): a right angle at 0.231 GeV; others fly straight on."""
    n = 4000
    for pt_gev, turn in ((0.231, math.pi / 2), (0.462, math.pi / 6)):
        bend = detector._bend(Particles(*torch.full((4, n), pt_gev), torch.ones(n)), generator())
        assert bend.abs().tolist() == pytest.approx([turn] * n, abs=2e-3) and abs(float(bend.sign().mean())) < 0.06
    for kind in (0, 2):
        assert not detector._bend(Particles(*torch.full((4, 3), 0.3), torch.full((3,), kind)), generator()).any()


def test_kinds_are_shared_out():
    kinds = detector.choose_kinds(torch.zeros(100_000), 0.4, generator())
    assert (torch.bincount(kinds) / 1e5).tolist() == pytest.approx([0.4, 0.6 * 0.85, 0.6 * 0.15], abs=0.005)


def test_collisions_have_flow():
    """v2 = 0.06 (0.25 + 0.75 c) and v3 = 0.02 in the mean, with a scatter of 0.3 and 0.4; centrality is even."""
    drawn = background.collisions(100_000, generator())
    assert float(drawn.centrality.mean()) == pytest.approx(0.5, abs=0.005)
    relative = drawn.v2 / (0.06 * (0.25 + 0.75 * drawn.centrality))
    assert (float(relative.mean()), float(relative.std())) == pytest.approx((1, 0.3), abs=0.005)
    assert float(drawn.v3.mean()) / 0.02 == pytest.approx(1, abs=0.01)
    assert float(drawn.v3.quantile(0.8413)) / 0.02 == pytest.approx(1.4, abs=0.02)
    for plane in (drawn.plane2, drawn.plane3):
        assert float(plane.min()) >= 0 and float(plane.max()) == pytest.approx(2 * math.pi, abs=1e-3)


def test_soft_particles_of_a_collision():
    """3300 (1.15 - 0.42 c) of them, within 4 percent; Gamma(3) with 0.155 GeV; 40 percent photons; even within 1.4."""
    n = 60
    still = background.Collisions(torch.full((n,), 0.5), *torch.zeros(4, n))
    bulk = background._bulk(still, generator())
    counts = torch.bincount(bulk.event, minlength=n).double()
    assert float(counts.mean()) == pytest.approx(3300 * 0.94, rel=0.02)
    assert float(counts.std()) == pytest.approx(math.hypot(0.04 * 3102, 3102**0.5), rel=0.25)
    assert float(bulk.pt_gev.mean()) == pytest.approx(0.465, rel=0.01)
    assert float(bulk.pt_gev.std()) == pytest.approx(0.155 * 3**0.5, rel=0.01)
    assert float((bulk.kind == 0).double().mean()) == pytest.approx(0.4, abs=0.005)
    assert float(bulk.eta.abs().max()) == pytest.approx(1.4, abs=1e-3) and abs(float(bulk.eta.mean())) < 0.01
    assert float(bulk.phi.min()) >= 0 and float(bulk.phi.max()) <= 2 * math.pi + 1e-5


def test_minijets_of_a_collision(monkeypatch):
    """Eight on average, from 2 GeV on, 1 / 16 of them above 4 GeV, cut off at 12; gluons within 1.4."""
    seen = {}
    monkeypatch.setattr(background, "start", lambda *columns: seen.setdefault("start", columns))
    monkeypatch.setattr(background, "shower", lambda partons, generator: partons)
    monkeypatch.setattr(background, "hadrons", lambda partons, generator: Particles(
        partons[0], *partons[1:4], torch.zeros_like(partons[0])))
    found = background._minijets(20_000, generator())
    jets, pt_gev, eta, phi, colour = seen["start"]
    assert len(jets) / 20_000 == pytest.approx(8, rel=0.01) and bool((colour == 3).all())
    assert float(pt_gev.min()) == pytest.approx(2, abs=1e-3) and float(pt_gev.max()) == 12
    assert float((pt_gev > 4).double().mean()) == pytest.approx(1 / 16, rel=0.03)
    assert float((pt_gev == 12).double().mean()) == pytest.approx(6**-4, rel=0.2)
    assert float(eta.abs().max()) == pytest.approx(1.4, abs=1e-3) and abs(float(eta.mean())) < 0.02
    assert float(phi.max()) == pytest.approx(2 * math.pi, abs=1e-3)
    assert (torch.bincount(found.event, minlength=20_000) == 0).sum() == pytest.approx(20_000 * math.exp(-8), abs=12)


def test_two_jets_of_an_event():
    """p^-8 between 30 and 70 GeV; a boost of 0.45 within 0.75; 0.55 apart; back to back within 0.25; a tenth apart."""
    n = 50_000
    pt_gev, eta, phi = (values.view(n, 2) for values in signal._two_jets(n, generator(), signal.VACUUM))
    hard, recoil = pt_gev.T
    assert 30 <= float(hard.min()) < 30.01 and float(hard.max()) < 70
    above = (40**-7 - 70**-7) / (30**-7 - 70**-7)
    assert float((hard > 40).double().mean()) == pytest.approx(above, rel=0.04)
    assert float((recoil / hard).std()) == pytest.approx(0.1, rel=0.02)
    boost, apart = eta.mean(1), eta[:, 0] - eta[:, 1]
    assert float(boost.abs().max()) == pytest.approx(0.75) and float(apart.std()) == pytest.approx(0.55, rel=0.02)
    assert float(boost.quantile(0.8413)) == pytest.approx(0.45, rel=0.03)
    turn = phi[:, 1] - phi[:, 0] - math.pi
    assert float(turn.std()) == pytest.approx(0.25, rel=0.02) and abs(float(turn.mean())) < 0.005
    assert float(phi[:, 0].min()) >= 0 and float(phi[:, 0].max()) == pytest.approx(2 * math.pi, abs=1e-3)


def test_the_recoil_keeps_a_momentum():
    low = signal.SignalPhysics(hard_min_gev=0.5)
    assert float(signal._two_jets(20_000, generator(), low)[0].view(-1, 2)[:, 1].min()) == 1.0


def test_the_soft_event():
    """Gamma(1.8) with 0.2 GeV, even within 1.4, 36 percent photons as in jets."""
    found = signal._soft_event(2000, generator(), 60.0)
    assert len(found.event) / 2000 == pytest.approx(60, rel=0.01) and int(found.event.max()) == 1999
    assert float(found.pt_gev.mean()) == pytest.approx(0.36, rel=0.01)
    assert float(found.pt_gev.std()) == pytest.approx(0.2 * 1.8**0.5, rel=0.02)
    assert float(found.eta.abs().max()) == pytest.approx(1.4, abs=1e-3) and abs(float(found.eta.mean())) < 0.01
    assert float((found.kind == 0).double().mean()) == pytest.approx(0.36, abs=0.005)
    assert float(found.phi.max()) == pytest.approx(2 * math.pi, abs=1e-3)


def test_paths_through_the_medium():
    """0.2 along the event plane, 1.8 across it, 1 in between; 0.2 to 1.8 evenly where the plane does not count."""
    tied = signal.SignalPhysics(path_follows_plane=True)
    phi = torch.tensor([1.0, 1.0 + math.pi, 1.0 + math.pi / 2, 1.0 + math.pi / 4])
    found = signal._path(phi, generator(), tied, torch.tensor([1.0, 1.0]))
    assert found.tolist() == pytest.approx([0.2, 0.2, 1.8, 1.0], abs=1e-5)
    even = signal._path(torch.zeros(100_000), generator(), signal.VACUUM, None)
    assert [float(x) for x in even.aminmax()] == pytest.approx([0.2, 1.8], abs=1e-3)
    assert float(even.mean()) == pytest.approx(1, abs=0.005)


@pytest.mark.parametrize(("eta", "phi", "loss"), [(0.0, 0.0, 0.8), (0.3, 0.0, 3.65), (0.0, 0.3, 3.65), (0.9, 0.0, 6.5)])
def test_hadrons_lose_energy_in_the_medium(eta, phi, loss):
    """Exponential with a mean of L (0.8 + 9.5 r) GeV, r up to 0.6, here over a path of 2; 0.15 GeV is the least."""
    n = 100_000
    hadrons = Particles(torch.zeros(n, dtype=torch.long), torch.full((n,), 10.0), torch.full((n,), 0.1 + eta),
                        torch.full((n,), 0.2 + phi), torch.ones(n, dtype=torch.long))
    left = signal._quench(hadrons, torch.tensor([0.1]), torch.tensor([0.2]), torch.tensor([2.0]), generator())
    assert float(left.pt_gev.min()) > 0.15 and len(left.kind) == len(left.pt_gev)
    lost = 1 - math.exp(-(10 - 0.15) / (2 * loss))
    assert len(left.pt_gev) / n == pytest.approx(lost, abs=0.005)
    assert float((left.pt_gev > 9).sum()) / n == pytest.approx(1 - math.exp(-1 / (2 * loss)), abs=0.006)


def test_quarks_and_gluons():
    """Colour factors of quantum chromodynamics, 4/3 and 3; 45 percent of the jets begin as gluons (chosen)."""
    assert (pytest.approx(4 / 3), 3.0) == (shower.QUARK, shower.GLUON) and signal.GLUON_SHARE == 0.45
    assert (shower.ALPHA_S, shower.K_MIN_GEV, shower.THETA_MAX) == (0.30, 0.8, 0.9)
    assert (signal.VACUUM.soft_particles, signal.QUENCHED.soft_particles) == (60.0, 8.0)
    assert signal.QUENCHED.quenched and not signal.VACUUM.quenched and not signal.QUENCHED.path_follows_plane


@pytest.mark.parametrize(("count", "fits"), [(0, False), (50_000, True), (50_001, False)])
def test_events_in_memory(monkeypatch, count, fits):
    monkeypatch.setattr(domains, "make", lambda domain, split, count, **more: torch.zeros(1, 2, 2))
    if fits:
        assert len(domains.open_domains("synthetic:tiny", "val", records=count).mixture) == 1
        return
    with pytest.raises(DataError, match=f"must be 1 to 50000 for data held in memory; found {count}"):
        domains.open_domains("synthetic:tiny", "val", records=count)


@pytest.mark.parametrize(("wrong", "told"), [(0, True), (1, False), (2, True), (4, True)])
def test_first_middle_and_last_rows_are_checked(wrong, told):
    """Of five mixtures the rows 0, 2 and 4 must be the sums of their parts."""
    ones = torch.ones(5, 1, 2, 2)
    mixture = 2 * ones.clone()
    mixture[wrong] += 0.01
    parts = [sources.TensorSource(images, "x", "x") for images in (ones, ones, mixture)]
    checked = domains.Domains(*parts, True, "folder", "val")
    if told:
        with pytest.raises(DataError, match="not the sums"):
            domains._check_sum(checked)
    else:
        domains._check_sum(checked)


def test_images_of_sixty_four_million_pixels_at_most(tmp_path, monkeypatch):
    assert sources.MAX_PIXELS == 64_000_000
    monkeypatch.setattr(sources, "MAX_PIXELS", 12)
    Image.new("RGB", (4, 3), (255, 51, 0)).save(tmp_path / "a.png")
    Image.new("RGB", (13, 1)).save(tmp_path / "b.png")
    assert sources.load_image(tmp_path / "a.png")[:, 0, 0].tolist() == pytest.approx([1, 0.2, 0])
    with pytest.raises(DataError, match="13 x 1 pixels are more than 12"):
        sources.load_image(tmp_path / "b.png")


@pytest.mark.parametrize(("stored", "read"), [((5, 6), (1, 5, 6)), ((5, 6, 4), (4, 5, 6)), ((5, 6, 1), (1, 5, 6)),
                                              ((5, 6, 5), (5, 6, 5)), ((3, 5, 6), (3, 5, 6))])
def test_a_last_axis_of_four_at_most_is_one_of_channels(tmp_path, stored, read):
    values = np.arange(math.prod(stored), dtype=float).reshape(stored)
    np.savez(tmp_path / "a.npz", values)
    found = sources.load_array(tmp_path / "a.npz")
    assert tuple(found.shape) == read and found[0, 0, 0] == 0 and found.flatten()[-1] == values.size - 1


@pytest.mark.parametrize("stored", [(4,), (2, 3, 4, 5)])
def test_arrays_of_other_axes_are_refused(tmp_path, stored):
    np.savez(tmp_path / "a.npz", np.zeros(stored))
    with pytest.raises(DataError, match="expected finite numbers of shape"):
        sources.load_array(tmp_path / "a.npz")


def test_layouts_of_the_published_folders(tmp_path):
    for place in ("trainA", "val/cat", "val/arrays"):
        (tmp_path / place).mkdir(parents=True)
        Image.new("RGB", (3, 2)).save(tmp_path / place / "a.png")
        np.savez(tmp_path / place / "a.npz", np.zeros((2, 7)))
    for layout in ("cyclegan", "image-domain-folder"):
        assert hierarchy.open_folder(tmp_path, "A", "train", layout).shape == (3, 2, 3)
    assert hierarchy.open_folder(tmp_path, "cat", "val").shape == (3, 2, 3)
    assert hierarchy.open_folder(tmp_path, "arrays", "val", "ndarray-domain-hierarchy").shape == (1, 2, 7)


def test_mixing_when_nothing_is_said(tmp_path):
    """The published toy task: half and half, without spread, a blur of five pixels."""
    for domain in ("cat", "dog"):
        (tmp_path / "val" / domain).mkdir(parents=True)
        Image.new("RGB", (9, 9), (10, 20, 30)).save(tmp_path / "val" / domain / "a.png")
    toy = hierarchy.open_toy(tmp_path, "val")
    assert (toy.alpha, toy.alpha_range, toy.blur_size, toy.seed) == (0.5, 0.0, 5, 0)
    plain = toy_mix.ToyMix(toy.first, toy.second, "val")
    assert plain.fingerprint == toy.fingerprint
    assert toy_mix.gaussian_kernel(5).tolist() == pytest.approx([0.0708, 0.2444, 0.3695, 0.2444, 0.0708], abs=1e-4)


@pytest.mark.parametrize(("size", "fits"), [(0, True), (1, True), (2, False), (3, True), (17, True), (19, False)])
def test_blurs_that_fit(size, fits):
    """Odd, and half of it within the image of nine pixels."""
    source = sources.TensorSource(torch.zeros(1, 3, 9, 12), "x", "x")
    if fits:
        assert toy_mix.ToyMix(source, source, "val", blur_size=size).read([0]).shape == (1, 3, 9, 12)
        return
    with pytest.raises(DataError, match=f"blur_size. must be odd .* found {size}"):
        toy_mix.ToyMix(source, source, "val", blur_size=size)
