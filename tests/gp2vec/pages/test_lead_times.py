"""Sentences about the future must follow the numbers and their intervals."""

from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.gp2vec.pages import lead_times


def arrays(low, gain=0.3, mean=0.5):
    return {"leads": np.array([0, 0.1, 0.2]), "ahead_network": np.array([0.8, 0.6, 0.4]),
            "ahead_persistence": np.array([0.8, 0.6 - gain, 0.4]), "ahead_mean_cycle": np.array([0.8, mean, mean]),
            "ahead_gain_low": np.array([0, low, -0.1]), "ahead_gain_high": np.array([0, 0.5, 0.1])}


def test_a_gain_counts_where_its_interval_excludes_zero():
    text = lead_times.ahead_sentence(arrays(0.1))
    assert "gains at most +0.30 in R2, at a lead of 10 %" in text and "+0.10 to +0.50" in text
    assert "excludes zero at 10 % of a cycle, on one sequence" in text
    assert "ahead at 1 of 2 leads, by -0.10 to +0.10" in text


def test_leads_are_counted_where_it_is_ahead():
    assert "ahead at 2 of 2 leads, by +0.10 to +0.30" in lead_times.ahead_sentence(arrays(0.1, mean=0.3))
    assert "ahead at 0 of 2 leads, by -0.50 to -0.30" in lead_times.ahead_sentence(arrays(0.1, mean=0.9))


def test_a_gain_whose_interval_holds_zero_is_not_robust():
    assert "not robust" in lead_times.ahead_sentence(arrays(-0.1))
    assert "next to nothing" in lead_times.ahead_sentence(arrays(-0.1, gain=0.01))


def test_without_an_interval_the_gain_is_undecided():
    kept = {key: value for key, value in arrays(0.1).items() if "gain" not in key}
    text = lead_times.ahead_sentence(kept)
    assert "undecided" in text and "95 %" not in text


def test_the_recorded_sequence_is_shown_where_it_holds_an_answer_for_each_window():
    full, old = SimpleNamespace(arrays={"ahead_predicted_network": 1}), SimpleNamespace(arrays={})
    assert lead_times.fullest(full, {"x": 2}) == (full.arrays, "the recorded sequence")
    for kept in (old, None):
        assert lead_times.fullest(kept, {"x": 2})[0] == {"x": 2}
    assert lead_times.labels({"leads": np.array([0, 0.025])}) == ["0 %", "2.5 %"]


@pytest.mark.parametrize(("strength", "word"), [(1.0, ", above the"), (0.0, ", not above the")])
def test_stress_is_judged_against_permuted_stress(strength, word):
    rng = np.random.default_rng(3)
    stress = rng.normal(size=60)
    plane = rng.normal(size=(60, 2))
    plane[:, 1] = strength * stress + (1 - strength) * plane[:, 1]
    assert word in lead_times.stress_sentence({"plane": plane, "stress": stress})
