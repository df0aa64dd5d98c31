"""Seeds decide only where the 95 % interval of their differences leaves zero out."""

import pytest

from quakebook.gp2vec.pages.verdicts import verdict


@pytest.mark.parametrize(("first", "second", "word"), [
    ((0.90, 0.91, 0.92), (0.80, 0.80, 0.80), "better"),  # 0.11 +- 0.025
    ((0.80, 0.80, 0.80), (0.90, 0.91, 0.92), "worse"),
    ((0.80, 0.95), (0.70, 0.79), "undecided"),  # 0.13 +- 0.38: ranges apart, but two seeds know little
    ((0.80, 0.81, 0.82), (0.75, 0.76, 0.80), "undecided"),  # 0.040 +- 0.043
    ((0.80, 0.81, 0.82), (0.75, 0.76, 0.775), "better"),  # 0.048 +- 0.007: seeds that are hard are hard for both
    ((0.51, 0.52, 0.53), (0.5,), "undecided"),  # 0.020 +- 0.025
    ((0.9,), (0.1,), "undecided"), ((0.9,), (0.1, 0.2, 0.15), "undecided"),
    ((0.9, float("nan")), (0.1, 0.1), "undecided"),
    ((0.5, 0.5), (0.5, 0.5), "undecided")])
def test_verdicts_by_the_interval(first, second, word):
    assert verdict(first, second) == word
