import pytest
import torch

from quakebook.data.calorimeter.faces import faces
from quakebook.data.errors import DataError


def test_faces_depend_on_their_number_only():
    four = faces("cat", 4, 32)
    assert torch.equal(faces("cat", 2, 32, first=2), four[2:]) and four.shape == (4, 3, 32, 32)
    assert four.min() >= 0 and four.max() <= 1
    assert not torch.equal(faces("cat", 1, 32, split="val"), four[:1])


def test_families_differ_in_colour_and_ears():
    cats, dogs = faces("cat", 20, 32).mean(0), faces("dog", 20, 32).mean(0)
    middle = slice(14, 18)
    assert cats[0, middle, middle].mean() > cats[2, middle, middle].mean() + 0.1
    assert dogs[2, middle, middle].mean() > dogs[0, middle, middle].mean() - 0.05
    with pytest.raises(DataError, match="no faces of 'wolf'"):
        faces("wolf", 1)


def test_no_faces_are_an_empty_batch_and_fewer_are_refused():
    assert faces("cat", 0, 16).shape == (0, 3, 16, 16) and faces("dog", 1, 16).shape == (1, 3, 16, 16)
    for size, count in ((15, 1), (16, -1)):
        with pytest.raises(DataError, match=f"found {size} and {count}"):
            faces("cat", count, size)
