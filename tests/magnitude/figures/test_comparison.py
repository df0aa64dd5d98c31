"""Models, amplitudes and protocols beside each other: bars, intervals and binned errors by hand."""

import numpy as np
import pytest

from quakebook.magnitude.figures import comparison
from quakebook.plots import PALETTE


def tree(mae, rmse, r2):
    return {"scores": {"mae": mae, "rmse": rmse, "r2": r2},
            "interval": {"mae": [mae - 0.1, mae + 0.3], "rmse": [rmse - 0.2, rmse + 0.1], "r2": [r2 - 0.2, r2 + 0.05]}}


def test_bars_with_their_intervals():
    figure = comparison.comparison_bars({"a": tree(0.4, 0.5, 0.8), "b": tree(0.2, 0.3, -0.5)}, {})
    values = ([0.4, 0.2], [0.5, 0.3], [0.8, -0.5])
    reach = ((-0.1, 0.3), (-0.2, 0.1), (-0.2, 0.05))
    for panel, wanted, (below, above) in zip(figure.axes, values, reach, strict=False):
        assert [bar.get_width() for bar in panel.patches] == wanted
        ends = panel.collections[0].get_segments()
        np.testing.assert_allclose([[end[0][0], end[1][0]] for end in ends],
                                   [[value + below, value + above] for value in wanted])
    assert figure.axes[2].get_xlim() == pytest.approx((-0.55, 1.0))
    assert [axes.get_xlabel() for axes in figure.axes[:3]] == ["MAE", "RMSE", "R2"]
    assert comparison.comparison_bars({"a": tree(0.4, 0.5, 0.8)}, {}).axes[2].get_xlim() == (0.0, 1.0)


def test_amplitude_bars_are_means_over_seeds():
    true = np.repeat([1.2, 2.2], 3)
    cells = [{"norm": norm, "amplitude": amplitude, "mae": mae, "true": true, "predicted": true + shift}
             for norm, amplitude, mae, shift in (("std", "none", [0.3, 0.5], 0.4), ("std", "physical", [0.2], 0.1),
                                                 ("peak", "counts", [0.6, 0.7, 0.8], 0.2))]
    left, right = comparison.amplitude_ablation(cells).axes
    bars = {round(bar.get_x() + bar.get_width() / 2, 2): bar.get_height() for bar in left.patches}
    assert bars == pytest.approx({-0.19: 0.4, 1.81: 0.2, 1.19: 0.7})
    dots = [line.get_ydata().tolist() for line in left.get_lines()]
    assert dots == [[0.3, 0.5], [0.2], [0.6, 0.7, 0.8]]
    lines = {line.get_label(): line.get_ydata() for line in right.get_lines()[:2]}
    assert list(lines) == ["amplitude none", "amplitude in m/s"]
    np.testing.assert_allclose(lines["amplitude none"], [0.4, 0.4])
    assert [line.get_color() for line in right.get_lines()[:2]] == [PALETTE[0], PALETTE[2]]


def test_mean_error_of_half_units_with_its_standard_error():
    """1.0 to 1.5: errors 0.1, 0.3, 0.5, mean 0.3, std sqrt(8/300), over sqrt(3); two records are no class."""
    true, error = np.array([1.0, 1.2, 1.4, 2.1, 2.2]), np.array([0.1, 0.3, 0.5, 0.9, 0.9])
    axes, = comparison.bias_against_magnitude({"m": (true, true + error)}).axes
    assert axes.get_lines()[0].get_xydata().tolist() == [[1.25, pytest.approx(0.3)]]
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    half = 1.96 * np.sqrt(0.08 / 3) / np.sqrt(3)
    assert (band.min(), band.max()) == pytest.approx((0.3 - half, 0.3 + half))


def test_protocol_bars_stand_beside_each_other():
    rows = [{"name": name, "r2": 0.5 + k / 10, "mae": 0.2 + k / 10, "flattened_r2": 0.8, "flattened_mae": 0.1,
             "floor_r2": 0.4 + k / 10} for k, name in enumerate("ab")]
    left, right = comparison.protocol(rows).axes
    for panel, measure in ((left, "r2"), (right, "mae")):
        found = [(round(bar.get_y() + bar.get_height() / 2, 2), bar.get_width()) for bar in panel.patches]
        assert found == [(k - 0.19, pytest.approx(rows[k][measure])) for k in (0, 1)] + [
            (k + 0.19, rows[k][f"flattened_{measure}"]) for k in (0, 1)]
    assert left.get_lines()[0].get_xydata().tolist() == [[0.4, 0], [0.5, 1]]
    assert [text.get_text() for text in left.get_yticklabels()] == ["a", "b"]
