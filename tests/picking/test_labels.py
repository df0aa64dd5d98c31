import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from seisbench.generate import DetectionLabeller, ProbabilisticLabeller

from quakebook.picking.labels import detection_label, gaussian_label, phase_labels

NAN = float("nan")
picks = st.one_of(st.just(NAN), st.floats(-300, 3300, width=32))


def seisbench_labels(p, s, n_samples):
    metadata = {f"trace_P{i}_arrival_sample": float(t) for i, t in enumerate(p)}
    metadata |= {f"trace_S{i}_arrival_sample": float(t) for i, t in enumerate(s)}
    columns = {key: key.split("_")[1][0] for key in metadata}
    labeller = ProbabilisticLabeller(label_columns=columns, model_labels="PSN", sigma=20, dim=0)
    state = {"X": (np.zeros((3, n_samples)), metadata)}
    labeller(state)
    return state["y"][0]


@settings(max_examples=80, deadline=None)
@given(p=st.lists(picks, min_size=1, max_size=3), s=st.lists(picks, min_size=1, max_size=3))
def test_phase_labels_equal_seisbench(p, s):
    ours = phase_labels(torch.tensor([p]), torch.tensor([s]), 3001)[0]
    assert torch.allclose(ours.double(), torch.from_numpy(seisbench_labels(p, s, 3001)), atol=3e-5)


@settings(max_examples=80, deadline=None)
@given(p=st.lists(picks, min_size=1, max_size=2), s=st.lists(picks, min_size=1, max_size=2))
def test_labels_are_probabilities_that_add_up(p, s):
    labels = phase_labels(torch.tensor([p]), torch.tensor([s]), 3001)
    assert labels.shape == (1, 3, 3001) and labels.dtype == torch.float32
    assert labels.min() >= -1e-6 and labels.max() <= 1 + 1e-6
    assert torch.allclose(labels.sum(dim=1), torch.ones(1, 3001), atol=1e-6)


def test_noise_can_be_left_out_and_changes_nothing_else():
    p, s = torch.tensor([[100.0], [NAN]]), torch.tensor([[110.0], [40.0]])
    assert torch.equal(phase_labels(p, s, 200, noise=False), phase_labels(p, s, 200)[:, :2])


def test_rows_do_not_touch_each_other():
    p, s = torch.tensor([[100.0], [NAN], [30.25]]), torch.tensor([[150.0], [NAN], [NAN]])
    together = phase_labels(p, s, 300)
    assert torch.equal(together, torch.cat([phase_labels(p[i:i + 1], s[i:i + 1], 300) for i in range(3)]))
    assert torch.equal(together[1, 2], torch.ones(300)) and together[1, :2].abs().max() == 0


@pytest.mark.parametrize("t", [0.0, 10.0, 1500.0, 3000.0])
def test_peak_is_one_at_the_pick_and_half_where_the_formula_says(t):
    curve = gaussian_label(torch.tensor([[t]]), 3001)[0]
    assert int(curve.argmax()) == t and curve.max() == 1
    half = int(t) + 23 if t < 100 else int(t) - 23
    assert abs(curve[half] - np.exp(-23**2 / 800)) < 1e-6


def test_wrong_shape_and_empty():
    with pytest.raises(ValueError, match="batch, picks per trace"):
        gaussian_label(torch.zeros(3), 100)
    assert phase_labels(torch.zeros(0, 1), torch.zeros(0, 1), 100).shape == (0, 3, 100)
    assert phase_labels(torch.zeros(2, 0), torch.zeros(2, 0), 100)[:, 2].min() == 1


def test_detection_example():
    box = detection_label(torch.tensor([[1000.0]]), torch.tensor([[1200.0]]), 3001)[0, 0]
    ones = torch.nonzero(box == 1)[:, 0]
    assert ones[0] == 1000 and ones[-1] == 1480 and len(ones) == 481
    assert abs(box[980] - np.exp(-0.5)) < 1e-6 and abs(box[1500] - np.exp(-0.5)) < 1e-6


@settings(max_examples=80, deadline=None)
@given(p=picks, s=picks)
def test_detection_box_equals_seisbench(p, s):
    box = detection_label(torch.tensor([[p]]), torch.tensor([[s]]), 3001)[0, 0]
    labeller = DetectionLabeller(["p"], ["s"], factor=1.4, dim=0)
    state = {"X": (np.zeros((3, 3001)), {"p": p, "s": s})}
    labeller(state)
    theirs = torch.from_numpy(state["y"][0][0])
    inner = theirs == 1  # ours is one as well at the sample p1, and at a box without length
    assert torch.equal(box[inner], torch.ones(int(inner.sum())))
    assert int((box == 1).sum()) <= int(inner.sum()) + 1


def test_a_box_that_ends_before_the_window_leaves_no_false_onset():
    box = detection_label(torch.tensor([[-900.0], [-100.0]]), torch.tensor([[-800.0], [-60.0]]), 500)[:, 0]
    assert box[0].max() == 0  # far before: p1 = -660
    assert abs(box[1, 0] - np.exp(-0.5 * (4 / 20) ** 2)) < 1e-6  # p1 = -4: the true flank, falling
    assert abs(box[1, 40] - np.exp(-0.5 * (44 / 20) ** 2)) < 1e-6


@pytest.mark.parametrize(("p", "s"), [(NAN, 300.0), (300.0, NAN), (NAN, NAN), (300.0, 299.0)])
def test_no_detection_without_an_ordered_pair(p, s):
    assert detection_label(torch.tensor([[p]]), torch.tensor([[s]]), 600).abs().max() == 0


def test_a_lone_p_can_have_a_box_on_request():
    box = detection_label(torch.tensor([[100.0]]), torch.tensor([[NAN]]), 600, p_only_samples=50)[0, 0]
    assert torch.nonzero(box == 1)[:, 0].tolist() == list(range(100, 151))


def test_detection_uses_the_earliest_picks():
    several = detection_label(torch.tensor([[NAN, 220.0, 200.0]]), torch.tensor([[400.0, 300.0]]), 900)
    assert torch.equal(several, detection_label(torch.tensor([[200.0]]), torch.tensor([[300.0]]), 900))
