"""Make small slips in the source, one at a time, and count how many of them a test notices.

    python scripts/mutants [--n 60] [--seed 7] [--jobs 2] [--only scoring/] [--list]

Draws N slips of the pen (plus for minus, a boundary one off, minimum for maximum, a sign left out, two results in the
wrong order) from all that can be made in ``src/quakebook``, makes each in a copy of the project, and runs the tests
that can see it until one fails: those that ran the line, if ``make coverage`` has measured that, otherwise the mirror
test file and the test files that name the module. Prints a line for each and the share that was killed; exit status 1
below `ENOUGH`. Results are kept in ``_build/mutants`` as they come: called again with the same seed on the same source,
a run that was stopped goes on.

Why not a library: cosmic-ray 8.7 and Mutmut 3.8 were read, not used. The first edits the checkout in place and starts
the whole test command for every mutant, which here loads PyTorch and SeisBench for ten seconds each time; the second
puts the mutants of all functions into the source at once, leaves constants of modules and settings alone, and so
changes the source that the identity of a training is made of. Here one process loads the libraries and forks.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

import copies
from choice import Tests, sample
from results import check, key, known, line
from trial import Trial

ROOT = Path(__file__).resolve().parents[2]
ENOUGH = 0.85
#: Loaded once: what the package and its tests import and what takes long.
HEAVY = ("pytest", "torch", "numpy", "scipy.signal", "scipy.stats", "pandas", "h5py", "sklearn.linear_model", "obspy",
         "seisbench.models", "seisbench.data", "seisbench.generate", "lightning.fabric", "hydra", "matplotlib.pyplot")


def options(words: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    reader = argparse.ArgumentParser(prog="mutants", description=__doc__.partition("\n")[0])
    reader.add_argument("--n", type=int, default=60, help="how many mutants")
    reader.add_argument("--seed", type=int, default=0, help="of the draw")
    reader.add_argument("--jobs", "-j", type=int, default=2, help="mutants at a time")
    reader.add_argument("--budget-s", type=float, default=40.0, help="processor seconds of tests for one mutant")
    reader.add_argument("--patience-s", type=float, default=300.0, help="a test that takes longer hangs: noticed")
    reader.add_argument("--only", default="", help="only modules whose path has this in it")
    reader.add_argument("--list", action="store_true", help="print what would be tried, and by which tests")
    reader.add_argument("--root", type=Path, default=ROOT, help="the project")
    given = reader.parse_args(words)
    if given.n < 1 or given.jobs < 1:
        reader.error("--n and --jobs must be at least 1")
    return given


def load() -> None:
    """Import the heavy libraries before the first fork, those that are installed."""
    os.environ.setdefault("MPLBACKEND", "agg")
    for name in HEAVY:
        try:
            importlib.import_module(name)
        except ImportError as error:
            print(f"{name} is not loaded beforehand: {error}", file=sys.stderr)


def run(given: argparse.Namespace, room: Path, file: Path, state: str) -> list[dict]:
    """Try every slip of the sample; rows in the order of the draw."""
    measured = given.root / "_build" / "coverage" / "data"
    tests = Tests(given.root, measured)
    chosen = sample(given.root / "src" / "quakebook", given.n, given.seed, given.only)
    rows = known(file, state)
    waiting = [slip for slip in chosen if key(asdict(slip)) not in rows]
    load()
    free = [copies.make(given.root, room / f"copy{k}") for k in range(min(given.jobs, len(waiting)))]
    running: dict[Path, tuple] = {}
    try:
        while waiting or running:
            while waiting and free:
                slip, copy = waiting.pop(0), free.pop()
                copies.apply(slip, given.root, copy)
                running[copy] = (slip, Trial(copy, tests.seeing(slip), given.budget_s, given.patience_s))
            for copy, (slip, trial) in list(running.items()):
                said = trial.ended()
                if said is not None:
                    del running[copy]
                    copies.restore(slip, given.root, copy)
                    free.append(copy)
                    row = rows[key(asdict(slip))] = {**asdict(slip), **said, "state": state}
                    with file.open("a") as out:
                        out.write(json.dumps(row) + "\n")
                    print(line(row), flush=True)
            time.sleep(0.05)
    finally:
        for _, trial in running.values():
            trial.stop()
    found = [rows[key(asdict(slip))] for slip in chosen]
    check(found, tests, given.budget_s, given.patience_s, free[0] if free else copies.make(given.root, room / "copy"))
    return found


def main(words: list[str] | None = None) -> int:
    """Draw, try, tell."""
    given = options(words)
    if given.list:
        tests = Tests(given.root, given.root / "_build" / "coverage" / "data")
        for slip in sample(given.root / "src" / "quakebook", given.n, given.seed, given.only):
            files = " ".join(tests.seeing(slip).files[:3])
            print(f"{slip.path}:{slip.line} {slip.before!r} -> {slip.after!r}  {files}")
        return 0
    state = copies.fingerprint(given.root)
    file = given.root / "_build" / "mutants" / f"seed{given.seed}-n{given.n}{given.only.replace('/', '-')}.jsonl"
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as room:
        rows = run(given, Path(room), file, state)
    print(f"\nseed {given.seed}, {len(rows)} mutants, {time.monotonic() - began:.0f} s")
    for row in sorted(rows, key=lambda row: (row["fate"], row["path"], row["line"])):
        print(line(row))
    killed = sum(row["fate"] == "killed" for row in rows)
    print(f"\nkilled {killed} of {len(rows)}: {100 * killed / len(rows):.0f} % (at least {100 * ENOUGH:.0f} % wanted)")
    return 0 if killed >= ENOUGH * len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
