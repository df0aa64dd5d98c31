"""Speeds are measured on whole steps; the loss hardly depends on the precision."""

import pytest

from quakebook.gp2vec.studies import throughput


def test_losses_of_both_precisions_agree_and_every_step_is_a_training_step(monkeypatch):
    steps, original = [], throughput.pretraining_step
    monkeypatch.setattr(throughput, "pretraining_step", lambda *a: steps.append(1) or original(*a))
    rows = throughput.measured(batches=(2,), steps=1)
    assert [(row["precision"], row["batch"]) for row in rows] == [("32-true", 2), ("bf16-mixed", 2)]
    assert rows[1]["loss"] == pytest.approx(rows[0]["loss"], rel=2e-2)
    assert 4.5 < rows[0]["loss"] < 5  # ln 101 and what random projections cost
    assert rows[0]["loss"] != rows[1]["loss"]  # the second one did run in another precision
    assert len(steps) == 4 and all(row["windows a second"] > 0 for row in rows)


def test_a_compiled_step_is_measured_where_a_compiler_is(monkeypatch):
    seen = []
    monkeypatch.setattr(throughput, "compiled", lambda model: seen.append(model) or model)
    monkeypatch.setattr(throughput, "can_compile", lambda device: True)
    row = throughput.measured_compiled(batch=2, steps=1)
    assert len(seen) == 1 and (row["precision"], row["batch"]) == ("32-true, compiled", 2)
    assert row["loss"] == throughput.measured(batches=(2,), steps=1)[0]["loss"]  # same network, windows and mask
    monkeypatch.setattr(throughput, "can_compile", lambda device: False)
    assert throughput.measured_compiled(batch=2, steps=1) is None


def test_a_compiler_is_looked_for_by_its_name(monkeypatch):
    monkeypatch.delenv("CXX", raising=False)
    for there in ("g++", "clang++", "c++"):
        monkeypatch.setattr(throughput.shutil, "which", lambda name, there=there: name == there or None)
        assert throughput.can_compile()
    monkeypatch.setattr(throughput.shutil, "which", lambda name: name == "/opt/mine" or None)
    assert not throughput.can_compile()
    monkeypatch.setenv("CXX", "/opt/mine")
    assert throughput.can_compile()


def test_the_middle_of_the_steps_counts_and_the_first_does_not(monkeypatch, tiny):
    """One step of 100 s to warm up, then 1, 2 and 9 s: two windows in 2 s."""
    import torch

    clock = iter([0.0, 100.0, 100.0, 101.0, 101.0, 103.0, 103.0, 112.0])
    rates = []
    monkeypatch.setattr(throughput.time, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(throughput, "pretraining_step", lambda model, optimiser, *rest: rates.append(
        optimiser.defaults["lr"]))
    assert throughput.windows_per_second(tiny, torch.zeros(2, 3, 3000), "32-true") == 1.0
    assert rates == [1e-4] * 4 and throughput.SAMPLES == 3000


def test_seconds_are_those_of_one_window(monkeypatch):
    asked = []
    monkeypatch.setattr(throughput, "windows_per_second", lambda model, waves, precision, steps: asked.append(
        (tuple(waves.shape), precision, steps)) or 4.0)
    assert throughput.seconds_a_window(["hz5", "hz25"]) == {"hz5": 0.25, "hz25": 0.25}
    assert asked == [((2, 3, 3000), "32-true", 3)] * 2
