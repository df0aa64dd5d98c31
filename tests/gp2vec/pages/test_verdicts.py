"""Seeds decide only where they do not overlap."""

import pytest

from quakebook.gp2vec.pages.verdicts import verdict


@pytest.mark.parametrize(("first", "second", "word"), [((0.8, 0.9), (0.7, 0.79), "better"),
                                                       ((0.8, 0.9), (0.7, 0.8), "undecided"),
                                                       ((0.1, 0.2), (0.2,), "undecided"),
                                                       ((0.1, 0.19), (0.2,), "worse"),
                                                       ((0.9,), (0.1,), "undecided")])
def test_verdicts_at_touching_ranges(first, second, word):
    assert verdict(first, second) == word
