"""The tests that need a GPU, run by pytest; each one's outcome is a result."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MARK = "mark.cuda"
#: A line of pytest -vv (the project asks for -q): the word stands after the name; with several processes before it.
ENDED = re.compile(r"(?P<name>tests/\S+::.+?) (?P<word>PASSED|FAILED|ERROR|SKIPPED)\b"
                   r"|\[gw\d+\].*?(?P<before>PASSED|FAILED|ERROR|SKIPPED) (?P<later>tests/\S+::.+)")


def files() -> list[str]:
    """Test files that hold such a test."""
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")
                  if MARK in path.read_text(encoding="utf-8"))


def run(device: str, tiny: bool, note: Any) -> None:
    """Run them all; a test that fails is a number of the job, not a failure of the job.

    Counts are kept as the tests end, so that a run that is stopped leaves them; reasons of failures come at the end.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        chosen = files()[:2] if tiny else files()
        words = [sys.executable, "-m", "pytest", *chosen, "-m", "cuda", "-p", "no:cacheprovider", "-vv", "-rf",
                 *(["-n", "6"] if device == "cuda" else []), "-o", "filterwarnings=default",
                 "--basetemp", str(Path(folder) / "temp"), f"--junitxml={report}"]
        ended: dict[str, str] = {}
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pytest:
            for line in pytest.stdout:
                print(line, end="", flush=True)
                if found := ENDED.search(line):
                    ended[found["name"] or found["later"]] = found["word"] or found["before"]
                    note(**counts(ended.values()))
        if not report.is_file():
            raise RuntimeError("pytest wrote no report; see the log of this job")
        cases = list(ElementTree.parse(report).iter("testcase"))
    outcomes = {f"{case.get('classname', '').removeprefix('tests.')}.{case.get('name')}": outcome(case)
                for case in cases}
    note(**counts(word.partition(":")[0].upper() for word in outcomes.values()),
         **{name: word for name, word in outcomes.items() if word.startswith("failed")}, tests=sorted(outcomes))


def counts(words: Iterable[str]) -> dict[str, int]:
    """How many passed, failed and were skipped."""
    kinds = list(words)
    return {"passed": kinds.count("PASSED"), "failed": kinds.count("FAILED") + kinds.count("ERROR"),
            "skipped": kinds.count("SKIPPED")}


def outcome(case: ElementTree.Element) -> str:
    """passed, skipped, or failed with the first line of the reason."""
    for kind in ("failure", "error"):
        if (found := case.find(kind)) is not None:
            return f"failed: {(found.get('message') or '').splitlines()[0][:200] if found.get('message') else kind}"
    return "skipped" if case.find("skipped") is not None else "passed"
