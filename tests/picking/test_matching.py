import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from quakebook.picking import match_picks
from quakebook.picking.matching import match_batch

NAN = float("nan")
positions = st.lists(st.one_of(st.just(NAN), st.integers(0, 30).map(float)), max_size=6)


def brute_force(predicted, labelled, tolerance):
    """The rule word by word: sort all pairs, take what is free."""
    pairs = [(abs(p - t), i, j) for i, p in enumerate(predicted) for j, t in enumerate(labelled)
             if abs(p - t) <= tolerance]
    pairs.sort(key=lambda pair: pair[0])
    chosen = []
    for _, i, j in pairs:
        if all(i != a and j != b for a, b in chosen):
            chosen.append((i, j))
    return chosen


@settings(max_examples=300, deadline=None)
@given(predicted=positions, labelled=positions, tolerance=st.sampled_from([0, 3, 10, 3000]))
def test_one_window_and_batch_follow_the_rule(predicted, labelled, tolerance):
    expected = brute_force(predicted, labelled, tolerance)
    matches = match_picks(predicted, labelled, tolerance)
    assert list(zip(matches.predicted.tolist(), matches.labelled.tolist(), strict=True)) == expected
    assert len(matches) == len(expected)
    assert matches.error_samples.tolist() == [predicted[i] - labelled[j] for i, j in expected]
    partner = match_batch(torch.tensor([predicted]).reshape(1, -1), torch.tensor([labelled]).reshape(1, -1), tolerance)
    assert {(int(i), j) for j, i in enumerate(partner[0]) if i >= 0} == set(expected)


def test_batch_equals_rows():
    generator = np.random.default_rng(0)
    predicted, labelled = generator.integers(0, 40, (50, 5)).astype(float), generator.integers(0, 40, (50, 3)) * 1.0
    predicted[generator.random(predicted.shape) < 0.3] = NAN
    labelled[generator.random(labelled.shape) < 0.3] = NAN
    partner = match_batch(torch.from_numpy(predicted), torch.from_numpy(labelled), 8)
    for row in range(50):
        matches = match_picks(predicted[row], labelled[row], 8)
        expected = np.full(3, -1)
        expected[matches.labelled] = matches.predicted
        assert partner[row].tolist() == expected.tolist()


@settings(max_examples=60, deadline=None)
@given(predicted=st.lists(st.integers(0, 3000), max_size=5), labelled=st.lists(st.integers(0, 3000), max_size=5))
def test_as_many_pairs_as_an_assignment_and_the_nearest_one_among_them(predicted, labelled):
    matches = match_picks(predicted, labelled)
    assert len(matches) == min(len(predicted), len(labelled))
    if len(matches):
        distance = np.abs(np.subtract.outer(predicted, labelled))
        assert abs(matches.error_samples[0]) == distance.min()
        rows, columns = linear_sum_assignment(distance)
        assert np.abs(matches.error_samples).sum() >= distance[rows, columns].sum()


def test_late_is_positive_and_tolerance_counts():
    matches = match_picks([110.0], [100.0])
    assert matches.error_samples.tolist() == [10.0]
    assert len(match_picks([110.0], [100.0], tolerance_samples=9)) == 0
    assert len(match_picks([110.0], [100.0], tolerance_samples=10)) == 1


def test_ties_go_to_the_first_pair():
    assert match_picks([90.0, 110.0], [100.0]).predicted.tolist() == [0]
    assert match_picks([100.0], [90.0, 110.0]).labelled.tolist() == [0]


def test_nothing_to_match():
    for predicted, labelled in (([], [1.0]), ([1.0], []), ([], []), ([NAN], [1.0])):
        assert len(match_picks(predicted, labelled)) == 0
    assert match_batch(torch.zeros(3, 0), torch.zeros(3, 2)).tolist() == [[-1, -1]] * 3


def test_bad_shapes_are_named():
    with pytest.raises(ValueError, match="`labelled` must be one row"):
        match_picks([1.0], [[1.0]])
    with pytest.raises(ValueError, match=r"\(batch, k\) and \(batch, m\)"):
        match_batch(torch.zeros(2, 3), torch.zeros(3, 3))
