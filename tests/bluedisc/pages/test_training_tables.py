"""Cells of the tables about trained pickers, from metrics of our own."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.bluedisc.pages import training_tables

NUMBERS = {"S.tp": 20.04, "S.below": 30.0, "S.precise": 50.04, "S.middle": 10.0, "S.precision": 80.0, "S.far": 5.0,
           "P.tp": 90.0}


@pytest.mark.parametrize(("high", "precision", "far"), [(50.0, "80.0", "5.0"), (49.0, "–", "–")])
def test_precision_of_fewer_than_fifty_peaks_is_not_told(high, precision, far):
    cells = training_tables.shares(NUMBERS | {"S.high_count": high})
    assert (cells["S precision"], cells["S far"]) == (precision, far)
    assert (cells["S over, precise"], cells["S below, precise"], cells["S precise"]) == ("20.0", "30.0", "50.0")
    assert (cells["S height 0.4-0.6"], cells["P over, precise"]) == ("10.0", "90.0")


def test_in_time_of_any_height_as_published_and_in_each_pair(made):
    """INSTANCE: 28,051 + 677 against 17,126 + 13,085 is -4.9 %; here 55 against 50 and 45 against 50."""
    runs = {f"bce-{seed}": made(f"bce-{seed}", S_precise=50.0) for seed in (0, 1)}
    runs |= {"hybrid-0": made("hybrid-0", S_precise=55.0), "hybrid-1": made("hybrid-1", S_precise=45.0)}
    words = training_tables.timing_sentence(runs)
    assert "-4.9 % on INSTANCE as published" in words and words.endswith("+10.0, -10.0 % in the recorded pairs.")


def test_live_trainings_show_none_as_a_dash():
    numbers = NUMBERS | {"S.high_count": 90.0, "S.precision": None}
    runs = {"bce": SimpleNamespace(config={"training": {"steps": 300}}, record={"metrics": numbers})}
    row = training_tables.live_table(runs).iloc[0]
    assert row["training"] == "BCE, 300 steps" and row["S precision"] == "–" and row["S far"] == "5.0"


def test_p_beside_s(made):
    numbers = {f"{phase}_{key}": value + shift for phase, shift in (("P", 0.0), ("S", 0.1))
               for key, value in (("tp", 80.04), ("below", 5.0), ("height_50", 0.444), ("width", 47.26))}
    row = training_tables.phase_table({"bce-3": made("bce-3", **numbers)}).iloc[0]
    assert row["training"] == "BCE, seed 3"
    assert [row[f"P {name}"] for name in ("over", "below", "height", "width")] == [80.0, 5.0, 0.44, 47.3]
    assert [row[f"S {name}"] for name in ("over", "below", "height", "width")] == [80.1, 5.1, 0.54, 47.4]


def test_what_the_trainings_are_in_their_own_numbers(made):
    facts = {"steps": 2500, "batch_size": 16, "records": 12_000, "dev_records": 3000, "device": "cpu", "threads": 1,
             "start": "base_rate", "seconds": 90.0}
    runs = {name: replace(run, facts=run.facts | facts) for name in ("bce-0", "bce-1") for run in (made(name),)}
    words = training_tables.facts_line(runs)
    assert words.startswith("The 2 recorded trainings took 2,500 steps with batches of 16 windows from 12,000 "
                            "synthetic records, scored on 3,000 others, on a CPU (cpu, 1 thread), 3 minutes in all.")
    assert "Their last layer starts with biases at the base rate" in words
    own = {name: replace(run, facts=run.facts | {"start": "published"}) for name, run in runs.items()}
    assert training_tables.facts_line(own).endswith("10,000 steps with batches of 100.")


def test_trained_pickers_beside_the_formula(made):
    runs = {"bce-4": made("bce-4", S_tp=20.0, S_below=31.0), "hybrid-4": made("hybrid-4", S_tp=50.0, S_below=1.0)}
    assert training_tables.measured_bce(runs) == {"recorded, seed 4": {"tp": 20.0, "below": 31.0}}


def test_published_recorded_and_single_values_stand_in_one_row(made):
    run = made("bce-0", S_tp=20.0, S_below=30.0)
    history = run.history | {"whole": np.array([0.0, 1.0, 1.0]), "S.tp": np.array([1.0, 19.0, 21.0]),
                             "S.below": np.array([1.0, 29.0, 31.0])}
    other = replace(made("hybrid-0", S_tp=50.0, S_below=2.0), history=history)
    long = SimpleNamespace(shares={"bce": {"tp": 33.33, "below": 22.22}, "hybrid": {"tp": 55.55, "below": 1.11}})
    table = training_tables.against_published({"bce-0": replace(run, history=history), "hybrid-0": other}, long)
    assert table["S peaks within 0.1 s"].tolist() == [
        "BCE, over 0.7", "BCE, below 0.7", "hybrid, over 0.7", "hybrid, below 0.7"]
    assert table["INSTANCE, labels"].tolist() == ["17,126", "13,085", "28,051", "677"]
    assert table["INSTANCE, %"].tolist() == ["32.4", "24.8", "53.1", "1.3"]
    assert table["10,000 steps on a GPU, %"].tolist() == ["33.3", "22.2", "55.5", "1.1"]
    assert table["seeds, %"].tolist() == ["20.0", "30.0", "50.0", "2.0"]
    assert table["single validations, %"].tolist()[:2] == ["19.0 to 21.0", "29.0 to 31.0"]
