"""Tables of the chapter: counts of parameters from the specification, means over seeds."""

import numpy as np
import pytest

from quakebook.magnitude.pages import tables
from quakebook.magnitude.recorded.read import Recorded


def scores(mae, **options):
    numbers = dict(zip(("mae", "rmse", "r2", "bias", "slope"), (mae, 2 * mae, 1 - mae, -mae, mae / 2), strict=True))
    return Recorded(None, {"title": "A", "scores": numbers, "options": options})


def test_parameters_of_wider_networks():
    """Published counts: PhaseNet 268,443; MagnitudeNet with filter factors 1, 2 and 4."""
    table = tables.capacity_table().set_index("model")
    assert table.loc["MagnitudeNet"].tolist() == [1_224_201, 2_190_865, 5_726_241]
    assert table.loc["PhaseNet", "filter_factor 1"] == 268_443 and len(table) == 6
    assert list(tables.capacity_table((1,)).columns) == ["model", "filter_factor 1"]


def test_means_and_deviations_over_seeds():
    row, alone = tables.comparison_table({"a": [scores(0.2), scores(0.4)], "b": [scores(0.25)]}).to_dict("records")
    assert row == {"model": "A", "seeds": 2, "MAE": "0.300 ± 0.100", "RMSE": "0.600 ± 0.200", "R2": "0.700 ± 0.100",
                   "bias": "-0.300 ± 0.100", "slope": "0.150 ± 0.050"}
    assert (alone["MAE"], alone["slope"], alone["seeds"]) == ("0.250", "0.125", 1)


def test_inputs_are_sorted_by_scaling_and_amplitude():
    entries = {str(k): [scores(k / 10, norm=norm, amplitude=amplitude)] for k, (norm, amplitude) in enumerate(
        [("std", "physical"), ("peak", "none"), ("std", "counts"), ("peak", "counts")])}
    table = tables.ablation_table(entries)
    assert table["scaling"].tolist() == ["peak", "peak", "std", "std"]
    assert table["amplitude"].tolist() == ["counts", "none", "counts", "physical"]
    assert table["MAE"].tolist() == ["0.300", "0.100", "0.200", "0.000"] and table.index.tolist() == [0, 1, 2, 3]


def test_pickers_by_phase():
    def entry(shift):
        return Recorded(None, {"title": "PhaseNet", **{phase: {
            "within_0.5s": {"precision": 0.9 + shift, "recall": 0.8, "f1": 0.85},
            "residual": {"mean": 0.01, "std": 0.1 + more, "mae": None if phase == "S" else 0.05}}
            for phase, more in (("P", 0.0), ("S", 0.2))}})

    p, s = tables.phase_table({"x": [entry(0.0), entry(0.02)]}).to_dict("records")
    assert (p["phase"], p["precision"], p["recall"], p["std (s)"]) == ("P", "0.910 ± 0.010", "0.800 ± 0.000",
                                                                       "0.100 ± 0.000")
    assert (s["phase"], s["std (s)"], s["mae (s)"], s["seeds"]) == ("S", "0.300 ± 0.000", "nan ± nan", 2)


@pytest.mark.parametrize(("values", "text"), [((0.12345, 0.1, 1), "0.123"), ((0.12345, 0.00051, 2), "0.123 ± 0.001")])
def test_spread_is_told_from_two_seeds_on(values, text):
    assert tables._text(values) == text and np.isfinite(values[0])
