"""Limits, marks and colours of the chapter's figures, on few numbers."""

import numpy as np
import pytest

from quakebook.gp2vec.figures import ahead, displacement, masks, scores, stations, training_curves
from quakebook.gp2vec.scoring.guesses import Guesses
from quakebook.gp2vec.scoring.plane import principal_plane
from quakebook.plots import PALETTE, PHASE_COLOURS


def axis(fig, label):
    return next(ax for ax in fig.axes if ax.get_xlabel() == label)


def test_displacements_have_three_tenths_of_their_range_above_and_below():
    """From -1 to 3: -2.2 to 4.2, at every lead."""
    assert ahead._limits({"ahead_truth_mm": np.array([[0.0, 3.0], [-1.0, np.nan]])}) == pytest.approx((-2.2, 4.2))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_method_has_a_square_and_a_line(count):
    truth = np.linspace(-1, 1, 8)
    names = ("trees", "pretrained.0", "oracle")[:count]
    arrays = {"end_s": 60.0 * np.arange(8), "truth_mm": truth, "test": np.arange(8),
              **{f"predicted_{name}": truth + k for k, name in enumerate(names)}}
    fig = displacement.held_out_cycles(arrays, (*names, "absent"))
    squares = [ax for ax in fig.axes if ax.get_xlabel() == "True (mm)"]
    assert len(squares) == count and len(fig.axes) == count + 1
    top = axis(fig, "Time (min)")
    assert [line.get_color() for line in top.lines] == ["black", *PALETTE[:count]]
    assert [ax.lines[1].get_color() for ax in squares] == list(PALETTE[:count])


def test_one_window_with_its_hidden_spans_and_ranks():
    """Ten frames of 3 s each; hidden are frames 2, 3 and 9: shaded from 6 to 12 s and from 27 to 30 s."""
    mask = np.zeros(10, bool)
    mask[[2, 3, 9]] = True
    rank = np.full(10, -1)
    rank[[2, 3, 9]] = 0, 5, 0
    wave = np.ones((3, 3000)) * np.array([[8.0], [16.0], [0.0]])
    fields = {"waveform": wave, "mask": mask, "rank": rank, "onsets_s": {"P": 4.0, "S": 9.5}}
    found = Guesses(**{name: fields.get(name) for name in Guesses.__dataclass_fields__})
    top, low = masks.one_window(found).axes
    assert [line.get_ydata()[0] for line in top.lines[:3]] == [1.0, 1.0, -2.0]
    assert top.lines[0].get_xdata()[[0, 100, 2999]].tolist() == [0, 1, 29.99] and top.get_xlim() == (0, 30)
    for ax in (top, low):
        boxes = [patch.get_extents().transformed(ax.transData.inverted()) for patch in ax.patches]
        assert [(box.x0, box.x1) for box in boxes] == [pytest.approx((6, 12)), pytest.approx((27, 30))]
    marks = [(line.get_xdata()[0], line.get_color()) for line in top.lines[3:]]
    assert marks == [(4.0, PHASE_COLOURS["P"]), (9.5, PHASE_COLOURS["S"])]
    others, first = low.lines
    assert others.get_xydata().tolist() == [[10.5, 5]] and first.get_xydata().tolist() == [[7.5, 0], [28.5, 0]]
    assert low.get_ylim()[0] == -0.5 and others.get_color() != first.get_color()


def test_scores_of_labels_stand_within_their_limits():
    """Chance 1/3 of the kinds: 0.8 of it below; of the magnitude -0.1; 0.05 above the best score."""
    arrays = {"fractions": np.array([0.1, 1.0]), **{f"{task}_{name}": np.array([[0.2, 0.4], [0.6, high]])
                                                    for task in ("kind", "M")
                                                    for name, high in (("frozen", 0.9), ("trees", 0.7))}}
    kind, magnitude = scores.label_efficiency(arrays, ("kind", "M")).axes
    assert kind.get_ylim() == pytest.approx((0.8 / 3, 0.95)) and magnitude.get_ylim() == pytest.approx((-0.1, 0.95))
    assert kind.get_xticks().tolist() == [10, 100] and len(kind.lines) == 2
    assert [line.get_color() for line in kind.lines] == list(PALETTE[:2])


def test_windows_of_no_group_are_grey():
    x = np.random.default_rng(0).normal(size=(12, 4)) * [5, 3, 1, 1]
    group = np.array([0, 1, -1] * 4)
    plane = principal_plane(x).points
    grey, first, second = scores.embedding(x, {"t": (group, ("a", "b"))}).axes[0].lines
    assert grey.get_color() == "0.8" and np.allclose(grey.get_xydata(), plane[group == -1])
    assert np.allclose(second.get_xydata(), plane[group == 1]) and first.get_color() == PALETTE[0]
    assert [line.get_label() for line in scores.embedding(x, {"t": (abs(group), ("a", "b"))}).axes[0].lines] == [
        "a", "b"]


def test_a_schedule_without_noise_has_no_temperature():
    log = {"step": np.arange(3), "lr_gp2vec": np.ones(3), "temperature": np.full(3, 0.0),
           "masked_fraction": np.full(3, 0.5)}
    titles = {ax.get_title(loc=where) for ax in training_curves.schedule(log).axes for where in ("left", "center")}
    assert titles - {""} == {"Learning rate", "Hidden share"}


def test_losses_are_drawn_from_the_first_step():
    ax = training_curves.losses(np.array([3.0, 2.0]), np.array([4.0, 4.0]), 4.5).axes[0]
    assert [line.get_xdata().tolist() for line in ax.lines[:2]] == [[1, 2]] * 2 and ax.get_ylim()[0] == 0
    assert [line.get_ydata()[0] for line in ax.lines] == [3.0, 4.0, 4.5]


def test_books_of_several_trainings_have_colours_of_their_own():
    shares = np.array([[0.75, 0.25], [0.5, 0.5]])
    lines = training_curves.codebook({"x": shares, "y": shares}).axes[0].lines
    assert [line.get_color() for line in lines[:4]] == [PALETTE[0]] * 2 + [PALETTE[1]] * 2
    assert [line.get_linestyle() for line in lines[:4]] == ["-", "--"] * 2
    assert [line.get_label() for line in lines][::2][:2] == ["x", "y"]


def test_a_map_of_cosines_for_each_title():
    maps = {"a": np.eye(3), "b": -np.eye(3)}
    fig = stations.cosine_maps(maps)
    images = [ax.images[0] for ax in fig.axes[:2]]
    assert [image.get_clim() for image in images] == [(-1, 1)] * 2 and images[0].get_cmap().name == "RdBu"
    assert np.array_equal(images[1].get_array(), maps["b"])
    assert fig.axes[0].get_ylabel() == "Station, west to east"
