"""Numbers drawn on the figures of the chapter: shares, histograms, intervals, leads, frames and curves."""

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from quakebook.gp2vec.data.masking import SpanMask, draw_mask
from quakebook.gp2vec.data.metadata import RESPONSE_HZ
from quakebook.gp2vec.data.windows import Pool
from quakebook.gp2vec.figures import (
    ahead,
    differences,
    displacement,
    frame_rates,
    masks,
    response,
    scores,
    temperatures,
    training_curves,
    windows,
)
from quakebook.gp2vec.scoring.probes import ProbeResult
from quakebook.gp2vec.scoring.tasks import CHANCE, TASKS


def titles(ax):
    return {ax.get_title(loc=where) for where in ("left", "center", "right")}


def test_hidden_spans_and_the_share_over_a_thousand_windows():
    rule = SpanMask(0.1, 5)
    mask = draw_mask(rule, 1000, 60, torch.Generator().manual_seed(3))
    left, right = masks.spans(rule, frames=60, windows=7, seed=3).axes
    assert np.array_equal(left.images[0].get_array(), mask[:7].numpy())
    heights = np.array([bar.get_height() for bar in right.patches])
    assert heights.sum() == 1000 and len(heights) == 40
    share = mask.float().mean(1).numpy()
    assert np.array_equal(heights, np.histogram(share, np.linspace(0, 1, 41))[0])
    assert f"mean {share.mean():.2f}" in titles(right) and any("start probability 0.100" in t for t in titles(left))


def test_sliders_ask_for_a_share_by_start_probability_times_length(monkeypatch):
    asked = []
    monkeypatch.setattr(masks, "spans", lambda rule: asked.append(rule) or rule)
    found = masks.span_frames()
    assert list(found) == ["0.2", "0.4", "0.65", "0.9", "1.2"]
    assert [rule.length for rule in found["0.65"]] == [3, 5, 10, 20, 40]
    assert found["0.65"][2].start_prob == pytest.approx(0.065)
    assert all(rule.start_prob * rule.length == pytest.approx(float(key)) for key, rules in found.items()
               for rule in rules)


def test_ranks_as_a_density_and_first_places_by_distance():
    """75 ranks of 0 and 25 of 100, in bins of five of the 101 ranks, the last of six. Without knowledge: 1 / 101.

    Accuracy 1 and 0.5 with two standard errors.
    """
    rank = np.r_[np.zeros(50), np.zeros(25), np.full(25, 100.0)]
    depth = np.r_[np.ones(50), np.full(50, 4.0)]
    left, right = masks.ranks(rank, depth, "a name").axes
    bars = np.array([[bar.get_x(), bar.get_width(), bar.get_height()] for bar in left.patches])
    assert bars[0].tolist() == pytest.approx([-0.5, 5, 0.75 / 5]) and bars[-1].tolist() == pytest.approx(
        [94.5, 6, 0.25 / 6])
    assert left.lines[0].get_ydata()[0] == pytest.approx(1 / 101) and "a name" in titles(left)
    few = masks.ranks(np.array([0.0, 3.0]), np.ones(2)).axes[0].patches
    assert [(bar.get_x(), bar.get_width(), bar.get_height()) for bar in few] == [(-0.5, 4.0, 0.25)]
    line = right.containers[0][0]
    assert line.get_xydata().tolist() == [[1, 1], [4, 0.5]]
    bar = right.containers[0].lines[2][0].get_segments()[1]
    assert np.ptp(bar[:, 1]) / 2 == pytest.approx(2 * np.sqrt(0.25 / 50))


def test_distances_with_fewer_than_fifty_frames_are_left_out():
    rank, depth = np.zeros(149), np.r_[np.ones(50), np.full(49, 2), np.full(50, 3)]
    assert masks.accuracy_by_distance(rank, depth)[0].tolist() == [1, 3]
    assert masks.accuracy_by_distance(rank, depth, 49)[2].tolist() == [50, 49, 50]


def history(k):
    return {"step": np.arange(3) * 10, "dev_gap": np.arange(3) + k, "dev_accuracy": np.arange(3) / 10 + k,
            "dev_code_perplexity": np.arange(3) * 100 + k}


def test_seeds_of_a_training_share_a_colour():
    fig = training_curves.curves({"a-0": history(0), "b-0": history(1), "a-1": history(-1)})
    for ax, key in zip(fig.axes, ("dev_gap", "dev_accuracy", "dev_code_perplexity"), strict=True):
        for line, k in zip(ax.lines, (0, 1, -1), strict=False):
            assert np.allclose(line.get_xydata(), np.c_[history(k)["step"], history(k)[key]])
        first, other, again = (line.get_color() for line in ax.lines[:3])
        assert first == again != other
    assert fig.axes[2].lines[3].get_ydata()[0] == 640 and fig.axes[0].get_ylim()[0] <= -1
    assert training_curves.curves({"x": history(2)}).axes[0].get_ylim()[0] == 0


