"""Jets as arrays: areas, acceptance, and what is no image."""

import numpy as np
import pytest
import torch

from quakebook.uvcgan_s.scoring.jet_arrays import Jets, as_images, sorted_jets, tower_coordinates


def jets(eta):
    n = len(eta)
    members = tuple(np.arange(k + 1) for k in range(n))
    return Jets(np.arange(n) + 10.0, np.array(eta), np.zeros(n), np.zeros(n), np.zeros(n), members)


def test_area_is_that_of_its_towers():
    """24 rows over 2.2 in pseudorapidity, 64 columns over the circle."""
    assert jets([0.0, 0.0]).area.tolist() == pytest.approx([2.2 / 24 * 2 * np.pi / 64 * k for k in (1, 2)])


def test_jets_at_the_edge_are_left_out():
    kept = jets([0.0, 0.69, -0.69, 0.71, -0.9]).central(0.7)
    assert kept.pt_gev.tolist() == [10, 11, 12] and [len(m) for m in kept.members] == [1, 2, 3]


def test_towers_are_counted_by_rows():
    eta, phi = tower_coordinates()
    assert eta.shape == phi.shape == (24 * 64,) and (eta[:64] == eta[0]).all() and len(set(phi[:64])) == 64


@pytest.mark.parametrize("shape", [(2, 24, 64), (2, 1, 24, 64)])
def test_images_of_both_shapes_are_rows_of_towers(shape):
    values = torch.arange(2 * 24 * 64, dtype=torch.float32).view(shape)
    assert as_images(values).tolist() == values.reshape(2, -1).tolist()


@pytest.mark.parametrize("shape", [(24, 64), (2, 2, 24, 64), (2, 64, 24), (1, 2, 24, 64)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match=r"must have shape \(n, 24, 64\) or \(n, 1, 24, 64\); found"):
        as_images(np.zeros(shape))


def test_what_is_not_finite_is_named():
    values = np.zeros((3, 24, 64))
    values[1, 5, 7], values[2, 0, 1] = np.nan, np.inf
    with pytest.raises(ValueError, match=r"event 1 holds a value that is not finite in tower \(5, 7\)"):
        as_images(values)


def test_images_with_a_graph_and_whole_numbers_are_taken():
    values = torch.ones(1, 24, 64, requires_grad=True)
    assert as_images(values).sum() == 24 * 64
    assert as_images(np.full((1, 24, 64), 2)).dtype == np.float64


def test_jets_are_sorted_cut_and_turned_into_angles():
    """Momenta (3, 4), (-6, 0) and (0, -0.1): 6 and 5 GeV from 1 GeV on; a jet towards -x stands at pi, the mass of
    (3, 4, 0) with E = 13 is 12; pseudorapidity and rapidity of (-6, 0, 8) with E = 10 are both artanh(0.8).
    """
    momenta = np.array([[3.0, 4, 0, 13], [-6, 0, 8, 10], [0, -0.1, 0, 0.1]])
    found = sorted_jets(momenta, [np.array([k]) for k in range(3)], 1.0)
    assert found.pt_gev.tolist() == [6, 5] and [int(m[0]) for m in found.members] == [1, 0]
    assert found.phi.tolist() == pytest.approx([np.pi, np.arctan2(4, 3)])
    assert found.eta.tolist() == pytest.approx([np.arctanh(0.8), 0.0])
    assert found.y.tolist() == pytest.approx([np.arctanh(0.8), 0.0], abs=1e-6)
    assert found.mass_gev.tolist() == pytest.approx([0.0, 12.0], abs=1e-6)
    low = sorted_jets(np.array([[0.0, -2, 0, 2]]), [np.zeros(1, int)], 2.0)
    assert low.phi.tolist() == pytest.approx([1.5 * np.pi]), "at the least momentum, and from 0 to 2 pi"
