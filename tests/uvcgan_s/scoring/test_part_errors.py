"""Errors of both parts on images of two pixels."""

import pytest
import torch

from quakebook.uvcgan_s.scoring.part_errors import additivity, errors, trivial_errors


def image(*values):
    return torch.tensor(values).view(1, 1, 1, -1)


def test_errors_by_hand():
    found = errors(image(1.0, 3.0), image(0.0, 0.0), image(0.0, 1.0), image(2.0, -2.0))
    assert found == {"error": 1.75, "error_a0": 1.5, "error_a1": 2.0}


def test_the_mixture_for_both():
    assert trivial_errors(image(2.0, 4.0), image(1.0, 1.0), image(1.0, 3.0)) == {
        "trivial_error": 1.5, "trivial_error_a0": 2.0, "trivial_error_a1": 1.0}


def test_gap_of_the_sum_is_a_share_of_the_mixture():
    assert additivity(image(1.0, 1.0), image(1.0, -1.0), image(3.0, 1.0)) == {"sum_gap": pytest.approx(0.5)}
    assert additivity(image(0.0, 0.0), image(0.0, 0.0), image(0.0, 0.0)) == {"sum_gap": 0.0}
