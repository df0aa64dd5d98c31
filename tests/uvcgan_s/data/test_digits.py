"""Handwritten digits: brightness, families, splits, blend and blur by hand."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from quakebook.uvcgan_s.data import digits


@pytest.mark.parametrize("split", ["train", "dev", "test"])
def test_families_hold_their_digits_as_bright_as_they_are(split):
    """scikit-learn counts from 0 to 16; cubic interpolation keeps the mean, and what is cut off below 0 raises it."""
    source = load_digits()
    place = np.arange(len(source.target)) % digits.EVERY
    for family in digits.FAMILIES:
        chosen = np.isin(source.target, family)
        chosen &= {"train": place > 1, "dev": place == 0, "test": place == 1}[split]
        images = digits._family(family, split)
        assert images.shape == (chosen.sum(), 1, 16, 16) and images.max() == 1 and images.min() == 0
        assert 1 <= float(images.mean()) * 16 / source.images[chosen].mean() < 1.04


def test_blend_by_hand():
    """A single bright pixel is spread by the binomial kernel; half of it comes from each part."""
    a0, a1 = torch.zeros(2, 1, 1, 7, 7)
    a0[..., 2, 2], a1[..., 2, 3] = 16.0, 32.0
    row = torch.tensor([1.0, 2, 1, 0]) * 8 / 4 + torch.tensor([0.0, 1, 2, 1]) * 16 / 4
    torch.testing.assert_close(digits.blend(a0, a1)[0, 0, 2, 1:5], row / 2)
    torch.testing.assert_close(digits.blend(a0, a1)[0, 0, 1, 1:5], row / 4)
    flat = torch.full((1, 1, 4, 4), 0.5)
    torch.testing.assert_close(digits.blend(flat, flat), flat)


def test_moved_by_two_pixels_at_most_and_empty_where_something_enters():
    image = torch.zeros(1, 1, 16, 16)
    image[..., 8, 8] = 1
    drawn = digits._draw(image, 500, torch.Generator().manual_seed(0))
    y, x = drawn[:, 0].flatten(1).argmax(1) // 16, drawn[:, 0].flatten(1).argmax(1) % 16
    assert drawn.sum((1, 2, 3)).eq(1).all() and set(y.tolist()) == set(x.tolist()) == {6, 7, 8, 9, 10}
    full = digits._draw(torch.ones(1, 1, 16, 16), 200, torch.Generator().manual_seed(0))
    assert set(full.sum((1, 2, 3)).int().tolist()) == {a * b for a in (14, 15, 16) for b in (14, 15, 16)}


def test_mixtures_are_blends_of_parts_that_are_known():
    made = digits.make("dev", 6, seed=3)
    parts = [part.read(np.arange(6)) for part in made.truth]
    torch.testing.assert_close(made.b.read(np.arange(6)), digits.blend(*parts))
    assert not torch.equal(made.a0.read(np.arange(6)), parts[0])  # pure images are other draws
