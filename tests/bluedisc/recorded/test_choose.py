"""Which trainings the pages show."""

import numpy as np

from quakebook.bluedisc.pages import training_numbers, training_tables
from quakebook.bluedisc.recorded import choose
from quakebook.bluedisc.recorded import read as recorded


def test_chapter_tables_and_numbers(kept):
    runs = {name: recorded.read(name, kept) for name in recorded.names(kept)}
    assert len(training_tables.recorded_table(runs)) == len(training_tables.phase_table(runs)) == 2
    assert choose.paired_seeds(runs) == [42] and training_numbers.effect_metrics(runs)["recorded.seeds"] == 1
    assert choose.chosen_sample(runs["bce-42"], runs["hybrid-42"]) in range(8)
    assert "4 steps" in training_tables.facts_line(runs)


def test_ceiling_examples_stand_beside_the_same_training_without(kept, monkeypatch):
    from quakebook.training import recorded_files

    copied = recorded_files.read(kept, "bce-42")
    recorded_files.write(kept, f"{recorded.CEILING}bce-42", copied.facts, copied.arrays)
    monkeypatch.setattr(recorded, "folder", lambda: kept)
    runs = {"bce-42": recorded.read("bce-42", kept)}
    assert [title for title, *_ in choose.ceiling_examples(runs)] == ["seed 42, own start", "seed 42, base rate"]
    assert set(choose.all_recorded()) == {"bce-42", "hybrid-42"}


def test_record_shown_is_the_first_that_bce_leaves_below_the_threshold(kept):
    from dataclasses import replace

    run = recorded.read("bce-42", kept)
    t = np.arange(3001)

    def with_s(heights, centre=1500):
        curves = np.zeros((1, len(heights), 3, 3001), np.float32)
        label = np.zeros((len(heights), 3, 3001))
        for k, height in enumerate(heights):
            curves[0, k, 1] = height * np.exp(-0.5 * ((t - centre) / 20) ** 2)
            label[k, 1] = np.exp(-0.5 * ((t - 1500) / 20) ** 2)
        return replace(run, track=replace(run.track, prediction=curves, label=label))

    high, mixed = with_s([0.9, 0.9, 0.9]), with_s([0.8, 0.5, 0.4])
    assert choose.chosen_sample(mixed, high) == 1  # below the threshold first, whatever the hybrid does
    assert choose.chosen_sample(mixed, with_s([0.1, 0.1, 0.1], 700)) == 1
    assert choose.chosen_sample(high, high) == 0  # none below: the first in time
    assert choose.chosen_sample(with_s([0.5, 0.5], 900), high) == 0  # none in time
