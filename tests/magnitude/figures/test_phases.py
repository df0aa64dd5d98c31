"""Example windows and residuals of pickers: what is drawn."""

import numpy as np
import pytest

from quakebook.magnitude.figures import phases
from quakebook.magnitude.scoring.pick_scores import WindowPicks
from quakebook.plots import PHASE_COLOURS

CURVES = np.array([[0.9, 0.1, 0.2], [0.3, 0.8, 0.4]])


def test_one_window_with_label_and_prediction():
    waves = np.array([[0.0, 2.0, -2.0], [4.0, 4.0, 4.0], [1.0, 0.0, -1.0]])
    top, label, prediction = phases.phase_example(waves, 1 - CURVES, CURVES, "a title").axes
    rows = [line.get_ydata() for line in top.get_lines()]
    np.testing.assert_allclose(rows, [[0, 0.45, -0.45], [-1, -1, -1], [-1.55, -2, -2.45]])  # Z, N, E; N is dead
    np.testing.assert_allclose(top.get_lines()[0].get_xdata(), [0, 0.01, 0.02])
    for panel, values in ((label, 1 - CURVES), (prediction, CURVES)):
        np.testing.assert_allclose([line.get_ydata() for line in panel.get_lines()], values)
        assert [line.get_color() for line in panel.get_lines()] == [PHASE_COLOURS["P"], PHASE_COLOURS["S"]]
    assert [panel.get_ylabel() for panel in (label, prediction)] == ["label", "prediction"]
    assert top.get_title() == "a title"


def picks(height, position, label):
    return WindowPicks(*(np.array(values, float) for values in (height, position, label)))


#: Residuals 0.05, -0.15 and exactly 1 s; then one too far, one too low, one without a label.
SIX = picks([0.3, 0.9, 0.9, 0.9, 0.29, 0.9], [5.05, 4.85, 6.0, 6.01, 5.0, 5.0], [5.0, 5.0, 5.0, 5.0, 5.0, np.nan])


@pytest.mark.parametrize(("threshold", "errors"), [(0.3, [0.05, -0.15, 1.0]), (0.5, [-0.15, 1.0])])
def test_residuals_within_a_second_of_picks_over_the_threshold(threshold, errors):
    figure = phases.residual_histograms({"a": {"P": SIX, "S": SIX}}, threshold)
    for axes, phase in zip(figure.axes, "PS", strict=True):
        assert sum(bar.get_height() for bar in axes.patches) == len(errors)
        assert axes.patches[0].get_width() == pytest.approx(0.02) and axes.get_xlim() == (-1, 1)
        assert axes.texts[0].get_text() == f"{phase}, {len(errors)} picks\nstd {np.std(errors):.3f} s"
    assert phases.residual_histograms({"a": {"P": SIX, "S": SIX}}).axes[0].texts[0].get_text().startswith("P, 3 picks")


def test_real_records_with_their_picks_and_residuals():
    rng = np.random.default_rng(0)
    examples = {"waveforms": rng.normal(size=(3, 3, 400)), "curves": np.stack([np.full((2, 400), k / 10) * [[1], [2]]
                                                                               for k in (1, 2, 3)]),
                "picks_s": np.array([[1.0, 2.0], [1.5, 3.0], [9.0, 9.0]])}
    figure = phases.real_records({"P": SIX, "S": picks([0.9], [1.0], [1.0])}, examples, 0.3, "a network")
    (first, second, p), (low, high, s) = figure.axes[:3], figure.axes[3:]
    for top, bottom, at, k in ((first, low, [1.0, 2.0], 1), (second, high, [1.5, 3.0], 2)):
        assert [line.get_xdata()[0] for line in top.get_lines()[3:]] == at
        assert [line.get_ydata()[0] for line in bottom.get_lines()] == pytest.approx([k / 10, 2 * k / 10])
        assert bottom.get_xlim() == pytest.approx((0, 3.99))
    assert p.texts[0].get_text().startswith("P, 3 picks") and s.texts[0].get_text() == "S, 1 picks\nstd 0.000 s"
    assert first.get_title() == "a network"
