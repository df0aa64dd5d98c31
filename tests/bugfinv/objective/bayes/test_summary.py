"""Sums of a fusion by hand: shares, their spread, dominance, conflict, clamped variances, and the angle to the mean."""

import pytest
import torch

from quakebook.bugfinv.objective.bayes.summary import Summary


def summed(rows, *chunks):
    """A summary of chunks of (fused, shares by task, gradients by task, clamped), each row a list of features."""
    features = torch.zeros(rows, len(chunks[0][0][0]), dtype=torch.float64)
    made = Summary(features, len(chunks[0][1]))
    for fused, shares, gradients, clamped in chunks:
        tables = [dict(enumerate(torch.tensor(part, dtype=torch.float64))) for part in (shares, gradients)]
        made.add(torch.tensor(fused, dtype=torch.float64), *tables, torch.tensor(clamped))
    return {name: value.tolist() for name, value in made.result().items()}


ONE = ([[1.0, 0.0]], [[[0.75, 0.5]], [[0.25, 0.5]]], [[[2.0, 3.0]], [[-1.0, 1.0]]], 1)


def test_one_row_of_two_features():
    """Shares 3/4 and 1/4, a half each: one entry of two is dominated, the first one in conflict, one of four clamped.

    Means 0.625 and 0.375; squares round one half 0.0625 / 2, less 0.125 squared: variance 1/64. The plain mean of the
    gradients is (0.5, 2), the fused one (1, 0): cosine 0.5 / sqrt(4.25).
    """
    found = summed(1, ONE)
    assert found["share"] == pytest.approx([0.625, 0.375]) and found["spread"] == pytest.approx(1 / 8)
    assert (found["dominated"], found["conflict"], found["clamped"]) == (0.5, 0.5, 0.25)
    assert found["cosine"] == pytest.approx(0.5 / 4.25**0.5)


def test_chunks_are_averaged_over_all_rows():
    """The second row has equal shares and gradients of one sign, whose mean (3, 4) is the fused gradient."""
    other = ([[3.0, 4.0]], [[[0.5, 0.5]], [[0.5, 0.5]]], [[[3.0, 4.0]], [[3.0, 4.0]]], 0)
    found = summed(2, ONE, other)
    assert found["share"] == pytest.approx([0.5625, 0.4375])
    assert (found["dominated"], found["conflict"], found["clamped"]) == (0.25, 0.25, 0.125)
    assert found["cosine"] == pytest.approx((0.5 + 25) / ((1 + 25) * (4.25 + 25)) ** 0.5)


def test_one_half_is_no_majority_and_zero_has_no_sign():
    """Gradients 0 and 1: one of two is positive, which counts as a conflict; 0 and 0, 1 and 1 do not."""
    shares = [[[0.5, 0.5, 0.5]], [[0.5, 0.5, 0.5]]]
    found = summed(1, ([[0.0, 0.0, 1.0]], shares, [[[0.0, 0.0, 1.0]], [[1.0, 0.0, 1.0]]], 0))
    assert found["dominated"] == 0 and found["conflict"] == pytest.approx(1 / 3) and found["spread"] == 0


def test_a_vanishing_gradient_has_the_direction_of_the_mean():
    shares, nothing = [[[0.5]], [[0.5]]], [[[0.0]], [[0.0]]]
    assert summed(1, ([[0.0]], shares, nothing, 0))["cosine"] == 1.0
    assert summed(1, ([[1.0]], shares, nothing, 0))["cosine"] == 1.0
    assert summed(1, ([[1.0]], shares, [[[-2.0]], [[-2.0]]], 0))["cosine"] == -1.0


def test_no_rows():
    found = Summary(torch.zeros(0, 4), 2).result()
    assert found["share"].tolist() == [0.0, 0.0] and float(found["cosine"]) == 1.0
