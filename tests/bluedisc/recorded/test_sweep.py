"""Other weights of the data loss, and the box label."""

import numpy as np
import pytest

from quakebook.bluedisc.figures import sweep as sweep_figure
from quakebook.bluedisc.pages import training_sweep
from quakebook.bluedisc.recorded import make as record
from quakebook.bluedisc.recorded import sweep as recorded_sweep
from quakebook.training.recorded import keep


@pytest.fixture()
def swept(smoke_runs, tmp_path):
    """The same smoke runs kept as entries of a sweep."""
    from quakebook.bluedisc.api import settings_of

    for mode, run in smoke_runs.items():
        training = record.Training(mode, 42, steps=4, data_weight=100.0, in_sweep=True)
        keep("bluedisc", training.name, record.outcome(run, training, settings_of(run)), tmp_path)
    return recorded_sweep.read(tmp_path)


def test_sweep_is_sorted_by_weight_and_reports_each(swept):
    assert [recorded_sweep.title(entry) for entry in swept] == ["100", "BCE only"]
    assert list(training_sweep.table(swept)["label"]) == ["N", "N"]
    assert training_sweep.facts_line(swept).startswith("2 trainings of 4 steps each, seed 42;")
    numbers = recorded_sweep.metrics(swept)
    assert {"sweep.N.100.S.tp", "sweep.N.bce.S.error_s"} <= set(numbers)
    assert len(sweep_figure.figure(swept).axes) == 2


def test_median_error_leaves_other_arrivals_out(swept):
    from dataclasses import replace

    peaks = swept[0].peaks["S"]
    far = replace(peaks, error_samples=np.array([-10.0, 20.0, 500.0, np.nan], np.float32))
    assert replace(swept[0], peaks={"S": far}).median_error_s("S") == pytest.approx(0.15)
    none = replace(peaks, error_samples=np.array([np.nan], np.float32))
    assert np.isnan(replace(swept[0], peaks={"S": none}).median_error_s("S"))


@pytest.fixture()
def entries(swept):
    """Entries of weights 10, 100 and BCE with given shares of S over 0.7, one a seed."""
    from dataclasses import replace

    def make(validations=5.0, label="N", **shares):
        modes = {"w10": ("hybrid", 10.0), "w100": ("hybrid", 100.0), "bce": ("bce", 4000.0), "gan": ("gan", 4000.0)}
        rows = []
        for key, values in shares.items():
            for seed, value in enumerate(values):
                name = f"{key}-{seed}"
                numbers = {"S.tp": value, "S.below": 30.0 - seed, "P.tp": 80.0, "S.precision": 50.0, "S.far": 1.0,
                           "S.precise": 1.0, "S.middle": 1.0, "S.high_count": 100.0 if value > 1 else 3.0,
                           "validations": validations}
                mode, weight = modes[key]
                facts = {"mode": mode, "data_weight": weight, "label": label, "seed": seed, "steps": 1000,
                         "metrics": {f"{name}.{k}": v for k, v in numbers.items()}}
                rows.append(replace(swept[0], name=name, facts=facts))
        return rows

    return make


def test_seeds_of_a_weight_are_put_together(entries):
    table = training_sweep.table(entries(w10=(50.0, 40.0, 60.0), bce=(5.0, 0.5, 6.0)))
    assert table["S over, precise"].tolist() == ["50.0 (40.0 to 60.0)", "3.8 (0.5 to 6.0)"]
    assert table["S below, precise"].tolist() == ["29.0 (28.0 to 30.0)"] * 2
    assert table["S precision"].tolist() == ["50.0 (50.0 to 50.0)", "–"]  # a seed of BCE has three peaks over 0.7
    numbers = recorded_sweep.metrics(entries(w10=(50.0, 40.0, 60.0)))
    assert numbers["sweep.N.10.S.tp"] == pytest.approx(50.0)


def test_weights_are_ranked_only_from_three_seeds_and_five_validations(entries):
    for few in (entries(w10=(50.0, 60.0), bce=(5.0, 6.0, 7.0)),
                entries(validations=4.0, w10=(50.0, 60.0, 61.0), bce=(5.0, 6.0, 7.0)), []):
        assert not training_sweep.rankable(few) and training_sweep.ranking_sentence(few).startswith("**No ranking.**")
    ranked = training_sweep.ranking_sentence(
        entries(w10=(50.0, 60.0, 61.0), w100=(55.0, 70.0, 71.0), bce=(5.0, 6.0, 7.0)))
    assert "100, 10, BCE only" in ranked and "Undecided, because the seeds overlap: 100 and 10." in ranked
    clear = training_sweep.ranking_sentence(entries(w10=(50.0, 60.0, 61.0), bce=(5.0, 6.0, 7.0)))
    assert "10, BCE only" in clear and "Undecided" not in clear


def test_plan_asks_for_what_a_ranking_needs():
    from quakebook.bluedisc.recorded import plan

    weights = {}
    for training in plan.SWEEP:
        if training.label == "N":
            weights.setdefault((training.mode, training.data_weight), set()).add(training.seed)
            assert training.settings().evaluation.last >= training_sweep.LEAST_VALIDATIONS
    assert len(weights) == 7 and all(len(seeds) >= training_sweep.LEAST_SEEDS for seeds in weights.values())


def test_sentences_about_weight_and_box_say_the_numbers(entries):
    made = entries(w10=(50.0, 60.0), bce=(0.5, 0.6))
    assert "10: 29.5 (29.0 to 30.0) %, 50.0 (50.0 to 50.0) %." in training_sweep.dial_sentence(made)
    box = training_sweep.box_sentence(made + entries(label="D", w10=(20.0,)))
    assert "10: S over 0.7 20.0 % (N: 50.0 %)" in box and "undecided" in box  # beside the same seed only
    assert training_sweep.box_sentence(made) == ""


def test_bars_are_means_and_dots_are_seeds(entries):
    left, right = sweep_figure.figure(entries(w10=(50.0, 40.0, 60.0), bce=(5.0, 7.0))).axes
    assert [bar.get_height() for bar in left.containers[0]] == [50.0, 6.0]
    assert [list(line.get_ydata()) for line in left.lines] == [[50.0, 40.0, 60.0], [5.0, 7.0]]
