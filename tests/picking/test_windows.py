import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from seisbench.generate import OneOf, RandomWindow, WindowAroundSample

from quakebook.picking import windows

NAN = float("nan")


def test_cut_equals_slicing_and_pads_with_zeros():
    x = torch.randn(4, 3, 50, generator=torch.Generator().manual_seed(0)) + 10
    record, start = torch.tensor([3, 0, 0, 2, 1]), torch.tensor([5, -4, 45, 60, -30])
    cut = windows.cut(x, record, start, 20)
    padded = torch.nn.functional.pad(x, (40, 40))
    expected = torch.stack([padded[r, :, s + 40:s + 60] for r, s in zip(record, start, strict=True)])
    for row in (1, 2):  # these reach beyond the record: no step from the offset of 10 to the zeros
        filled = expected[row] == 0
        expected[row] -= expected[row].sum(-1, keepdim=True) / (~filled).sum(-1, keepdim=True)
        expected[row][filled] = 0
    assert torch.allclose(cut, expected, atol=1e-5) and torch.equal(cut[0], expected[0])
    assert torch.equal(cut[4], torch.zeros(3, 20))


def test_slices_are_what_sample_numbers_give():
    """The way of a GPU, which waveforms with a gradient take on the CPU as well."""
    x = torch.randn(6, 3, 200, generator=torch.Generator().manual_seed(2)) + 5
    record, start = torch.tensor([5, 0, 0, 3, 2, 1]), torch.tensor([150, 0, 7, -49, 151, 199])
    numbered = x.clone().requires_grad_()
    for rows in (slice(0, 3), slice(0, 6)):  # all windows inside their records, and some reaching beyond
        expected = windows.cut(numbered, record[rows], start[rows], 50)
        assert expected.requires_grad and torch.equal(windows.cut(x, record[rows], start[rows], 50), expected)
    assert torch.equal(windows.raw(x, record[:1], start[:1], 50)[0], x[5, :, 150:])
    with pytest.raises(IndexError):
        windows.cut(x, torch.tensor([6]), torch.tensor([0]), 50)


def test_an_offset_of_raw_counts_changes_no_window_that_reaches_beyond_its_record():
    x = torch.randn(2, 3, 50, generator=torch.Generator().manual_seed(1))
    record, start = torch.tensor([0, 1]), torch.tensor([-7, 40])
    plain, offset = windows.cut(x, record, start, 30), windows.cut(x + 4096, record, start, 30)
    assert torch.allclose(plain, offset, atol=1e-3) and (offset[0, :, :7] == 0).all() and (offset[1, :, 10:] == 0).all()


@pytest.mark.parametrize("shape", [(3, 50), (1, 1, 3, 50)])
def test_cut_names_the_shape_it_wants(shape):
    with pytest.raises(ValueError, match="n, component, sample"):
        windows.cut(torch.zeros(shape), torch.tensor([0]), torch.tensor([0]), 5)


def test_cut_of_nothing():
    none = torch.zeros(0, dtype=torch.int64)
    assert windows.cut(torch.zeros(5, 3, 100), none, none, 40).shape == (0, 3, 40)
    assert windows.cut(torch.zeros(0, 3, 100), none, none, 40).shape == (0, 3, 40)


def test_a_chosen_pick_lies_inside_at_a_uniform_position():
    n = 20_000
    p, s = torch.full((1, 1), 6200.0), torch.full((1, 1), NAN)
    start = windows.draw_training(p, s, 12_000, torch.zeros(n, dtype=torch.int64),
                                  torch.Generator().manual_seed(1), around_share=1.0)
    position = 6200 - start
    assert position.min() >= 1 and position.max() <= 3000
    counts = torch.histc(position.float(), 10, 1, 3000)
    assert (counts - n / 10).abs().max() < 5 * (n / 10) ** 0.5


@pytest.mark.parametrize(("npts", "p", "s"), [(12_000, 700.0, 1500.0), (12_000, 11_500.0, NAN), (6000, NAN, NAN),
                                              (2000, 500.0, 900.0), (3001, 10.0, NAN), (9000, 4000.5, 4800.25)])
def test_starts_have_the_distribution_of_the_seisbench_chain(npts, p, s):
    n = 3000
    start = windows.draw_training(torch.tensor([[p]]), torch.tensor([[s]]), npts, torch.zeros(n, dtype=torch.int64),
                                  torch.Generator().manual_seed(2)).numpy()
    np.random.seed(3)
    keys = ["trace_P_arrival_sample", "trace_S_arrival_sample"]
    around = WindowAroundSample(keys, samples_before=3000, windowlen=6000, selection="random", strategy="variable")
    chain = [OneOf([around, lambda state: None], probabilities=[2, 1]),
             RandomWindow(windowlen=3001, strategy="pad")]
    theirs = []
    for _ in range(n):
        state = {"X": (np.zeros((1, npts), np.float32),
                       {keys[0]: p, keys[1]: s, "trace_first_sample": 0.0})}
        for step in chain:
            step(state)
        theirs.append(-state["X"][1]["trace_first_sample"])
    for level in (0.02, 0.25, 0.5, 0.75, 0.98):
        value = np.quantile(theirs, level)
        assert abs(np.mean(start <= value) - np.mean(theirs <= value)) < 0.06
    assert start.min() >= min(theirs) - 60 and start.max() <= max(theirs) + 60