def test_codes_are_sorted_by_their_share():
    shares = np.array([[0.1, 0.6, 0.3, 0.0], [0.4, 0.2, 0.2, 0.2]])
    first, second, even = training_curves.codebook({"x": shares}).axes[0].lines
    assert first.get_xdata().tolist() == [1, 2, 3, 4] and first.get_ydata()[:3].tolist() == [0.6, 0.3, 0.1]
    assert second.get_ydata().tolist() == [0.4, 0.2, 0.2, 0.2] and (first.get_linestyle(), second.get_linestyle()) == (
        "-", "--")
    assert even.get_ydata()[0] == 0.25


def test_pairs_of_codes_in_percent():
    image = training_curves.joint_codes(np.array([[0.5, 0.0], [0.25, 0.25]])).axes[0].images[0].get_array()
    assert image[0, 0] == 50 and np.ma.getmaskarray(image)[0, 1] | np.isnan(np.ma.getdata(image)[0, 1])
    assert image[1].tolist() == [25, 25]


def test_the_shaded_hidden_share_and_lines_of_a_step():
    log = {"step": np.arange(3), "lr_gp2vec": np.array([0.0, 1e-3, 5e-4]), "temperature": np.array([2.0, 1.0, 0.5]),
           "masked_fraction": np.array([0.4, 0.5, 0.45])}
    rate, heat, share = training_curves.schedule(log).axes
    assert rate.lines[0].get_ydata().tolist() == [0, 1e-3, 5e-4] and heat.lines[0].get_ydata().tolist() == [2, 1, 0.5]
    assert share.lines[0].get_ydata().tolist() == [0.4, 0.5, 0.45] and share.get_ylim() == (0, 1)
    box = share.patches[0].get_extents().transformed(share.transData.inverted())
    assert (box.y0, box.y1) == pytest.approx((0.3, 0.6))


def test_speed_by_precision():
    rows = [{"precision": p, "batch": b, "windows a second": v} for p, b, v in (("32", 4, 3.0), ("32", 1, 2.0),
                                                                               ("16", 1, 5.0), ("16", 4, 9.0))]
    ax = training_curves.throughput(rows).axes[0]
    assert [line.get_xydata().tolist() for line in ax.lines] == [[[4, 3], [1, 2]], [[1, 5], [4, 9]]]
    assert ax.get_ylim()[0] == 0
    assert ax.get_xticks().tolist() == [1, 4] and [line.get_label() for line in ax.lines] == ["32", "16"]


def test_a_choice_of_codes_sharpens_with_a_low_temperature():
    logits = torch.randn(24, generator=torch.Generator().manual_seed(5))
    plain, first, second = temperatures.choice(0.1, seed=5).axes
    assert [bar.get_height() for bar in plain.patches] == pytest.approx(logits.softmax(0).tolist())
    for ax in (first, second):
        heights = np.array([bar.get_height() for bar in ax.patches])
        assert heights.sum() == pytest.approx(1, abs=1e-5) and heights.max() > 0.5
    warm = np.array([bar.get_height() for bar in temperatures.choice(50.0, seed=5).axes[1].patches])
    assert warm.max() < 2 / 24, "a high temperature makes all codes alike"
    noise = np.log([bar.get_height() for bar in temperatures.choice(1.0, seed=5).axes[1].patches]) - logits.numpy()
    half = np.log([bar.get_height() for bar in temperatures.choice(2.0, seed=5).axes[1].patches]) * 2 - logits.numpy()
    assert np.allclose(noise - noise.mean(), half - half.mean(), atol=1e-4), "the same draw at another temperature"


def test_schedules_run_over_all_steps():
    lines = temperatures.schedules(30).axes[0].lines
    assert [line.get_label() for line in lines] == ["scaled", "cosine", "published"]
    assert all(line.get_xdata().tolist() == list(range(31)) for line in lines)
    assert [line.get_ydata()[0] for line in lines] == pytest.approx([2.0] * 3)
    assert lines[0].get_ydata()[-1] == pytest.approx(0.5, abs=0.02)


