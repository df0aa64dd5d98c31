import pytest
import torch

from quakebook.gp2vec.objective.negatives import draw_cross, draw_negatives

VALID = torch.tensor([[1, 1, 1, 1, 0], [1, 1, 0, 0, 0], [1, 1, 1, 1, 1]]).bool()


def test_never_itself_never_filling():
    ranks = draw_negatives(VALID, 200, torch.Generator().manual_seed(0))
    for b in range(3):
        n = int(VALID[b].sum())
        for m in range(n):
            drawn = set(ranks[b, m].tolist())
            assert drawn == set(range(n)) - {m}


def test_equal_chances():
    ranks = draw_negatives(VALID[2:], 40_000, torch.Generator().manual_seed(1))[0, 2]
    share = torch.bincount(ranks, minlength=5).double() / 40_000
    torch.testing.assert_close(share, torch.tensor([0.25, 0.25, 0, 0.25, 0.25], dtype=torch.float64), atol=0.02, rtol=0)


def test_cross_draws_come_from_other_windows_with_equal_chances():
    flat = draw_cross(VALID, 30_000, torch.Generator().manual_seed(0))
    window, rank = flat // 5, flat % 5
    for b in range(3):
        assert b not in set(window[b].flatten().tolist())
    assert VALID[window, rank].all()
    share = torch.bincount(window[1, 0], minlength=3).double() / 30_000
    torch.testing.assert_close(share, torch.tensor([4 / 9, 0, 5 / 9], dtype=torch.float64), atol=0.01, rtol=0)


def test_one_window_has_no_other():
    with pytest.raises(ValueError, match="2 windows"):
        draw_cross(VALID[:1], 3)
