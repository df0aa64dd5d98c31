import numpy as np
import pytest

from quakebook.data.calorimeter import make
from quakebook.uvcgan_s.scoring.jets import Jets, find_jets
from quakebook.uvcgan_s.scoring.resolution import COARSE_BINS, FINE_BINS, curves, joined, match, pairs, position_rms


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


def four_and_five():
    truth = [jets((20, 0, 1)), jets((20, 0, 1)), jets((20, 0, 1)), jets((20, 0, 1))]
    found = [jets((22, 0.1, 1)), jets((18, -0.1, 1)), jets((20, 0.0, 1), (25, 0, 4)), jets((21, 0, 3))]
    return truth, found


def test_standard_errors_by_hand():
    """Three matches of four true jets, two fakes of five: spread / sqrt(3), spread / sqrt(2 (3 - 1)), sqrt(p q / n)."""
    result = curves(match(*four_and_five(), 0.4), np.array([14.0, 30.0]), least=1)
    spread = np.sqrt(2 / 3) * 0.1
    assert result.scale_error == pytest.approx([spread / np.sqrt(3)])
    assert result.resolution_error == pytest.approx([spread / 2])
    assert result.efficiency_error == pytest.approx([np.sqrt(0.75 * 0.25 / 4)])
    assert result.fake_error == pytest.approx([np.sqrt(0.4 * 0.6 / 5)])


def test_bins_hold_their_lower_edge_and_fakes_their_own_momentum():
    """True jets of 20 GeV belong to 20 to 22; subtracted ones of 18, 20, 21, 22 and 25 GeV to bins of their own."""
    result = curves(match(*four_and_five(), 0.4), np.array([18.0, 20.0, 22.0, 26.0]), least=1)
    assert result.jets.tolist() == [0, 3, 0]
    assert result.efficiency.tolist() == pytest.approx([np.nan, 0.75, np.nan], nan_ok=True)
    assert result.fake_rate.tolist() == [0.0, 0.5, 0.5]
    assert result.centres.tolist() == [19, 21, 24]


def test_fewer_than_the_least_number_are_no_number():
    matched = match(*four_and_five(), 0.4)
    three, four = (curves(matched, np.array([14.0, 30.0]), least=k) for k in (3, 4))
    assert np.isfinite([three.scale, three.position, four.efficiency, four.fake_rate]).all()
    assert np.isnan([four.scale, four.resolution, four.position]).all()
    assert np.isnan(curves(matched, np.array([14.0, 30.0]), least=5).efficiency).all()


def test_position_counts_true_momenta_of_a_range():
    truth = [jets((20, 0, 1)), jets((30, 0, 1)), jets((50, 0, 1)), jets((19.9, 0, 1))]
    found = [jets((20, shift, 1)) for shift in (0.1, -0.2, 0.25, 0.25)]
    assert position_rms(match(truth, found, 0.4)) == pytest.approx(np.sqrt((0.01 + 0.04) / 2))


def test_acceptance_is_asked_of_each_jet_by_itself():
    """A true jet inside finds a partner outside; a fake outside is not counted; the edge is outside."""
    truth, found = [jets((20, 0.45, 1), (20, -0.5, 1))], [jets((18, 0.6, 1), (9, -0.5, 4), (8, 0.1, 4))]
    matched = match(truth, found, 0.4, eta_max=0.5)
    assert matched.true_pt.tolist() == [20] and matched.response.tolist() == [0.9]
    assert matched.delta_eta.tolist() == pytest.approx([0.15])
    assert matched.all_pt.tolist() == [8] and matched.is_fake.tolist() == [True] and matched.events == 1


def test_blocks_of_events_are_put_together():
    truth, found = four_and_five()
    whole = match(truth, found, 0.4)
    parts = joined([match(truth[part], found[part], 0.4) for part in (slice(0, 1), slice(1, 4))])
    assert parts.events == 4 and parts.radius == 0.4
    for name in ("true_pt", "true_eta", "pt", "delta_eta", "all_pt", "is_fake"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(parts, name))


def test_bins_of_figures_and_tables():
    assert FINE_BINS.tolist() == list(range(14, 51, 2)) and COARSE_BINS.tolist() == [14, 20, 30, 50]
