"""Frames of the explorers: what stands in each, by hand."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from quakebook.bluedisc.figures import frames
from quakebook.bluedisc.figures.colours import MODE_COLOURS
from quakebook.bluedisc.scoring.followed import Track
from quakebook.bluedisc.scoring.peaks import Peaks
from quakebook.plots import PHASE_COLOURS


def bump(centre, height=1.0, sigma=20.0):
    return height * np.exp(-0.5 * ((np.arange(3001) - centre) / sigma) ** 2)


def track(heights):
    """Two samples; P at 8 s, S at 12 s; one kept step for each height of S."""
    label = np.stack([bump(800), bump(1200), 1 - bump(800) - bump(1200)])
    one = [np.stack([bump(800, 0.9), bump(1200, h), bump(2000, 0.1)]) for h in heights]
    prediction = np.stack([[np.zeros((3, 3001)), curves] for curves in one])
    waveform = np.stack([np.zeros((3, 3001)), np.stack([bump(900, h, 100) for h in (0.3, 0.2, 0.1)])])
    steps = np.array([1, 40][: len(heights)])
    return Track(steps, prediction, waveform, np.stack([label, label]), None, None, ["a", "b"])


def by_label(ax):
    return {line.get_label(): line for line in ax.get_lines()}


def test_a_frame_a_step_with_the_curves_of_each_run():
    tracks = {"BCE": track([0.2, 0.5]), "hybrid": track([0.4, 0.95])}
    made = frames.step_frames(tracks, 1, [1, 40])
    assert [fig.axes[0].get_title(loc="left") for fig in made] == ["step 1", "step 40"]
    for step, fig in enumerate(made):
        wave, *panels = fig.axes
        np.testing.assert_array_equal(by_label(wave)["Z"].get_ydata(), tracks["BCE"].waveform[1, 0])
        assert [ax.get_title(loc="left") for ax in panels] == ["BCE", "hybrid"]
        for ax, followed in zip(panels, tracks.values(), strict=True):
            for channel, phase in enumerate("PSN"):
                line = by_label(ax)[f"{phase} predicted"]
                np.testing.assert_array_equal(line.get_ydata(), followed.prediction[step, 1, channel])
                np.testing.assert_allclose(line.get_xdata(), np.arange(3001) / 100)
                assert line.get_color() == PHASE_COLOURS[phase]
        assert panels[-1].get_xlim() == pytest.approx((4.0, 16.0))  # 4 s before P at 8 s to 4 s after S at 12 s
        assert "blue P, orange S, grey N" in panels[-1].get_xlabel()


def peaks_of(rows, labels):
    height, error, distance = (np.array(column, np.float32) for column in zip(*rows, strict=True))
    zero = np.zeros(len(rows), np.float32)
    return Peaks(zero.astype(np.int32), zero, height, error, distance, zero, zero, np.ones(labels, np.int32))


@pytest.fixture
def threshold_frames():
    """Of five labels two are found at 0.6 or more; of four, three at 0.5 or more, and none of P anywhere."""
    low = peaks_of([(0.92, 10, 10), (0.62, -10, 10), (0.66, 11, 11), (0.34, 0, 0)], 5)
    high = peaks_of([(0.86, 0, 0), (0.74, 0, 0), (0.54, 0, 0)], 4)
    none = peaks_of([(0.2, 300, 300)], 0)
    runs = {"a": {"S": low, "P": none}, "b": {"S": high, "P": none}}
    return lambda thresholds, **more: frames.threshold_frames(runs, {"a": "bce", "b": "hybrid"}, thresholds, **more)


def test_heights_of_precise_peaks_as_shares_of_the_labels(threshold_frames):
    fig, = threshold_frames([0.5])
    whole, over, *_ = (patch.get_data() for patch in fig.axes[0].patches)
    expected = np.zeros(25)
    expected[[8, 15, 23]] = 20  # 0.32 to 0.36, 0.60 to 0.64, 0.92 to 0.96, of five labels; 11 samples is not precise
    np.testing.assert_allclose(whole.values, expected)
    np.testing.assert_allclose(whole.edges, np.arange(26) / 25)
    expected[8] = 0
    np.testing.assert_allclose(over.values, expected)
    assert [line.get_xdata()[0] for line in fig.axes[0].get_lines()] == [0.5]
    assert [text.get_text() for text in fig.axes[0].get_legend().get_texts()] == ["BCE", "hybrid"]


def test_bars_of_detections_and_precision(threshold_frames):
    first, second = threshold_frames([0.3, 0.8])
    for fig, heights in ((first, [60, 75, 75, 100]), (second, [20, 100, 25, 100])):
        bars = [bar for group in fig.axes[1].containers for bar in group]
        np.testing.assert_allclose([bar.get_height() for bar in bars], heights)
        np.testing.assert_allclose([bar.get_x() + bar.get_width() / 2 for bar in bars], [0, 1, 0.4, 1.4], atol=1e-12)
        assert [bar.get_facecolor() for bar in bars[::2]] == [to_rgba(MODE_COLOURS[m]) for m in ("bce", "hybrid")]
        assert [text.get_text() for text in fig.axes[1].texts] == [f"{height:.0f}" for height in heights]
    assert [fig.axes[1].get_title(loc="left") for fig in (first, second)] == ["threshold 0.30", "threshold 0.80"]
    labels = dict(zip(first.axes[1].get_xticks(), (t.get_text() for t in first.axes[1].get_xticklabels()), strict=True))
    assert labels == {0.2: "found", 1.2: "precision"}  # midway between the two bars of each


def test_no_peak_over_the_threshold_has_no_precision(threshold_frames):
    fig, = threshold_frames([0.9], phase="P")
    assert [text.get_text() for text in fig.axes[1].texts] == ["0", "none", "0", "none"]
    assert fig.axes[0].get_xlabel() == "Height of precise P peaks"
    assert all(not patch.get_data().values.any() for patch in fig.axes[0].patches)
