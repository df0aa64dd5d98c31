import pytest
import torch

from quakebook.gp2vec.data.masking import SpanMask, draw_mask, masked_order


def runs(row):
    """Lengths of the runs of ones, by a plain loop."""
    out, length = [], 0
    for value in [*row.tolist(), 0]:
        if value:
            length += 1
        elif length:
            out.append(length)
            length = 0
    return out


@pytest.mark.parametrize(("frames", "share"), [(150, 0.494), (750, 0.491)])
def test_hidden_share_and_span(frames, share):
    mask = draw_mask(SpanMask(), 2000, frames, torch.Generator().manual_seed(0))
    assert float(mask.float().mean()) == pytest.approx(share, abs=0.01)
    lengths = [n for row in mask[:400] for n in runs(row)]
    assert min(lengths) >= 10
    assert sum(lengths) / len(lengths) == pytest.approx(14.55, abs=0.4)


@pytest.mark.parametrize("frames", [2, 5, 19, 25, 60])
def test_short_windows_hide_some_and_show_some(frames):
    rule = SpanMask()
    mask = draw_mask(rule, 300, frames, torch.Generator().manual_seed(0))
    hidden = mask.sum(1)
    assert int(hidden.min()) >= 1 and int(hidden.max()) <= rule.most(frames)
    if frames > 5:
        assert int(hidden.max()) < frames


def test_same_seed_same_mask():
    rule = SpanMask()
    first, second = (draw_mask(rule, 4, 150, torch.Generator().manual_seed(7)) for _ in range(2))
    assert torch.equal(first, second)


def test_order_lists_hidden_frames_first():
    mask = torch.tensor([[0, 1, 1, 0, 1], [1, 0, 0, 0, 1]]).bool()
    index, valid = masked_order(mask, 4)
    assert index[0, :3].tolist() == [1, 2, 4] and valid[0].tolist() == [True, True, True, False]
    assert index[1, :2].tolist() == [0, 4] and valid[1].tolist() == [True, True, False, False]


@pytest.mark.parametrize(("frames", "span", "most"), [(150, 10, 100), (60, 7, 42), (7, 1, 5), (80, 10, 60)])
def test_spans_and_most_hidden_frames_by_hand(frames, span, most):
    """150 frames: 9.75 spans of 10 on average, so at most 10. 60 frames: 39 / 7 = 5.57 spans of 60 // 8 = 7."""
    assert SpanMask().span(frames) == span and SpanMask().most(frames) == most


def test_spans_of_one_frame_are_counted_exactly():
    """6.5 starts a window: six or seven, as often; never fewer than `least`."""
    hidden = draw_mask(SpanMask(0.065, 1), 2000, 100, torch.Generator().manual_seed(0)).sum(1)
    assert set(hidden.tolist()) == {6, 7} and float(hidden.float().mean()) == pytest.approx(6.5, abs=0.05)
    assert set(draw_mask(SpanMask(0.001, 1), 500, 100).sum(1).tolist()) == {2}


def test_every_frame_can_be_hidden_and_one_start_hides_one_span():
    mask = draw_mask(SpanMask(0.0, 4, least=1), 2000, 40, torch.Generator().manual_seed(0))
    assert (mask.sum(1) == 4).all() and mask.any(0).all()
    assert all(runs(row) == [4] for row in mask[:200])
