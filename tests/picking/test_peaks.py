import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import find_peaks

from quakebook.picking import find_picks
from quakebook.picking.peaks import find_picks_batch

# Few levels make plateaus and ties likely.
rows = st.lists(st.integers(0, 4).map(lambda level: level / 4), min_size=1, max_size=34)


def picks_of_row(positions, heights, row):
    kept = ~positions[row].isnan()
    assert bool((kept == ~heights[row].isnan()).all())
    return positions[row][kept].long().tolist(), heights[row][kept].tolist()


def one_by_one(curve, height, distance):
    """All of SciPy's maxima, then the rule word by word: the highest first, of equal ones the later."""
    maxima, _ = find_peaks(curve, height=height)
    kept = []
    for peak in sorted(maxima.tolist(), key=lambda k: (curve[k], k), reverse=True):
        if all(abs(peak - other) >= distance for other in kept):
            kept.append(peak)
    return sorted(kept)


@settings(max_examples=300, deadline=None)
@given(batch=st.lists(rows, min_size=1, max_size=5), height=st.sampled_from([0.0, 0.25, 0.3, 0.75]),
       distance=st.sampled_from([1, 2, 2.5, 3, 5, 8]))
def test_batch_equals_the_rule_with_plateaus_ties_and_edges(batch, height, distance):
    width = max(len(row) for row in batch)
    curves = np.array([row + [row[-1]] * (width - len(row)) for row in batch])
    positions, heights = find_picks_batch(torch.from_numpy(curves), height, distance)
    for i, curve in enumerate(curves):
        expected = one_by_one(curve, height, distance)
        assert picks_of_row(positions, heights, i) == (expected, curve[expected].tolist())
        scipys = find_peaks(curve, height=height, distance=distance)[0].tolist()
        assert find_picks(curve, height, distance)[0].tolist() == scipys
        if len(set(curve[find_peaks(curve, height=height)[0]])) == len(find_peaks(curve, height=height)[0]):
            assert expected == scipys  # without ties there is one answer


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("smooth", [1, 15, 80])
def test_batch_equals_scipy_on_long_random_curves(seed, smooth):
    noise = np.random.default_rng(seed).random((20, 3001 + smooth))
    curves = np.stack([np.convolve(row, np.ones(smooth) / smooth, "valid")[:3001] for row in noise]).astype(np.float32)
    positions, heights = find_picks(torch.from_numpy(curves), height=0.1, distance=100)
    for i, curve in enumerate(curves):
        expected, found = find_peaks(curve, height=0.1, distance=100)
        assert picks_of_row(positions, heights, i) == (expected.tolist(), found["peak_heights"].tolist())


def test_one_curve_gives_integer_positions():
    curve = np.exp(-0.5 * ((np.arange(3001) - 1234) / 20) ** 2)
    for form in (curve, curve.tolist(), torch.from_numpy(curve)):
        positions, heights = find_picks(form)
        assert positions.tolist() == [1234] and positions.dtype == np.int64 and heights.tolist() == [1.0]


@pytest.mark.parametrize(("curve", "expected"), [
    ([0.9, 0.5, 0.2], []),  # edge
    ([0.0, 0.5, 0.5, 0.5, 0.5, 0.0], [2]),  # flat top: middle, rounded down
    ([0.5, 0.5, 0.0], []),  # flat top on the edge
    ([0.0, 0.05, 0.0], []),  # too low
    ([0.0, 0.1, 0.0], [1]),  # the height itself counts
    ([], []), ([0.5], []), ([0.2, 0.9], []),
])
def test_small_curves(curve, expected):
    assert find_picks(curve)[0].tolist() == expected
    batch, _ = find_picks_batch(torch.tensor([curve, curve], dtype=torch.float64))
    assert batch.tolist() == [expected, expected]


def test_lower_neighbour_goes_unless_far_enough():
    curve = np.zeros(400)
    curve[[100, 199, 299]] = 0.8, 0.9, 0.7
    assert find_picks(curve)[0].tolist() == [199, 299]
    assert find_picks(curve, distance=99)[0].tolist() == [100, 199, 299]


def test_shift_moves_the_pick_and_scale_leaves_it():
    curve = np.zeros((1, 500))
    curve[0, 90:140] = np.hanning(50)
    base = find_picks(torch.from_numpy(curve))[0]
    assert torch.equal(find_picks(torch.from_numpy(np.roll(curve, 37)))[0], base + 37)
    assert torch.equal(find_picks(torch.from_numpy(curve * 0.5))[0], base)


def test_no_rows_no_peaks():
    assert find_picks(torch.zeros(0, 300))[0].shape == (0, 0)
    assert find_picks(torch.zeros(4, 300))[0].shape == (4, 0)


@pytest.mark.parametrize(("curve", "options", "message"), [
    ([0.0, float("nan"), 0.0], {}, "NaN"), (np.zeros((2, 3, 4)), {}, r"found \(2, 3, 4\)"),
    ([0.0, 1.0, 0.0], {"distance": 0}, "at least 1 sample"),
    (torch.full((2, 5), float("nan")), {}, "NaN"),
])
def test_bad_input_is_named(curve, options, message):
    with pytest.raises(ValueError, match=message):
        find_picks(curve, **options)
