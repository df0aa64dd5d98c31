"""What became of the mutants: kept in a file as it comes, checked, and told."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import fields
from pathlib import Path

from choice import Seen, Tests
from slips import Slip
from trial import Trial


def known(file: Path, state: str) -> dict[str, dict]:
    """Results of an earlier run on the same source; those of another state are dropped."""
    rows = [json.loads(line) for line in file.read_text().splitlines()] if file.is_file() else []
    kept = [row for row in rows if row["state"] == state]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in kept))
    return {key(row): row for row in kept}


def key(row: dict) -> str:
    """What tells one slip from another."""
    return f"{row['path']}:{row['start']}:{row['after']}"


def check(rows: list[dict], tests: Tests, budget_s: float, patience_s: float, copy: Path) -> None:
    """Run what killed once more without a slip: a test that fails there as well has seen nothing."""
    killers = sorted({row["killer"] for row in rows if row["killer"] and not row["killer"].startswith("(")})
    while killers:
        files = sorted({test.partition("::")[0] for test in killers})
        said = tried(Trial(copy, Seen(files, set(killers), ""), 1e9, patience_s))
        if said["killer"] is None:
            break
        guilty = [test for test in killers if said["killer"] in (test, test.partition("::")[0])] or [said["killer"]]
        acquit(rows, guilty)
        killers = [test for test in killers if test not in guilty]
    for row in rows:
        if row["fate"] == "killed" and row["killer"].startswith("("):  # no test by name: time over, or a crash
            slip = Slip(**{field.name: row[field.name] for field in fields(Slip)})
            again = tried(Trial(copy, tests.seeing(slip), budget_s, patience_s))
            if again["killer"]:
                acquit([row], [row["killer"]])


def tried(trial: Trial) -> dict:
    """Wait for a trial."""
    while (said := trial.ended()) is None:
        time.sleep(0.05)
    return said


def acquit(rows: list[dict], killers: list[str]) -> None:
    """Take back the kills of tests that fail without a slip."""
    print(f"fails without a slip as well, so it counts for nothing: {', '.join(killers)}", file=sys.stderr)
    for row in rows:
        if row["killer"] in killers:
            row["fate"] = "no test"


def line(row: dict) -> str:
    """A row of the table."""
    before, after = (" ".join(row[name].split()) for name in ("before", "after"))
    place = f"{row['path']}:{row['line']}"
    return f"{row['fate']:9} {place:58} {before[:60]}  ->  {after[:60]}" + ("  (budget)" if row["over"] else "")
