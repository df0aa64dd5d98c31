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
