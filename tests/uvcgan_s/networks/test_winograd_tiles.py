"""Tiles: the transforms by hand, and maps against their adjoints."""

from __future__ import annotations

import pytest
import torch

from quakebook.uvcgan_s.networks import winograd_tiles as tiles


def test_four_values_and_three_taps_by_hand():
    inside, taps, outside = tiles.matrices()
    assert inside.shape == (6, 6) and taps.shape == (6, 3) and outside.shape == (4, 6)
    found = outside @ ((taps @ [1.0, 10.0, 100.0]) * (inside @ [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))
    assert found == pytest.approx([321, 432, 543, 654], rel=1e-12)


def drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("size", [(4, 8), (3, 5), (6, 17)])
def test_adding_overlapping_tiles_is_the_adjoint_of_cutting_them(size):
    """<T x, t> = <x, T' t> for any image x and any tiles t."""
    image = drawn(2, *size, 3)
    seen = tiles.seen_tiles(image)
    other = drawn(*seen.shape, seed=1)
    back = tiles.overlapped(tiles.INPUT[torch.float64].T @ other.reshape(36, -1), image.shape)
    assert float((seen * other).sum()) == pytest.approx(float((image * back).sum()), rel=1e-12)


@pytest.mark.parametrize("size", [(4, 8), (3, 5), (6, 17)])
def test_cutting_a_result_is_the_adjoint_of_placing_its_tiles(size):
    result = drawn(2, *size, 3)
    pieces = tiles.cut(result)
    assert torch.equal(tiles.placed(pieces, result.shape), result)
    other = drawn(*pieces.shape, seed=1)
    placed = tiles.placed(other, result.shape)
    assert float((pieces * other).sum()) == pytest.approx(float((result * placed).sum()), rel=1e-12)


def test_parts_hold_about_as_many_tiles_as_channels():
    assert [len(part) for part in tiles.parts(torch.zeros(12, 96, 24, 64), 96)] == [1] * 12
    assert [len(part) for part in tiles.parts(torch.zeros(8, 96, 12, 32), 192)] == [8]
