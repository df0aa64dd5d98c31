"""One mutant: a child process of the warm parent, its tests, and what became of it."""

from __future__ import annotations

import contextlib
import inspect
import json
import os
import shutil
import signal
import sys
import time
import traceback
from pathlib import Path

from choice import Seen

#: Exit status of a child in which this program failed, not a test.
BROKEN = 70


class Watch:
    """A plugin of pytest: keeps the tests that matter, those that name the place first; notes the first failure."""

    def __init__(self, note: Path, seen: Seen, budget_s: float) -> None:
        self.note, self.seen, self.word, self.budget_s = note, seen, seen.word, budget_s
        self.said = {"ran": 0, "killer": None, "over": False}

    def say(self) -> None:
        self.note.write_text(json.dumps(self.said))

    def pytest_collection_modifyitems(self, config, items) -> None:
        tests, measured, own = self.seen.tests, self.seen.measured, self.seen.own
        first = {item.nodeid for item in items
                 if item.nodeid in tests or (measured and item.nodeid not in measured)}
        wanted = [item for item in items if item.nodeid in first or item.nodeid.partition("::")[0] in own]
        items[:] = sorted(wanted or items, key=lambda item: (item.nodeid not in first, self.word not in _text(item)))

    def pytest_collectreport(self, report) -> None:
        if report.failed:
            self.said["killer"] = report.nodeid
        self.say()

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed and self.said["killer"] is None:
            self.said["killer"] = report.nodeid
        self.said["ran"] += report.when == "call" and not report.skipped
        self.say()

    def pytest_runtest_makereport(self, item) -> None:
        if sum(os.times()[:4]) > self.budget_s:
            item.session.shouldstop = "the budget is used up"
            self.said["over"] = True


def _text(item) -> str:
    """Source of a test function."""
    return inspect.getsource(item.function) if hasattr(item, "function") else ""


class Trial:
    """Tests of a copy of the project, in a forked child: it has the libraries loaded, and nothing of the package."""

    def __init__(self, copy: Path, seen: Seen, budget_s: float, patience_s: float) -> None:
        self.patience_s, self.reaped = patience_s, False
        self.note, self.log, self.room = (copy.parent / f"{copy.name}-{end}" for end in ("note.json", "log.txt", "tmp"))
        self.note.unlink(missing_ok=True)
        self.began = time.monotonic()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            status = BROKEN
            try:
                status = self.child(copy, seen, budget_s)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)

    def child(self, copy: Path, seen: Seen, budget_s: float) -> int:
        """Run the tests; the exit status of pytest."""
        os.setsid()
        out = os.open(self.log, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        shutil.rmtree(self.room, ignore_errors=True)
        self.room.mkdir()
        for name in [name for name in os.environ if name.startswith(("QUAKEBOOK_", "COV", "PYTEST_"))]:
            del os.environ[name]
        os.environ |= {"PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(self.room)}
        sys.dont_write_bytecode = True
        sys.path[:] = [str(copy / "src"), *(x for x in sys.path if x != os.path.dirname(__file__))]
        os.chdir(copy)
        import pytest

        used_s = sum(os.times()[:4])
        return int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "no:cov", "--tb=short",
                                # libraries are loaded before pytest could rewrite their asserts
                                "-W", "ignore::pytest.PytestAssertRewriteWarning", f"--basetemp={self.room}/t",
                                *seen.files], plugins=[Watch(self.note, seen, used_s + budget_s)]))

    def ended(self) -> dict | None:
        """What became of the mutant, or None while its tests run."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        quiet_s = time.time() - self.note.stat().st_mtime if self.note.exists() else time.monotonic() - self.began
        hangs = not pid and quiet_s > self.patience_s
        if not pid and not hangs:
            return None
        self.reaped = bool(pid)
        self.stop()
        said = json.loads(self.note.read_text()) if self.note.exists() else {"ran": 0, "killer": None, "over": False}
        code = os.waitstatus_to_exitcode(status)
        if code == BROKEN:
            raise RuntimeError(f"the tests could not be started:\n{self.log.read_text()[-2000:]}")
        if hangs:
            said["killer"] = "(time over)"
        elif code not in (0, 1, 2, 5):  # a crash, or a conftest.py that cannot be imported
            said["killer"] = said["killer"] or f"(ended with status {code})"
        fate = "killed" if said["killer"] else "survived" if said["ran"] else "no test"
        return {**said, "fate": fate, "seconds": round(time.monotonic() - self.began, 1)}

    def stop(self) -> None:
        """End the child and all that it started, and remove its folder."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if not self.reaped:
            os.waitpid(self.pid, 0)
            self.reaped = True
        shutil.rmtree(self.room, ignore_errors=True)
