"""Evaluation figures of one magnitude model: points, bars, boxes and limits by hand."""

import numpy as np
import pytest

from quakebook.magnitude.figures import data, frames, magnitude, training, tuning

TRUE, PREDICTED = np.array([1.0, 2.0, 3.0, 4.0, 8.7]), np.array([1.3, 2.0, 2.1, 4.4, 8.2])


def offsets(axes):
    return next(part.get_offsets() for part in axes.collections if len(part.get_offsets()) == len(TRUE))


def heights(patches):
    return np.array([bar.get_height() for bar in patches])


def test_scatter_is_square_in_half_units():
    axes, = magnitude.prediction_scatter(TRUE, PREDICTED, "x").axes
    np.testing.assert_allclose(offsets(axes), np.column_stack([TRUE, PREDICTED]))
    assert axes.get_xlim() == axes.get_ylim() == (1.0, 9.0)
    assert axes.get_lines()[0].get_xydata().tolist() == [[1.0, 1.0], [9.0, 9.0]] and axes.get_aspect() == 1


def test_distributions_clip_to_nought_and_eight_and_errors_stand_at_the_true_magnitude():
    left, right = magnitude.distribution_comparison(TRUE, PREDICTED, "x").axes
    counts = heights(left.patches[:40])
    assert counts.sum() == 5 and counts[39] == 1  # 8.7 in the last bin, 7.8 to 8.0
    assert left.patches[1].get_x() == pytest.approx(0.2)
    np.testing.assert_allclose(offsets(right), np.column_stack([TRUE, PREDICTED - TRUE]))


def test_four_panels_by_hand():
    """Errors 0.3, 0, -0.9, 0.4, -0.5: MAE 0.42; squares sum to 1.31, RMSE 0.512; spread of 1, 2, 3, 4, 8.7."""
    panels = magnitude.four_panels(TRUE, PREDICTED, "title").axes
    spread = ((TRUE - 3.74) ** 2).sum()
    assert [axes.get_title() for axes in panels] == [
        f"(a) R2 = {1 - 1.31 / spread:.3f}", "(b) RMSE = 0.512", "(c) MAE = 0.420", "(d)"]
    np.testing.assert_allclose(offsets(panels[1])[:, 1], PREDICTED - TRUE)
    errors = panels[2].patches
    assert len(errors) == 50 and heights(errors).sum() == 5
    assert (errors[0].get_x(), errors[-1].get_x() + errors[-1].get_width()) == pytest.approx((-0.9, 0.4))
    bars = panels[3].patches[:30]
    assert (bars[0].get_x(), bars[-1].get_x() + bars[-1].get_width()) == pytest.approx((1.0, 8.7))


def test_boxes_of_absolute_positive_and_negative_errors():
    import matplotlib.pyplot as plt

    _, axes = plt.subplots()
    magnitude.error_boxes(axes, np.array([0.1, 0.3, 0.5, -0.2, -0.8, 0.0]))
    medians = [line.get_ydata()[0] for line in axes.get_lines() if line.get_color() == magnitude.PALETTE[1]]
    assert medians == pytest.approx([0.25, 0.3, -0.5])
    assert [text.get_text() for text in axes.get_xticklabels()] == ["absolute", "positive", "negative"]


def test_series_of_one_record():
    import matplotlib.pyplot as plt

    _, axes = plt.subplots()
    right = magnitude.series_panel(axes, np.array([0.0, -4.0, 2.0]), np.array([0.0, 3.0, 3.0]), np.array([-1, 2.0, 4]))
    np.testing.assert_allclose(axes.get_lines()[0].get_ydata(), [0, -1, 0.5])
    assert axes.get_xlim() == pytest.approx((0, 0.02))
    assert [line.get_ydata().tolist() for line in right.get_lines()] == [[0, 3, 3], [-1, 2, 4]]
    assert right.get_ylim() == pytest.approx((-1.0, 4 * 1.5 + 0.2))
    calm = magnitude.series_panel(axes, np.zeros(3), np.array([0.0, 3, 3]), np.array([0.0, 1, 1]))
    assert calm.get_ylim() == pytest.approx((-0.5, 3 * 1.5 + 0.2))


@pytest.mark.parametrize(("count", "rows"), [(9, [0, 2, 4, 6, 8]), (3, [0, 1, 2])])
def test_examples_are_spread_over_the_records(count, rows):
    number = np.arange(count, dtype=float)
    examples = {"waveforms": np.ones((count, 3, 4)), "label": number[:, None] * np.ones(4),
                "predicted": -number[:, None] * np.ones(4)}
    figure = magnitude.prediction_examples(examples, "x")
    shown = [axes.get_lines()[0].get_ydata()[0] for axes in figure.axes[len(rows):]]
    assert shown == rows and len(figure.axes) == 2 * len(rows)


