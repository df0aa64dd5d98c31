"""Where wells and traces stand, against positions worked by hand."""

import numpy as np
import pytest

from quakebook.bugfinv.data import wells


def test_a_grid_of_wells_is_longer_along_the_inlines():
    """Six wells: 3 x 2, three traces off the edges of 20 x 10; one well in the middle; 7 is prime: 7 x 1."""
    assert wells.training_wells(20, 10, 6).tolist() == [3 * 10 + 3, 3 * 10 + 6, 10 * 10 + 3, 10 * 10 + 6, 16 * 10 + 3,
                                                        16 * 10 + 6]
    assert wells.training_wells(9, 7, 1).tolist() == [4 * 7 + 3]
    assert wells.training_wells(30, 7, 7).tolist() == [7 * r + 3 for r in (3, 7, 11, 14, 18, 22, 26)]


def test_small_volumes_have_wells_on_their_edges():
    """Two of 8 columns leave the edges free only where more than 2 * 3 + 2 traces are there."""
    assert wells._spread(8, 2).tolist() == [0, 7] and wells._spread(9, 2).tolist() == [3, 5]


def test_wells_of_a_line_are_truncated_positions():
    """linspace(0, 9, 4) = 0, 3, 6, 9; linspace(0, 10, 4) = 0, 3.33, 6.67, 10."""
    assert wells.training_wells(1, 10, 4).tolist() == [0, 3, 6, 9]
    assert wells.training_wells(1, 11, 4).tolist() == [0, 3, 6, 10]
    assert wells.training_wells(1, 5, 1).tolist() == [0]


def test_thirteen_validation_traces_from_end_to_end():
    found = wells.validation_wells(5, 25)
    assert found.tolist() == [int(124 * k / 12) for k in range(13)]
    assert wells.validation_wells(1, 3).tolist() == [0, 1, 2]


@pytest.mark.parametrize("crosslines", [1600, 1601])
def test_the_unlabelled_traces_of_a_long_line(crosslines):
    found = wells.unlabelled(1, crosslines, np.array([0]), 3)
    assert found.tolist() == ([1, 800, 1599] if crosslines == 1600 else list(range(1500, 1601)))
    assert wells.unlabelled(2, 900, np.array([0]), 3).tolist() == [1, 900, 1799]


def test_unlabelled_traces_are_blind_and_spread_evenly():
    """Blind are 1, 2, 3, 5, 6, 7: of these the first, the one at 2.5 truncated, and the last."""
    assert wells.unlabelled(2, 4, np.array([0, 4]), 3).tolist() == [1, 3, 7]
    assert wells.unlabelled(2, 4, np.array([0, 4]), 99).tolist() == [1, 2, 3, 5, 6, 7]


def test_blind_wells_are_the_farthest_one_after_the_other():
    """On a line of 11 with wells at both ends: 5, then 2 or 8 (the first), then 8."""
    assert wells.blind_wells(1, 11, np.array([0, 10])).tolist() == [5, 2, 7]
    assert wells.blind_wells(1, 11, np.array([0, 10]), 1).tolist() == [5]


def test_blind_wells_keep_off_the_border_of_a_volume():
    """16 x 16 has a border of two: the corner farthest from a well in corner (0, 0) is (13, 13).

    Then (2, 11) and (11, 2): as far from the well as from the first, sqrt 125; (2, 13) is only 11 from the latter.
    """
    first, second, third = wells.blind_wells(16, 16, np.array([0]))
    assert divmod(int(first), 16) == (13, 13)
    assert {divmod(int(second), 16), divmod(int(third), 16)} == {(2, 11), (11, 2)}


@pytest.mark.parametrize(("n", "taken"), [(0, False), (1, True), (11, True), (12, False)])
def test_one_well_at_least_and_one_blind_trace(n, taken):
    from quakebook.training.config import ConfigError

    if taken:
        assert len(wells.training_wells(1, 12, n)) == n
    else:
        with pytest.raises(ConfigError, match=f"must lie between 1 and 11: .*found {n}"):
            wells.training_wells(1, 12, n)
