"""Generators over whole sets: batches in order, and which half of the answer is the background."""

import torch

from quakebook.uvcgan_s.data.domains import Held
from quakebook.uvcgan_s.data.norms import Scale
from quakebook.uvcgan_s.scoring.translate import batches, decompose, decompose_all


def held(count):
    return Held(torch.arange(float(count))[:, None, None, None].expand(count, 1, 2, 2), "numbers")


def test_batches_hold_every_image_once():
    sizes = [(len(images), float(images[0, 0, 0, 0])) for images in batches(held(7), 3, "cpu")]
    assert sizes == [(3, 0.0), (3, 3.0), (1, 6.0)]


def test_the_first_channels_are_the_background():
    """A network that triples and negates, between a scale of 10 and back; two channels of background of three."""
    def network(x):
        assert float(x[0, 0, 0, 0]) % 10 == 0
        return torch.cat([3 * x, 4 * x, -x], 1)

    first, second = decompose(network, torch.ones(2, 1, 2, 2), Scale(10.0), 2)
    assert first.mean((0, 2, 3)).tolist() == [3, 4] and second.mean((0, 2, 3)).tolist() == [-1]
    first, second = decompose_all(network, held(5), Scale(10.0), 2, 2, "cpu")
    assert first[:, 0, 0, 0].tolist() == [0, 3, 6, 9, 12] and second[:, 0, 1, 1].tolist() == [0, -1, -2, -3, -4]