def test_draw_is_repeatable_and_differs_between_seeds():
    p, s = torch.rand(50, 1) * 9000, torch.rand(50, 2) * 9000
    record = torch.arange(50)
    draws = [windows.draw_training(p, s, 12_000, record, torch.Generator().manual_seed(k)) for k in (5, 5, 6)]
    assert torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])


def test_fixed_windows_depend_on_the_name_alone():
    names = [f"trace_{i}" for i in range(30)]
    p = torch.rand(30, 2, generator=torch.Generator().manual_seed(0)) * 11_000
    s = torch.full((30, 1), NAN)
    npts = torch.full((30,), 12_000)
    start = windows.fixed(names, p, s, npts)
    order = torch.randperm(30, generator=torch.Generator().manual_seed(1))
    again = windows.fixed([names[i] for i in order], p[order], s[order], npts[order])
    assert torch.equal(again, start[order])
    assert not torch.equal(start, windows.fixed(names, p, s, npts, draw=1))
    assert start.min() >= 0 and start.max() <= 12_000 - 3001


def test_fixed_windows_are_pinned_across_machines():
    p, s = torch.tensor([[4000.0], [4000.0], [NAN]]), torch.tensor([[5000.0], [NAN], [NAN]])
    start = windows.fixed(["bucket0$0,:3,:12000", "b", ""], p, s, 12_000)  # changes only if the hashing rule changes
    assert start.tolist() == [3509, 3949, 4120]


def test_fixed_wants_one_name_per_trace():
    with pytest.raises(ValueError, match="2 names for 1 traces"):
        windows.fixed(["a", "b"], torch.zeros(1, 1), torch.zeros(1, 1), 6000)
    assert windows.fixed([], torch.zeros(0, 1), torch.zeros(0, 1), 6000).shape == (0,)


@settings(max_examples=60, deadline=None)
@given(npts=st.integers(1, 9000), pick=st.one_of(st.just(NAN), st.floats(-500, 9500)), length=st.integers(1, 4000),
       seed=st.integers(0, 1000))
def test_window_stays_in_the_trace_or_holds_all_of_it(npts, pick, length, seed):
    start = windows.draw_training(torch.tensor([[pick]]), torch.zeros(1, 0), npts, torch.zeros(20, dtype=torch.int64),
                                  torch.Generator().manual_seed(seed), length=length)
    if npts >= length and (np.isnan(pick) or 0 <= pick < npts) and length <= 3000:
        assert start.min() >= 0 and start.max() + length <= npts
    if npts < length:
        around_all = (start <= 0) | (start + length >= npts)
        assert bool(around_all.all())


def test_relative_and_inside():
    picks = torch.tensor([[100.0, NAN], [250.5, 300.0]])
    moved = windows.relative(picks, torch.tensor([1, 0]), torch.tensor([250, 100]))
    assert torch.equal(moved.nan_to_num(-1), torch.tensor([[0.5, 50.0], [0.0, -1.0]]))
    assert windows.inside(moved, 51).isnan().tolist() == [[False, True], [True, True]]


def test_every_pick_of_a_trace_is_chosen_equally_often():
    """P at 1000 and 4000, S at 9000, one column empty: a third each; 500 where there is none."""
    picks = torch.tensor([[1000.0, NAN, 4000.0, 9000.0]]).repeat(6, 1)
    uniform = torch.tensor([0.0, 0.33, 0.34, 0.66, 0.67, 0.9999])
    assert windows._choose(uniform, picks, 500.0).tolist() == [1000.0, 1000.0, 4000.0, 4000.0, 9000.0, 9000.0]
    assert windows._choose(uniform, torch.full((6, 2), NAN), 500.0).tolist() == [500.0] * 6


def test_numbers_of_the_paper():
    """BlueDisc: 3001 samples inside the 6000 that begin 3000 before a pick, for two windows of three."""
    assert (windows.LENGTH, windows.BEFORE, windows.AROUND_SHARE) == (3001, 3000, 2 / 3)
    assert windows.cut(torch.zeros(1, 3, 5000), torch.tensor([0]), torch.tensor([0])).shape == (1, 3, 3001)
    dice = torch.tensor([[0.6666, 0.0, 0.0], [0.6667, 0.0, 0.0], [0.6666, 0.0, 0.99999], [0.6667, 0.0, 0.99999]])
    start = windows._starts(dice, torch.full((4, 1), 9000.0), torch.full((4,), 30_000), 3001, 3000, 2 / 3)
    assert start.tolist() == [6000, 0, 8999, 26_999]
    assert windows._dice("name", 0)[0] == windows._dice("name", 0)[0] != windows._dice("name", 1)[0]


def test_dice_are_three_bytes_each():
    """The first three, the next three and the last three of nine bytes of BLAKE2b, over 2^24."""
    import hashlib

    digest = hashlib.blake2b(b"4:some", digest_size=9).hexdigest()
    assert windows._dice("some", 4) == [int(digest[k : k + 6], 16) / 16_777_216 for k in (0, 6, 12)]
