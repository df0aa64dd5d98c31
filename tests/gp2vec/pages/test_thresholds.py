"""Sentences that turn at a threshold, asked closely on both sides of it."""

from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.gp2vec.pages import lead_times, pretraining, quantisers


@pytest.mark.parametrize(("gain", "word"), [(0.049, "next to nothing, at most"), (0.051, "gains at most")])
def test_a_gain_ahead_is_something_from_a_twentieth(gain, word):
    arrays = {"ahead_network": np.array([0.5, 0.5 + gain]), "ahead_persistence": np.array([0.5, 0.5]),
              "ahead_mean_cycle": np.array([0.5, 0.5]), "leads": np.array([0.0, 0.1])}
    assert f"{word} +0.05 in R2" in lead_times.ahead_sentence(arrays)


@pytest.mark.parametrize(("gap", "word"), [(0.049, "is still at chance"), (0.051, "left chance")])
def test_a_live_training_leaves_chance_at_a_twentieth_of_a_nat(gap, word):
    run = SimpleNamespace(record={"metrics": {"dev_gap": gap, "dev_accuracy": 0.1, "dev_code_perplexity": 3.0}},
                          config={"network": {"codebooks": 2, "codes": 8}, "training": {"steps": 50}})
    assert f"this training {word}: gap 0.05 nats" in pretraining.live_sentence(run)


@pytest.mark.parametrize(("share", "gap", "check", "words"), [
    (0.49, 0.051, "failed", "has left chance all the same, by 0.05 nats"), (0.49, 0.049, "failed", None),
    (0.51, 0.049, "passed", "is still at chance"), (0.51, 0.051, "passed", None)])
def test_half_of_the_book_and_a_twentieth_of_a_nat(share, gap, check, words):
    """Two books of 50 codes: 49 or 51 of 100 in use."""
    values = {"x.dev_code_perplexity": 100 * share, "x.dev_accuracy": 0.1, "x.dev_gap": gap}
    kept = SimpleNamespace(name="x", metrics=values, facts={"settings": {"network": {"codebooks": 2, "codes": 50}}})
    found = {"averaged": kept, "gumbel": kept}
    assert quantisers.table(found)["at least half"].tolist() == [check] * 2
    text = quantisers.sentence(found)
    assert text.count(f"({check})") == 2
    assert "chance" not in text if words is None else text.count(words) == 2
