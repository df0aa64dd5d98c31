"""The order of samples and their shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from quakebook.data import DataError
from quakebook.data.archive.streaming.sampler import Place, Shares, order


@given(some.lists(some.integers(0, 6), min_size=1, max_size=60), some.integers(0, 2**31), some.integers(1, 9),
       some.booleans())
def test_every_row_once_and_again_the_same(units, seed, open_units, shuffle):
    units = np.array(units)
    found = order(units, seed, 3, open_units, shuffle)
    assert np.array_equal(np.sort(found), np.arange(len(units)))
    assert np.array_equal(found, order(units, seed, 3, open_units, shuffle))


def test_epochs_and_seeds_differ():
    units = np.zeros(200, np.int64)
    orders = [order(units, seed, epoch, 8).tolist() for seed in (0, 1) for epoch in (0, 1)]
    assert len({tuple(one) for one in orders}) == 4
    assert order(units, 0, 0, 8, shuffle=False).tolist() == list(range(200))


def test_only_so_many_units_are_mixed():
    units = np.repeat(np.arange(10), 20)
    seen = units[order(units, 5, 0, 3)]
    for group in (seen[:60], seen[60:120], seen[120:180]):
        assert len(set(group)) == 3 and (np.diff(group) != 0).sum() > 20
    assert len(set(seen[:60])) + len(set(seen[60:])) == 10
    assert not np.array_equal(np.unique(seen[:60]), np.unique(units[order(units, 5, 1, 3)][:60]))


@given(some.integers(1, 200), some.integers(1, 9), some.integers(1, 4))
def test_ranks_share_disjointly(rows, batch, world):
    if rows < batch * world:
        with pytest.raises(DataError, match="do not fill one batch"):
            Shares(rows, batch, 0, world)
        return
    taken = [np.arange(rows)[Shares(rows, batch, rank, world).slice(b)] for b in range(Shares(rows, batch, 0,
                                                                                             world).batches)
             for rank in range(world)]
    assert all(len(part) == batch for part in taken)
    assert np.array_equal(np.concatenate(taken), np.arange(len(taken) * batch))  # in order, nothing twice
    assert rows - len(taken) * batch < batch * world


def test_places():
    place = Place(3, 2, 64)
    assert Place.from_state(place.state_dict()) == place
    assert Shares(100, 8, 0, 2).first_batch(64) == 4
    with pytest.raises(DataError, match="no whole number of batches"):
        Shares(100, 8, 0, 2).first_batch(65)
    with pytest.raises(DataError, match="no whole number of batches"):
        Shares(100, 8, 0, 2).first_batch(16 * 7)
    for wrong in ({}, {"seed": 1, "epoch": "x", "position": 0}, {"seed": None, "epoch": 0, "position": 0}):
        with pytest.raises(DataError, match="seed, epoch and position"):
            Place.from_state(wrong)


@pytest.mark.parametrize(("batch", "rank", "world"), [(0, 0, 1), (4, 1, 1), (4, -1, 2)])
def test_wrong_shares(batch, rank, world):
    with pytest.raises(DataError, match="rank"):
        Shares(100, batch, rank, world)
