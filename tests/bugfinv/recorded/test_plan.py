"""How many runs each set records, and what they are said to cost, counted by hand."""

from collections import Counter

import pytest

from quakebook.bugfinv.recorded.plan import PLAN, jobs


@pytest.mark.parametrize(("family", "count"), [
    ("synthetic", 2 + 11 * 3),  # two methods draw nothing and run once
    ("marmousi2", 14 + 5 * 2),  # all methods with the first seed, five with two more
    ("robustness", 2 * 3 * 3), ("decay", 3), ("unit", 3), ("rates", 9 * 4 * 3), ("geology", 2 + 5 * 3),
    ("start", 6 * 3), ("long", 4 * 2)])
def test_runs_of_a_set(family, count):
    found = list(jobs(family))
    assert len(found) == count == len({job.name for job in found})
    assert all(job.seed == 0 for job in found if job.method in ("initial", "lbfgs"))
    assert all(f"training.seed={job.seed}" in job.overrides for job in found) or family == "robustness"


def test_costs_by_hand():
    """500 steps of 0.05 s; 150 of 0.14 s; 300 of 0.06 s, six times as dear."""
    costs = {entry.name: entry.cost_s for entry in PLAN}
    assert costs["synthetic/cw-seed0"] == pytest.approx(25) and costs["robustness/nash-snr_db5"] == pytest.approx(21)
    assert costs["marmousi2/lbfgs-seed0"] == pytest.approx(108)
    kinds = Counter(entry.function.rpartition(":")[2] for entry in PLAN)
    assert kinds["shares"] == 3 and kinds["summary"] == 3 and kinds["inversion"] == 234


@pytest.mark.parametrize(("family", "steps"), [
    ("synthetic", 500), ("marmousi2", 300), ("robustness", 150), ("decay", 500), ("unit", 500), ("rates", 500),
    ("geology", 500), ("start", 500), ("long", 1500)])
def test_steps_of_a_set(family, steps):
    assert all(f"training.steps={steps}" in job.overrides for job in jobs(family))


@pytest.mark.parametrize(("name", "cost_s"), [
    ("synthetic/initial-seed0", 1.0), ("synthetic/lbfgs-seed0", 30.0), ("synthetic/upgrad-seed1", 70.0),
    ("synthetic/cagrad-seed2", 80.0), ("synthetic/imtl_g-seed0", 100.0), ("long/cw_unit-seed0", 75.0),
    ("marmousi2/cw-seed0", 90.0), ("shares/bugfinv-seed1", 30.0), ("geology", 1.0)])
def test_seconds_of_an_entry(name, cost_s):
    """Steps times seconds a step on one core, six times as dear on the benchmark model."""
    entry, = (entry for entry in PLAN if entry.name == name)
    assert entry.cost_s == pytest.approx(cost_s)


def test_noise_wells_and_rates_that_are_tried():
    names = {job.name for job in jobs("robustness")}
    assert {f"cw-snr_db{value}" for value in (5, 15, 25)} | {f"cw-n_wells{value}" for value in (6, 12, 24)} == {
        name for name in names if name.startswith("cw-")}
    assert {job.name.split("-lr")[1].split("-seed")[0] for job in jobs("rates")} == {"0.0003", "0.001", "0.003", "0.01"}
    assert {job.seed for job in jobs("synthetic")} == {0, 1, 2}
