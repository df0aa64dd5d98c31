"""Joint use of two books, and what a code tells of its window: worked counts, one bit, nothing."""

import numpy as np
import pytest
import torch

from quakebook.gp2vec.scoring.code_use import codes_of, joint_use, tells


def test_pairs_are_counted_most_frequent_first():
    """Six frames: (2, 0) three times, (1, 0) twice, (1, 5) once. Both books: the frequent code comes first."""
    codes = np.array([[[2, 0], [2, 0], [2, 0]], [[1, 0], [1, 0], [1, 5]]])
    table = joint_use(codes, most=2)
    np.testing.assert_allclose(table, [[2 / 6, 1 / 6], [3 / 6, 0]])  # 1 and 2 are equally frequent: the lower first
    assert joint_use(codes).sum() == pytest.approx(1)


def test_one_book_has_no_pairs():
    with pytest.raises(ValueError, match="two books; found 1"):
        joint_use(np.zeros((2, 3, 1), int))


def test_a_code_that_names_one_of_two_equal_kinds_tells_one_bit():
    kind = np.array([0, 1] * 20)
    told = tells(np.repeat(kind[:, None], 10, axis=1) + 7, kind)
    assert told.bits == pytest.approx(1) and told.bound < 0.5 and told.tells


def test_codes_that_mean_nothing_stay_below_the_bound_even_when_windows_have_favourites():
    """Each window prefers codes of its own, which carries information about any labels; permutations know that."""
    rng = np.random.default_rng(0)
    codes = rng.integers(8, size=(60, 1)) + rng.integers(3, size=(60, 50))
    told = tells(codes, rng.integers(3, size=60))
    assert told.bits > 0.02 and not told.tells


def test_codes_of_a_pool_are_those_of_the_network(tiny, pool):
    from quakebook.gp2vec.data.windows import cut, standardise

    codes = codes_of(tiny.eval(), pool, 3000, batch_size=50)
    assert codes.shape == (96, 150, 2) and codes.min() >= 0 and codes.max() < 16
    rows = torch.tensor([70])
    window = standardise(cut(pool.waveforms, rows, pool.fixed_starts(3000)[rows], 3000))
    with torch.no_grad():
        np.testing.assert_array_equal(codes[70], tiny.codes(window, normalize=False)[0].numpy())


def test_forty_codes_of_each_book_are_shown():
    assert joint_use(np.tile(np.arange(50)[:, None, None], (1, 1, 2))).shape == (40, 40)
    assert joint_use(np.tile(np.arange(7)[:, None, None], (1, 1, 2))).shape == (7, 7)
