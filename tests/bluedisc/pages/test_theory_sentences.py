"""The sentence about theory turns with the heights."""

import numpy as np
import pytest

from quakebook.bluedisc.pages import theory_sentences


@pytest.mark.parametrize(("pointwise", "gaussian", "words"), [
    (2**-0.5, 0.9, "Of 2 combinations 1 end within 0.05 of the mean target; farther away: 0.5 s, skew 0."),
    (0.3714, 0.2, "farther away: 0.2 s, skew 0.")])
def test_cells_off_the_line_are_named(monkeypatch, pointwise, gaussian, words):
    """The mean target is 1/sqrt(2) = 0.707 at scale 0.2 s and 0.2/sqrt(0.04 + 0.25) = 0.371 at 0.5 s."""
    monkeypatch.setattr(theory_sentences, "cells_of", lambda grid: [(0.2, 0.0), (0.5, 0.0)])
    monkeypatch.setattr(theory_sentences, "final_heights",
                        lambda grid, scale, skew: np.array([[pointwise], [gaussian]]))
    sentence = theory_sentences.theory_sentence({})
    assert words in sentence and f"prediction in {2 if gaussian > pointwise else 0} of them" in sentence


@pytest.mark.parametrize(("away", "count"), [(0.048, 1), (0.052, 0), (-0.048, 1), (-0.052, 0)])
def test_a_twentieth_from_the_line_lies_on_it(monkeypatch, away, count):
    monkeypatch.setattr(theory_sentences, "cells_of", lambda grid: [(0.2, 0.0)])
    monkeypatch.setattr(theory_sentences, "final_heights",
                        lambda grid, scale, skew: np.array([[2**-0.5 + away], [0.1]]))
    assert f"Of 1 combinations {count} end within 0.05" in theory_sentences.theory_sentence({})
