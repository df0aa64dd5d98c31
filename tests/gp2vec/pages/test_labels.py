"""Columns and sentences of fine-tuning and of training from scratch, from made-up scores and from the recorded ones."""

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from quakebook.gp2vec.figures import scores
from quakebook.gp2vec.pages import labels, what_features_are_worth
from quakebook.gp2vec.recorded import read

METHODS = ("frozen", "random", "handcrafted", "trees", "fine_tuned", "scratch")


def arrays(**changes):
    """Two seeds, three shares. Means with 5, 10 and 100 % of the labels: 0.55, 0.65, 0.85; fine-tuned 0.2 above."""
    values = np.array([[0.5, 0.6], [0.6, 0.7], [0.8, 0.9]])
    return {"fractions": np.array([0.05, 0.1, 1.0]),
            **{f"{task}_{name}": values + 0.2 * (name == "fine_tuned") for task in ("kind", "SP", "M")
               for name in METHODS}, **changes}


def kept(**changes):
    return SimpleNamespace(arrays=arrays(**changes), facts={"arguments": {"steps": 30}})


def test_few_labels_are_told_at_their_smallest_share(book):
    assert "No label-efficiency experiment" in labels.sentence(labels.result())
    book("tiny-labels", {"x": 1.0}, arrays(M_scratch=np.array([[0.2, 0.3], [0.2, 0.3], [9, 9]])))
    text = labels.sentence(labels.result())
    assert text.startswith("With 5 % of the labelled events, means over 2 seeds. ")
    assert "magnitude: frozen 0.55, fine-tuned 0.75, from scratch 0.25 (fine-tuned against scratch: better)" in text
    assert isinstance(scores.label_efficiency(labels.result().arrays), Figure)


def test_the_small_network_goes_before_the_tiny_one_but_not_in_its_family(book):
    book("tiny-labels", {"x": 1.0}, arrays())
    assert labels.result().name == "tiny-labels" and labels.of_family("small-hz5") is None
    book("small-labels", {"x": 1.0}, arrays())
    assert labels.result().name == "small-labels" and labels.of_family("tiny").name == "tiny-labels"
    assert labels.of_family("small-hz25") is None


def test_columns_hold_the_scores_with_all_labels_and_dashes_where_nothing_is_asked():
    table = what_features_are_worth.table({}, labels.all_labels(kept())).set_index("task")
    assert table.loc["magnitude", "fine-tuned"] == "1.050 (1.000 to 1.100)"
    assert table.loc["log S minus P time", "from scratch"] == "0.850 (0.800 to 0.900)"
    assert table.loc["P onset", ["from scratch", "fine-tuned"]].tolist() == ["–", "–"]


def test_what_is_not_recorded_is_said_to_be():
    assert labels.all_labels(None) is None and labels.metrics(None) == {}
    table = what_features_are_worth.table({}, None)
    assert set(table["from scratch"]) == set(table["fine-tuned"]) == {"not recorded"}
    assert "not recorded for these networks" in labels.all_labels_sentence(None)


def test_the_sentence_follows_the_seeds():
    changed = {"SP_frozen": arrays()["SP_fine_tuned"] + 0.2, "M_fine_tuned": arrays()["M_scratch"]}
    text = labels.all_labels_sentence(kept(**changed))
    assert "take 30 updates and were repeated with 2 seeds" in text
    assert ("against training from scratch, better for *noise, tremor, event*, *log S minus P time*; undecided for "
            "*magnitude*.") in text
    assert ("Against the linear probe of the frozen features it is better for *noise, tremor, event*; worse for *log S "
            "minus P time*; undecided for *magnitude*.") in text


def test_few_labels_by_hand():
    """Seeds above scratch by 0.1 and 0.3 with 5 %, by 0.3 and 0.5 with 10 %: 0.2 and 0.4, mean 0.3."""
    above = np.array([[0.1, 0.3], [0.3, 0.5], [9, 9]])
    found = labels.metrics(kept(M_fine_tuned=arrays()["M_scratch"] + above))["labels.few.tuned_over_scratch.M"]
    assert found.value == pytest.approx(0.3) and found.seeds == 2
    assert found.spread == pytest.approx(12.706 * 0.1, rel=1e-4)  # Student's t of one degree of freedom


def test_recorded_columns_stand_beside_probes_of_the_same_windows():
    """With all labels the frozen features score as in the probe of the training: same windows, same division."""
    there = labels.of_family("tiny")
    if there is None or there.facts["source"] not in read.available():
        pytest.skip("the tiny label experiment is not recorded here")
    source = read.metrics_of(read.result(there.facts["source"]))
    for task in ("kind", "SP", "M"):  # weights are kept with fewer digits than they were trained with
        assert there.arrays[f"{task}_frozen"][-1] == pytest.approx(source[f"probe.{task}"], abs=0.02)