def test_displacement_in_minutes_beside_the_diagonal():
    truth = np.linspace(-1, 1, 30)
    arrays = {"end_s": 60.0 * np.arange(30), "truth_mm": truth, "test": np.arange(10, 30), "predicted_trees": truth + 1,
              "predicted_pretrained.0": truth - 2}
    fig = displacement.held_out_cycles(arrays)
    top = next(ax for ax in fig.axes if ax.get_xlabel() == "Time (min)")
    true, trees, network = top.lines
    assert true.get_xdata().tolist() == list(range(10, 30)) and np.allclose(true.get_ydata(), truth[10:])
    assert np.allclose(trees.get_ydata(), truth[10:] + 1) and trees.get_label() == "boosted trees"
    squares = [ax for ax in fig.axes if ax.get_xlabel() == "True (mm)"]
    for ax, shift in zip(squares, (1, -2), strict=True):
        low, high = min(truth[10], truth[10] + shift), max(1.0, 1.0 + shift)
        assert ax.get_xlim() == ax.get_ylim() == pytest.approx((low, high))
        assert np.allclose(ax.lines[0].get_xydata(), [[low, low], [high, high]])
        assert np.allclose(ax.lines[1].get_xydata(), np.c_[truth[10:], truth[10:] + shift])
    assert network.get_label() == "pretrained network"


def test_leads_in_percent():
    arrays = {"leads": np.array([0.0, 0.1]), **{f"ahead_{k}": np.array([0.9, 0.1 * i]) for i, k in enumerate(
        ("network", "trees", "persistence", "mean_cycle"))}}
    lines = ahead.ahead(arrays).axes[0].lines
    assert [line.get_xydata().tolist() for line in lines[:4]] == [[[0, 0.9], [10, pytest.approx(0.1 * i)]]
                                                                  for i in range(4)]


def test_dots_of_seeds_over_the_bar_of_their_mean():
    values = {"a": {task: [0.5, 0.7] for task in TASKS}, "b": {"kind": [0.9]}}
    fig = scores.probes(values)
    for ax, task in zip(fig.axes, TASKS, strict=True):
        assert ax.patches[0].get_height() == pytest.approx(0.6)
        dots = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "."]
        assert dots[0] == [[0, 0.5], [0, 0.7]] and len(dots) == (2 if task == "kind" else 1)
        level = next(line for line in ax.lines if line.get_linestyle() == "--")
        assert level.get_ydata()[0] == CHANCE[task] and ax.get_ylim()[1] == 1.0
        assert ax.get_ylim()[0] == pytest.approx(0.9 * CHANCE[task] if CHANCE[task] else 0.0)
    low = scores.probes({"a": {task: [-0.5] for task in TASKS}})
    assert low.axes[list(TASKS).index("M")].get_ylim()[0] <= -0.5


def test_lines_of_labels_are_means_and_shades_are_ranges():
    names = ("frozen", "fine_tuned", "scratch", "random", "handcrafted", "trees")
    arrays = {"fractions": np.array([0.05, 1.0]), **{f"{task}_{name}": np.array([[0.2, 0.4], [0.6, 1.0]])
                                                     for name in names for task in ("kind", "M")}}
    ax = scores.label_efficiency(arrays, ("kind", "M")).axes[0]
    lines = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_marker() != "None"] or ax.lines
    assert np.allclose(lines[0].get_xydata(), [[5, 0.3], [100, 0.8]])
    corners = ax.collections[0].get_paths()[0].vertices
    assert {tuple(np.round(point, 9)) for point in corners} >= {(5, 0.2), (5, 0.4), (100, 0.6), (100, 1.0)}


def test_operating_curves_by_hand():
    """Scores 0.1 0.4 0.35 0.8 of classes 0 0 1 1: the textbook curve, area 0.75."""
    result = ProbeResult(0.75, "x", 0.1, np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]), np.arange(4))
    roc = scores.operating({"m": {"P": result, "S": result}}).axes[0].lines
    curve = next(line for line in roc if len(line.get_xdata()) > 2)
    assert curve.get_xydata().tolist() == [[0, 0], [0, 0.5], [0.5, 0.5], [0.5, 1], [1, 1]]


def test_an_embedding_is_the_plane_of_the_first_components():
    x = np.random.default_rng(0).normal(size=(40, 5)) * [9, 5, 1, 1, 1]
    label = np.arange(40) % 2
    ax = scores.embedding(x, {"kinds": (label, ("a", "b"))}).axes[0]
    plane = PCA(2, random_state=0).fit_transform(x)
    assert np.allclose(ax.lines[1].get_xydata(), plane[label == 1])
    share = 100 * PCA().fit(x).explained_variance_ratio_
    assert f"({share[0]:.0f} %" in ax.get_xlabel() and f"({share[1]:.0f} %" in ax.get_ylabel()


