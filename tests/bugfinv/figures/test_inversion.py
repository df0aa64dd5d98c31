"""What stands on the figures of an inverted section: arrays, colour limits, extents and counted shares."""

import numpy as np
import pytest
from scipy.stats import norm

from quakebook.bugfinv.figures import frames, inversion


def volumes(traces=4, samples=5):
    """A true section whose parameters span 10, 20 and 40, and a prediction that errs by -1, 2 and -3."""
    shape = np.linspace(0.0, 1.0, traces * samples).reshape(traces, samples)
    true = np.stack([100 + 10 * shape, 50 + 20 * shape, 5 + 40 * shape], axis=1)
    predicted = true + np.array([-1.0, 2.0, -3.0])[None, :, None]
    predicted[0] += 0.5  # not a shift alone: the correlation is below 1
    return predicted, true


def titles(ax):
    return {ax.get_title(loc=where) for where in ("left", "center", "right")}


def test_nine_panels_hold_prediction_truth_and_distance():
    predicted, true = volumes()
    fig = inversion.nine_panels(predicted, true, 0.004, "a title")
    panels = np.array(fig.axes[:9]).reshape(3, 3)
    for k, span in enumerate((10.0, 20.0, 40.0)):
        first, second, third = (ax.images[0] for ax in panels[k])
        assert np.allclose(first.get_array(), predicted[:, k].T) and np.allclose(second.get_array(), true[:, k].T)
        assert np.allclose(third.get_array(), np.abs(predicted[:, k] - true[:, k]).T)
        low = true[:, k].min()
        assert first.get_clim() == second.get_clim() == pytest.approx((low, low + span))
        assert third.get_clim() == pytest.approx((0.0, 0.15 * span))
        assert first.get_extent() == pytest.approx([1, 4, 20.0, 0]), "5 samples of 4 ms, downwards"
        want = np.corrcoef(predicted[:, k].ravel(), true[:, k].ravel())[0, 1]
        assert f"PCC {want:.3f}" in titles(panels[k, 0])
    assert "true" in titles(panels[0, 1]) and "absolute difference" in titles(panels[0, 2])
    assert [bar.get_ylabel() for bar in fig.axes[9:]] == ["Vp (m/s)", "|error|", "Vs (m/s)", "|error|", "ρ (g/cm³)",
                                                         "|error|"]


def test_a_blind_well_against_time_with_two_deviations():
    true, initial = np.arange(12.0).reshape(3, 4), np.zeros((3, 4))
    predictions = {"trained": true + 1, "posterior": true + 2}
    fig = inversion.blind_well(true, initial, predictions, 0.002, std=np.full((3, 4), 0.25))
    for k, ax in enumerate(fig.axes):
        lines = {line.get_label(): line.get_xydata() for line in ax.lines}
        assert all(xy[:, 1].tolist() == pytest.approx([0, 2, 4, 6]) for xy in lines.values()), "milliseconds"
        assert lines["true"][:, 0].tolist() == true[k].tolist() and lines["initial"][:, 0].tolist() == [0] * 4
        assert lines["trained"][:, 0].tolist() == (true[k] + 1).tolist()
        band = ax.collections[0].get_paths()[0].vertices
        at_zero = band[band[:, 1] == 0][:, 0]
        assert (at_zero.min(), at_zero.max()) == pytest.approx((true[k, 0] + 1.5, true[k, 0] + 2.5)), "last ± 2 sd"
    assert fig.axes[0].get_ylim() == pytest.approx((6, 0))
    assert not inversion.blind_well(true, initial, predictions, 0.002).axes[0].collections


def test_found_shares_of_errors_against_the_normal_law():
    """Two inlines of two traces; blind traces 1 and 3. Their errors are 0.5 and 1.5 deviations: half lie below 1."""
    shape, true = (2, 2), np.zeros((4, 3, 2))
    std = np.arange(1.0, 5.0)[:, None, None] * np.ones((4, 3, 2))
    predicted = std * np.array([9.0, 0.5, 9.0, -1.5])[:, None, None]
    fig = inversion.uncertainty(std, predicted, true, shape, 1, 0.004, np.array([1, 3]))
    upper, lower = fig.axes[:3], fig.axes[3:6]
    for image in (ax.images[0] for ax in upper):
        assert image.get_array().tolist() == [[3.0, 4.0], [3.0, 4.0]], "the second inline"
        assert image.get_clim()[0] == 0.0 and image.get_extent() == pytest.approx([1, 2, 8.0, 0])
    for ax in lower:
        curve, diagonal = (line.get_xydata() for line in ax.lines)
        assert curve[-1, 0] == pytest.approx(2 * norm.cdf(4.0) - 1) and curve[0].tolist() == pytest.approx([0, 0])
        below = curve[(curve[:, 0] > 2 * norm.cdf(0.6) - 1) & (curve[:, 0] < 2 * norm.cdf(1.4) - 1), 1]
        assert len(below) > 3 and set(below) == {0.5} and curve[-1, 1] == 1.0
        assert curve[curve[:, 0] < 2 * norm.cdf(0.4) - 1, 1].max() == 0.0
        assert diagonal.tolist() == [[0, 0], [1, 1]]


def test_frames_of_a_section_show_one_parameter():
    predicted, true = volumes()
    first, second = frames.section_frames({"a": predicted, "b": true}, true, 0.004, 1)
    left, right = (ax.images[0] for ax in first.axes[:2])
    assert np.allclose(left.get_array(), predicted[:, 1].T) and left.get_clim() == pytest.approx((50, 70))
    assert np.allclose(right.get_array(), np.abs(predicted[:, 1] - true[:, 1]).T)
    assert right.get_clim() == pytest.approx((0, 5.0)) and left.get_extent() == pytest.approx([1, 4, 20, 0])
    assert second.axes[1].images[0].get_array().max() == 0 and "PCC 1.000" in titles(second.axes[0])
    assert first.axes[2].get_ylabel() == "Vs (m/s)"


def test_frames_of_the_weights_stop_at_their_step_and_show_shares():
    log = {"step": np.array([1.0, 2.0, 3.0, 4.0])}
    for k, key in enumerate(("Vp", "Vs", "rho")):
        log[f"weight.{key}"] = np.array([1.0, 2.0, np.nan, 4.0]) * (k + 1)
        log[f"loss.{key}"] = np.array([8.0, 4.0, 2.0, 1.0]) / (k + 1)
    early, late = frames.weight_frames({"cw": log}, [2, 4])["cw"]
    left, right = early.axes
    assert [line.get_xdata().tolist() for line in left.lines[:3]] == [[1, 2]] * 3
    assert [line.get_ydata().tolist() for line in left.lines[:3]] == [pytest.approx([k / 6] * 2) for k in (1, 2, 3)]
    assert [line.get_ydata().tolist() for line in right.lines] == [pytest.approx([8 / k, 4 / k]) for k in (1, 2, 3)]
    assert left.lines[3].get_ydata()[0] == pytest.approx(1 / 3)
    assert late.axes[0].lines[0].get_xdata().tolist() == [1, 2, 4], "a step without a weight is left out"
    assert left.get_xlim() == right.get_xlim() == (0, 4) and left.get_ylim() == (0, 1)
    assert right.get_ylim() == pytest.approx((0.8 / 3, 9.6)), "from the smallest to the largest loss that is drawn"
