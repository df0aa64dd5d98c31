"""The tests that need a GPU, run by pytest; each one's outcome is a result."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MARK = "mark.cuda"


def files() -> list[str]:
    """Test files that hold such a test."""
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")
                  if MARK in path.read_text(encoding="utf-8"))


def run(device: str, tiny: bool, note: Any) -> None:
    """Run them all; a test that fails is a number of the job, not a failure of the job."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        chosen = files()[:2] if tiny else files()
        words = [sys.executable, "-m", "pytest", *chosen, "-m", "cuda", "-p", "no:cacheprovider", "-q", "-rA",
                 "-o", "filterwarnings=default", "--basetemp", str(Path(folder) / "temp"), f"--junitxml={report}"]
        subprocess.run(words, cwd=ROOT, check=False)
        if not report.is_file():
            raise RuntimeError("pytest wrote no report; see the log of this job")
        cases = list(ElementTree.parse(report).iter("testcase"))
    outcomes = {f"{case.get('classname', '').removeprefix('tests.')}.{case.get('name')}": outcome(case)
                for case in cases}
    words_of = list(outcomes.values())
    note(passed=words_of.count("passed"), failed=sum(word.startswith("failed") for word in words_of),
         skipped=words_of.count("skipped"),
         **{name: word for name, word in outcomes.items() if word.startswith("failed")}, tests=sorted(outcomes))


def outcome(case: ElementTree.Element) -> str:
    """passed, skipped, or failed with the first line of the reason."""
    for kind in ("failure", "error"):
        if (found := case.find(kind)) is not None:
            return f"failed: {(found.get('message') or '').splitlines()[0][:200] if found.get('message') else kind}"
    return "skipped" if case.find("skipped") is not None else "passed"