def made_pool():
    """One record of noise and one event of 40 s; P at 12 s, S outside the first 30 s."""
    t = torch.arange(4000) / 100
    waves = torch.stack([torch.sin(2 * torch.pi * f * t).expand(3, -1) for f in (5.0, 10.0)]).clone()
    nan = float("nan")
    return Pool(waves, torch.tensor([0, 2]), torch.tensor([nan, 1200.0]), torch.tensor([nan, 3900.0]),
                torch.zeros(2), np.array(["a", "b"], object), {}, "by hand")


def test_windows_of_a_kind_in_seconds_and_hertz():
    pool = made_pool()
    start = int(pool.fixed_starts(3000)[1])
    fig = windows.kinds(pool)
    traces, spectra = np.array(fig.axes).reshape(2, 3)
    z, n, e = traces[2].lines[:3]
    assert z.get_xdata()[[0, 100, 2999]].tolist() == [0, 1, 29.99]
    assert np.abs(z.get_ydata()).max() == pytest.approx(2**0.5 / 8, rel=0.05) and n.get_ydata().mean() == pytest.approx(
        -1, abs=0.01) and e.get_ydata().mean() == pytest.approx(-2, abs=0.01)
    marks = {line.get_label(): line.get_xdata()[0] for line in traces[2].lines[3:]}
    wanted = {phase: (at - start) / 100 for phase, at in (("P", 1200), ("S", 3900)) if 0 <= at - start < 3000}
    assert marks == pytest.approx(wanted) and not traces[1].lines
    for column, hertz in ((0, 5.0), (2, 10.0)):
        line = spectra[column].lines[0]
        assert line.get_xdata()[line.get_ydata().argmax()] == pytest.approx(hertz)
        assert line.get_xdata()[0] == pytest.approx(0.1), "the lowest three frequencies are left out"


def test_each_change_is_shown_alone():
    window = torch.randn(3, 400, generator=torch.Generator().manual_seed(0))
    fig = windows.augmentations(window, seed=1)
    rows = {ax.get_ylabel(): [line.get_ydata() for line in ax.lines] for ax in fig.axes}
    assert np.allclose(rows["unchanged"], window[[1, 2, 0]].numpy())
    assert np.allclose(rows["polarity"], -window[[1, 2, 0]].numpy())
    assert sum(np.abs(line).max() == 0 for line in rows["component"]) == 1
    ratio = rows["amplitude"] / window[[1, 2, 0]].numpy()
    assert np.allclose(ratio, ratio[:, :1], rtol=1e-4) and 0.76 <= ratio.min() <= ratio.max() <= 1.26
    assert fig.axes[0].lines[0].get_xdata()[100] == 1.0


def test_response_curves_stand_at_their_frequencies():
    curve = np.linspace(-3, 0, len(RESPONSE_HZ))
    ax = response.curves({"a": curve}).axes[0]
    assert np.allclose(ax.lines[0].get_xydata(), np.c_[RESPONSE_HZ, curve]) and ax.get_xscale() == "log"


def test_intervals_are_grey_where_they_hold_zero():
    fig = differences.intervals({"rival": {"P": (0.1, 0.05, 0.2), "S": (-0.1, -0.2, -0.05), "SP": (0.0, -0.1, 0.1),
                                           "M": (0.1, 0.0, 0.2)}})
    ax = fig.axes[0]
    bars = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_linewidth() == 2]
    assert [bar.get_xdata().tolist() for bar in bars] == [[0.05, 0.2], [-0.2, -0.05], [-0.1, 0.1], [0, 0.2]]
    assert [bar.get_ydata().tolist() for bar in bars] == [[row, row] for row in range(4)]
    colours = [bar.get_color() for bar in bars]
    assert colours[2] == colours[3] == "0.4" and len({colours[0], colours[1], "0.4"}) == 3
    dots = [line.get_xydata().tolist()[0] for line in ax.lines if line.get_marker() == "o"]
    assert dots == [[0.1, 0], [-0.1, 1], [0.0, 2], [0.1, 3]] and ax.get_ylim() == (3.5, -0.5)


def test_cost_and_onsets_by_rate():
    rows = [{"frames a second": 5.0, "P": 0.7, "S": 0.8, "GFLOP": 1.0}, {"frames a second": 25.0, "P": 0.9, "S": 0.6,
                                                                        "GFLOP": 8.0}]
    left, right = frame_rates.onsets_and_cost(rows).axes
    assert [line.get_xydata().tolist() for line in left.lines[:2]] == [[[5, 0.7], [25, 0.9]], [[5, 0.8], [25, 0.6]]]
    assert left.lines[2].get_ydata()[0] == 0.5 and right.lines[0].get_xydata().tolist() == [[5, 1], [25, 8]]
    assert left.get_ylim() == (0.45, 1.0) and right.get_yscale() == "log" and left.get_xticks().tolist() == [5, 25]
