import numpy as np
import pytest

from quakebook.data.calorimeter import make
from quakebook.uvcgan_s.scoring.jets import Jets, find_jets
from quakebook.uvcgan_s.scoring.resolution import curves, match, pairs, position_rms


def jets(*rows):
    pt, eta, phi = np.array(rows, dtype=float).reshape(-1, 3).T
    return Jets(pt, eta, phi, eta, np.zeros(len(pt)), tuple(np.zeros(1, int) for _ in rows))


def test_closest_pair_first_and_one_to_one():
    truth, found = jets((20, 0.0, 1.0), (15, 0.2, 1.0)), jets((30, 0.15, 1.0))
    assert pairs(truth, found, 0.4) == [(1, 0)]
    assert pairs(truth, jets((30, 0.15, 1.0), (9, 0.05, 1.0)), 0.4) in ([(1, 0), (0, 1)], [(0, 1), (1, 0)])


def test_matching_wraps_and_has_a_limit():
    assert pairs(jets((20, 0, 0.05)), jets((20, 0, 6.25)), 0.4) == [(0, 0)]
    assert pairs(jets((20, 0, 1.0)), jets((20, 0.31, 1.0)), 0.4) == []
    assert pairs(jets((20, 0, 1.0)), jets((20, 0.29, 1.0)), 0.4) == [(0, 0)]
    assert pairs(jets(), jets((20, 0, 1)), 0.4) == []


def test_perfect_subtraction_has_scale_one_and_resolution_zero():
    """Zero background: the mixture is the signal."""
    images = make("signal", "val", 40)
    truth = [j.central() for j in find_jets(images, 0.4)]
    result = curves(match(truth, truth, 0.4), np.array([14.0, 50.0]))
    assert result.scale == pytest.approx([1.0]) and result.resolution == pytest.approx([0.0], abs=1e-9)
    assert result.efficiency == pytest.approx([1.0]) and result.fake_rate == pytest.approx([0.0])
    assert result.position == pytest.approx([0.0], abs=1e-9)


def test_numbers_by_hand():
    truth = [jets((20, 0, 1)), jets((20, 0, 1)), jets((20, 0, 1)), jets((20, 0, 1))]
    found = [jets((22, 0.1, 1)), jets((18, -0.1, 1)), jets((20, 0.0, 1), (25, 0, 4)), jets((21, 0, 3))]
    result = curves(match(truth, found, 0.4), np.array([14.0, 30.0]), least=1)
    assert result.scale == pytest.approx([1.0]) and result.resolution == pytest.approx([np.sqrt(2 / 3) * 0.1])
    assert result.position == pytest.approx([np.sqrt(0.02 / 3)])
    assert result.efficiency == pytest.approx([0.75]) and result.fake_rate == pytest.approx([2 / 5])
    assert result.jets == pytest.approx([3]) and result.centres == pytest.approx([22])
    assert position_rms(match(truth, found, 0.4)) == pytest.approx(np.sqrt(0.02 / 3))


def test_thin_bins_are_empty_and_lengths_must_agree():
    matched = match([jets((20, 0, 1))], [jets((20, 0, 1))], 0.4)
    assert np.isnan(curves(matched, np.array([14.0, 30.0])).scale).all()
    assert np.isnan(position_rms(matched, 30, 40))
    with pytest.raises(ValueError, match="same events"):
        match([jets()], [], 0.4)
