"""Rows and back in every layout, labels of groups, and types, on tensors whose numbers name their place."""

import pytest
import torch

from quakebook.bugfinv.objective.bayes.layout import compute_dtype, label_rows, like, rows_of


@pytest.mark.parametrize(("axis", "first"), [(-1, [0, 1, 2, 3]), (2, [0, 1, 2, 3]), (0, [0, 12]), (1, [0, 4, 8]),
                                             (-3, [0, 12]), (-2, [0, 4, 8])])
def test_the_feature_axis_comes_last_and_goes_back(axis, first):
    features = torch.arange(24.0).reshape(2, 3, 4)
    rows = rows_of(features, axis)
    assert rows.shape == (24 // len(first), len(first)) and rows[0].tolist() == first
    assert torch.equal(like(rows, features, axis), features)
    assert like(rows.double(), features, axis).dtype == torch.float32


@pytest.mark.parametrize("axis", [-3, 2])
def test_axes_that_do_not_exist(axis):
    with pytest.raises(ValueError, match=f"`feature_dim` {axis} does not exist"):
        rows_of(torch.zeros(2, 3), axis)


def test_features_are_tensors_with_rows():
    assert rows_of(torch.zeros(2, 3)).shape == (2, 3)  # the last axis unless told
    with pytest.raises(ValueError, match="at least two axes"):
        rows_of(torch.zeros(3))
    with pytest.raises(ValueError, match="found list"):
        rows_of([[1.0]])


def test_labels_of_groups_stand_side_by_side():
    """Groups of one and two outputs over 2 x 2 rows."""
    one, two = torch.arange(4).reshape(2, 2), torch.arange(10, 18).reshape(2, 2, 2)
    want = [[0, 10, 11], [1, 12, 13], [2, 14, 15], [3, 16, 17]]
    like_this = torch.zeros(1, dtype=torch.float64)
    for given in ([one, two], (one[..., None], two), torch.cat([one[..., None], two], dim=-1)):
        found = label_rows(given, (2, 2), (1, 2), like_this)
        assert found.tolist() == want and found.dtype == torch.float64


@pytest.mark.parametrize(("labels", "message"), [
    (torch.zeros(2, 2), r"must have shape \(2, 3\)"), ("abc", "found str"), ([torch.zeros(2)], "expected 2, found 1"),
    ([torch.zeros(2), [1.0]], r"`labels\[1\]` must be a tensor"),
    ([torch.zeros(2), torch.zeros(2)], r"`labels\[1\]` must have shape \(2, 2\), as"),
    ([torch.zeros(3), torch.zeros(2, 2)], r"`labels\[0\]` must have shape \(2, 1\) or \(2,\)")])
def test_labels_of_another_shape(labels, message):
    with pytest.raises(ValueError, match=message):
        label_rows(labels, (2,), (1, 2), torch.zeros(1))


def test_what_is_computed_in_which_type():
    kept = {torch.float32: torch.float32, torch.float64: torch.float64, torch.bfloat16: torch.float32}
    assert {given: compute_dtype(given) for given in kept} == kept
    for given, message in ((torch.int64, "must be floating point"), (torch.float16, "use bfloat16 or float32")):
        with pytest.raises(ValueError, match=message):
            compute_dtype(given)
