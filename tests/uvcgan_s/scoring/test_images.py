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


def test_ratios_of_both_parts_and_errors_of_each_image_by_hand():
    """Errors 0.1 and 0.01 everywhere: 20 and 40 dB; of two images the mean of both parts."""
    zero = torch.zeros(2, 1, 2, 2)
    errors = decomposition_errors(zero + 0.1, zero - 0.01, zero, zero)
    assert (errors["psnr_first_db"], errors["psnr_second_db"]) == pytest.approx((20, 40))
    first = torch.tensor([1.0, -3.0])[:, None, None, None].expand(2, 1, 2, 2)
    assert error_of_each(first, zero - 1, zero, zero).tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="`first` must have the shape of its truth"):
        decomposition_errors(zero[0], zero, zero[0], zero)


def test_the_mean_image_is_the_mean_over_images_alone():
    """Images 0 and 2 in one place, 4 in the other: mean 1 and 4, so the errors are 1 and 0."""
    first = torch.tensor([[0.0, 4.0], [2.0, 4.0]])[:, None, None]
    assert trivial_errors(first, first, first)["mean images"]["first"] == 0.5
