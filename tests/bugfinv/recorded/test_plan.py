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
