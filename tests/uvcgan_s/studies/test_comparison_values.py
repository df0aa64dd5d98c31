"""Sums over towers, the range of jets whose inside is compared, and what blocks are joined to, by hand."""

import numpy as np
import pytest

from quakebook.uvcgan_s.scoring.jet_arrays import Jets
from quakebook.uvcgan_s.studies import comparison
from quakebook.uvcgan_s.studies.methods import Subtracted


def test_errors_of_towers_are_summed():
    """Two towers: signal 2 and 3 for 1 and 5; background 4 and 4 for 9 - 1 and 6 - 5; the parts add to 13 for 15."""
    mixtures, signal = np.array([[9.0, 6.0]]), np.array([[1.0, 5.0]])
    made = Subtracted(np.array([[2.0, 3.0]]), np.array([[4.0, 4.0]]), None)
    assert comparison._tower_errors(made, mixtures, signal).tolist() == [3, 7, -2, 15, 2]
    blocks = [{"matched": {}, "structure": {}, "cones": {}, "towers": {"x": np.array([3.0, 7, -2, 15, 2])}},
              {"matched": {}, "structure": {}, "cones": {}, "towers": {"x": np.array([1.0, 1, 2, 5, 2])}}]
    assert comparison._joined(blocks, "val", 2, [], []).towers["x"].tolist() == [1, 2, 0, 5]


def test_jets_of_20_to_30_gev_inside_the_acceptance():
    n = 6
    jets = Jets(np.array([20.0, 20.1, 29.9, 30.0, 25.0, 25.0]), np.array([0, 0, -0.59, 0, 0.6, 0.0]), np.zeros(n),
                np.zeros(n), np.zeros(n), (np.zeros(1, int),) * n)
    assert comparison._inside_range(jets).tolist() == [False, True, True, False, False, True]
    assert comparison.INSIDE_RADIUS == 0.4 and comparison.XI_THRESHOLD_GEV == 0.05


def test_scores_of_cones_are_those_against_the_truth():
    found = comparison.Comparison("val", 3, {"ics": {}, "full": {}}, {}, {
        "truth": np.array([20.0, 30.0, 40.0]), "full": np.array([10.0, 15.0, 20.0])}, {})
    assert found.methods == ["full", "ics"] and found.cone_scores("full")["slope"] == pytest.approx(0.5)
