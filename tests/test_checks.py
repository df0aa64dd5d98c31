"""Checks at the public edge."""

import pytest
import torch

from quakebook.checks import require_finite


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_named_with_its_place(bad):
    values = torch.ones(4, 3, requires_grad=True)
    with torch.no_grad():
        values[2, 1] = bad
    with pytest.raises(ValueError, match=r"`labels` holds 1 NaN or infinite values, the first at index \(2, 1\)"):
        require_finite(features=torch.zeros(2), labels=values)


def test_infinities_of_both_signs_do_not_cancel():
    with pytest.raises(ValueError, match=r"`x` holds 2 NaN or infinite values, the first at index \(0,\)"):
        require_finite(x=torch.tensor([float("inf"), 1.0, -float("inf")]))


def test_finite_numbers_whose_sum_is_not_pass():
    require_finite(x=torch.full((5,), 3e38), y=torch.full((9,), 6e4, dtype=torch.float16), n=torch.arange(3),
                   empty=torch.zeros(0))