def test_six_panels_without_series_say_so():
    empty = {"label": np.zeros((0, 4)), "waveforms": np.zeros((0, 3, 4)), "predicted": np.zeros((0, 4))}
    for examples in (None, empty):
        figure = magnitude.six_panels(TRUE, PREDICTED, examples, "x")
        assert "one magnitude per record" in figure.axes[4].texts[0].get_text()


def test_histogram_of_half_units_keeps_what_lies_outside():
    axes, = data.magnitude_histogram([-1.0, 0.2, 0.5, 8.9, 9.0, 12.0, np.nan], {}, "set").axes
    counts = heights(axes.patches)
    assert (len(counts), counts[0], counts[1], counts[-1]) == (18, 2, 1, 3)
    assert axes.get_title() == "set: no magnitudes"


def test_sample_axes():
    magnitude_label = np.array([0.0, 4.0, 4.0])
    figure = data.generator_sample(np.eye(3), np.eye(3), magnitude_label, "set")
    assert [axes.get_title() for axes in figure.axes] == ["(a) set", "(b)", "(c)"]
    assert figure.axes[2].get_ylim() == pytest.approx((-0.2, 4.6))
    silent = data.generator_sample(np.eye(3), np.eye(3), np.zeros(3), "set")
    assert silent.axes[2].get_ylim() == pytest.approx((-0.2, 1))


def test_history_counts_epochs_from_one_and_marks_the_best():
    figure = training.training_history([3.0, 2.0, 1.0], [3.5, 1.25, np.nan])
    for axes in figure.axes:
        assert axes.get_lines()[1].get_xdata().tolist() == [1, 2, 3]
        assert list(axes.get_lines()[2].get_ydata()) == [1.25, 1.25]
    assert figure.axes[0].get_legend().get_texts()[2].get_text() == "best dev 1.25"


def test_schedule_and_plateau_events():
    axes, = training.schedule_figure([1.0, 2.0, 1.0], [1.0, 1.0, 1.0], [1, 2]).axes
    assert axes.get_lines()[1].get_ydata().tolist() == [1, 2, 1] and axes.get_ylim() == pytest.approx((0, 2.7))
    assert [line.get_xdata()[0] for line in axes.get_lines()[2:]] == [1, 2]


def test_study_by_hand():
    figure = tuning.study_analysis([3.0, np.nan, 1.0, 2.0], {"a": 0.2, "b": 0.5}, [1e-3, 2e-3, 5e-5], [4.0, 1.0])
    value, importance, rates, curve = figure.axes
    points, best = value.get_lines()
    np.testing.assert_array_equal(points.get_ydata(), [3, np.nan, 1, 2])
    np.testing.assert_array_equal(best.get_ydata(), [3, 3, 1, 1])
    assert [bar.get_width() for bar in importance.patches] == [0.2, 0.5]
    counts = heights(rates.patches)  # twelve classes of a quarter decade from 1e-5
    assert len(counts) == 12 and counts[2] == 1 and counts[8:10].sum() == 2
    assert curve.get_lines()[0].get_xydata().tolist() == [[1, 4], [2, 1]]


def test_frames_of_an_explorer():
    made, names = frames.record_frames(np.array([[[0.0, -2.0, 1.0]] * 3] * 2), [1.26, 2.0],
                                       {"m": np.array([[1.0, 2, 3], [4, 5, 6]])}, [0.01, np.inf])
    assert names == ["record 1, M 1.3", "record 2, M 2.0"]
    top, bottom = made[0].axes
    np.testing.assert_allclose(top.get_lines()[0].get_ydata(), [0, -1, 0.5])
    true, series, onset = bottom.get_lines()
    assert true.get_ydata()[0] == 1.26 and series.get_ydata().tolist() == [1, 2, 3] and onset.get_xdata()[0] == 0.01
    assert len(made[1].axes[1].get_lines()) == 2  # no onset to mark
    many = frames.record_frames(np.zeros((1, 3, 1800)), [1.0], {"m": np.arange(1800.0)[None]}, [0.0])[0][0]
    assert many.axes[1].get_lines()[1].get_ydata()[:3].tolist() == [0, 3, 6]  # thinned to 600 points


@pytest.mark.parametrize(("true", "predicted"), [([1.0, 2.0, 3.0], [0.2, 2.0, 4.8]),
                                                 ([0.2, 2.0, 4.8], [1.0, 2.0, 3.0])])
def test_limits_hold_both_catalogue_and_prediction(true, predicted):
    """Whichever reaches farther: 0.2 to 4.8, in half units 0 to 5."""
    panels = magnitude.four_panels(true, predicted, "x").axes
    assert panels[0].get_xlim() == panels[0].get_ylim() == (0.0, 5.0)
    bars = panels[3].patches[:30]
    assert (bars[0].get_x(), bars[-1].get_x() + bars[-1].get_width()) == pytest.approx((0.2, 4.8))
    assert heights(bars).sum() == 3
