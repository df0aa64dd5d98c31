"""What one GPU gave: the best variant beside its goal, nothing made up where nothing was measured."""

import re
from pathlib import Path

import pytest
import yaml

from quakebook.project import Project
from quakebook.publishing import gpu_table
from quakebook.publishing.claim import ClaimError
from quakebook.publishing.measured import Measured
from quakebook.publishing.reports import Result

ROOT = Path(__file__).resolve().parents[2]
FAST = {"work": "a step", "metric": "gpu-step.*.ms", "unit": "ms", "published": 40, "goal": 5}
MANY = {"work": "records", "metric": "gpu-make.rate", "unit": "records/s", "goal": 100, "more": True}


def goals(tmp_path, *entries, **metrics):
    path = tmp_path / "gpu.yaml"
    path.write_text(yaml.safe_dump(list(entries)))
    return gpu_table.goals(path, [result("gpu-x", **metrics)])


def result(source, facts=None, **metrics):
    return Result("data", source, "synthetic", {k: Measured(v) for k, v in metrics.items()}, True, facts or {})


def test_of_several_variants_the_best_is_shown(tmp_path):
    (row,) = goals(tmp_path, FAST, **{"gpu-step.eager.ms": 18.0, "gpu-step.captured_bf16.ms": 9.6,
                                      "gpu-step.captured.busy_ms": 1.0, "gpu-step.broken.ms": float("nan")})
    assert (row.measured, row.variant, row.reached) == (9.6, "captured, bf16", False)


@pytest.mark.parametrize(("rate", "reached"), [(100.0, True), (99.0, False)])
def test_more_may_be_better(tmp_path, rate, reached):
    (row,) = goals(tmp_path, MANY, **{"gpu-make.rate": rate})
    assert row.reached is reached and row.published is None


def test_what_was_not_measured_is_said_so(tmp_path):
    text = gpu_table.tables(goals(tmp_path, FAST, MANY, **{"gpu-make.rate": 200.0}), [])
    assert "Of 2 goals 1 were measured and 1 reached." in text
    cells = re.sub(r"<[^>]*>", "|", text)
    assert "|a step||40 ms||5 ms||–||not measured|" in cells


def test_an_entry_without_a_goal_is_named(tmp_path):
    with pytest.raises(ClaimError, match=r"gpu\.yaml, entry 1"):
        goals(tmp_path, {"work": "a step"})


def test_failed_device_tests_are_named_beside_the_times():
    facts = {"details": {"a.test_x[1]": "failed: not close", "tests": ["a.test_x[1]"]}, "state": "done"}
    text = gpu_table.tables([], [result("gpu-tests", facts, **{"gpu-tests.passed": 3.0, "gpu-tests.failed": 1.0})])
    assert "Of 4 tests that need a GPU 3 passed there and 1 failed." in text and "a.test_x[1]" in text


def test_the_book_s_own_page_is_filled():
    page = {Path("book/running.md"): (ROOT / "book/running.md").read_bytes(), Path("book/x.md"): b"none"}
    filled = gpu_table.fill(page, Project(ROOT))
    assert list(filled) == [Path("book/running.md")]
    text = filled[Path("book/running.md")].decode()
    assert gpu_table.MARKER not in text and "gpu-bluedisc-step" in text
