import pytest
import torch

from quakebook.uvcgan_s.scoring.images import decomposition_errors, error_of_each, trivial_errors


def test_errors_by_hand():
    zero, one = torch.zeros(2, 3, 4, 4), torch.ones(2, 3, 4, 4)
    errors = decomposition_errors(0.1 * one, one, zero, 0.5 * one)
    assert errors["first"] == pytest.approx(0.1) and errors["second"] == pytest.approx(0.5)
    assert errors["both"] == pytest.approx(0.3) and errors["psnr_first_db"] == pytest.approx(20)
    assert error_of_each(0.1 * one, one, zero, 0.5 * one).tolist() == pytest.approx([0.3, 0.3])


def test_a_perfect_answer_has_no_error():
    image = torch.rand(2, 1, 4, 4)
    errors = decomposition_errors(image, image, image, image)
    assert errors["both"] == 0 and errors["psnr_first_db"] == float("inf")


def test_trivial_answers():
    first, second = torch.zeros(4, 1, 2, 2), torch.ones(4, 1, 2, 2)
    answers = trivial_errors((first + second) / 2, first, second)
    assert answers["mixture for both"]["both"] == pytest.approx(0.5)
    assert answers["mean images"]["both"] == pytest.approx(0)


def test_shapes_must_agree():
    with pytest.raises(ValueError, match="`second`"):
        decomposition_errors(torch.zeros(1, 1, 2, 2), torch.zeros(1, 1, 2, 3), torch.zeros(1, 1, 2, 2),
                             torch.zeros(1, 1, 2, 2))
