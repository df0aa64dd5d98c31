"""Ranks of one window: worked by hand from the network's own similarities, and where they are drawn."""

import numpy as np
import torch

from quakebook.gp2vec.data.windows import Pool
from quakebook.gp2vec.figures import masks
from quakebook.gp2vec.pages import codes
from quakebook.gp2vec.scoring.guesses import Guesses, guesses
from quakebook.plots.phone import READABLE_PX, for_phone, smallest_text_px


def test_ranks_lie_at_the_hidden_frames_and_agree_with_the_accuracy(tiny):
    torch.manual_seed(1)
    nothing = torch.full((3,), torch.nan)
    p, s = torch.tensor([1500.0, torch.nan, torch.nan]), torch.tensor([9000.0, torch.nan, torch.nan])
    pool = Pool(torch.randn(3, 3, 3000), torch.zeros(3, dtype=torch.int64), p, s, nothing,
                np.array(["a", "b", "c"], object), {}, "made up")
    found = guesses(tiny.eval(), pool, 3000, 0, 1)
    assert found.mask.shape == found.rank.shape == (150,) and 0.2 < found.mask.mean() < 0.8
    assert (found.rank[~found.mask] == -1).all() and (found.rank[found.mask] >= 0).all()
    assert found.rank.max() <= tiny.objective.negatives
    assert found.onsets_s == {"P": 15.0}  # a record as long as its window starts with it; S lies after its end
    np.testing.assert_allclose(found.waveform.std(), 1, rtol=1e-3)
    again = guesses(tiny, pool, 3000, 0, 1)
    np.testing.assert_array_equal(found.rank, again.rank)


def example():
    mask = np.zeros(10, bool)
    mask[[2, 3, 7]] = True
    rank = np.full(10, -1)
    rank[[2, 3, 7]] = [0, 40, 0]
    return Guesses(np.zeros((3, 1000)), mask, rank, {"P": 4.0})


def test_spans_and_ranks_are_drawn_where_they_are():
    drawn = masks.one_window(example())
    top, low = drawn.axes
    others, first = low.lines
    np.testing.assert_allclose(first.get_xydata(), [[2.5, 0], [7.5, 0]])
    np.testing.assert_allclose(others.get_xydata(), [[3.5, 40]])
    np.testing.assert_allclose([patch.get_x() for patch in low.patches], [2, 7])
    assert [patch.get_width() for patch in low.patches] == [2, 1]
    assert top.lines[-1].get_xdata()[0] == 4.0
    assert smallest_text_px(for_phone(drawn)) >= READABLE_PX - 0.01


def test_the_sentence_counts():
    assert "comes first in 2 of 3 hidden frames; its middle rank is 0" in codes.guesses_sentence(example())
