"""One seed is never ranked, and has no spread."""

from __future__ import annotations

import math

from quakebook.uvcgan_s.pages.seeds import ONE_SEED, cell, order


def test_cells_by_hand():
    rows = [{"a": 1.0}, {"a": 2.0}, {"a": 6.0}]
    assert cell(rows, "a") == "3.000 ± 2.500" and cell(rows, "a", 1) == "3.0 ± 2.5"
    assert cell(rows[:1], "a") == "1.000"
    assert cell(rows, "b") == cell([], "a") == cell([{"a": math.nan}, {"a": 1.0}], "a") == "–"


def test_orders():
    assert order([3, 4], [1, 2]) == "larger with every seed"
    assert order([1, 2], [3, 4]) == "smaller with every seed"
    assert order([1, 3], [2, 4]) == order([1, 2], [2, 3]) == "undecided, the ranges over seeds overlap"
    assert order([9], [1, 2]) == order([9, 9], [1]) == ONE_SEED
