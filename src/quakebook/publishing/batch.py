"""Run the jobs of a plan, several at a time, each in a process of its own; what is up to date is left alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from quakebook.project import Project

from . import pairs
from .plan import Job, plan

TIMEOUT_S = {"smoke": 600.0, "quick": 1800.0, "paper": 12 * 3600.0}
POLL_S = 0.05


@dataclass
class Outcome:
    """Names of the notebooks that ran, were up to date, failed (with the reason), or were not started."""

    ran: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.failed and not self.skipped


def command(job: Job, project: Project, preset: str, timeout_s: float | None = None) -> list[str]:
    """The command line that runs one job; the Snakefile uses the same."""
    return [sys.executable, "-m", "quakebook.publishing.notebook", str(job.source), str(job.target),
            "--params", json.dumps(job.parameters, sort_keys=True), "--profile", preset, "--name", job.name,
            "--key", job.key, "--results", str(project.results(preset)), "--cwd", str(project.root),
            "--timeout", str(timeout_s or TIMEOUT_S[preset])]


def run(project: Project, preset: str, papers: list[str] | None = None, *, workers: int = 1,
        say: Callable[[str], None] = print) -> Outcome:
    """Bring every executed notebook of a preset up to date.

    Parameters
    ----------
    project : Project
    preset : {"smoke", "quick", "paper"}
    papers : list of str, optional
        Chapters or notebooks; all by default.
    workers : int
        Notebooks at a time.
    say : callable
        Receives one line a notebook.
    """
    jobs = plan(project, preset, papers)
    outcome = Outcome()
    stages = [[j for j in jobs if not j.entry.last], [j for j in jobs if j.entry.last]]
    for stage in stages:
        due = [job for job in stage if job.state()]
        outcome.fresh += [job.name for job in stage if job not in due]
        if outcome.failed:
            outcome.skipped += [j.name for j in due]
            continue
        due = _paired(sorted(due, key=lambda j: -j.cost_s), outcome, say)
        _run_stage(due, project, preset, workers, outcome, say)
    return outcome


def _paired(due: Sequence[Job], outcome: Outcome, say: Callable[[str], None]) -> list[Job]:
    """Jobs whose notebook says what its script says; the others fail, since the wrong one would run."""
    good = []
    for job in due:
        if found := pairs.faults(job.source.with_suffix(".py")):
            outcome.failed[job.name] = "; ".join(found)
            say(f"FAILED  {job.name}: {outcome.failed[job.name]}")
        else:
            good.append(job)
    return good


def _run_stage(due: Sequence[Job], project: Project, preset: str, workers: int, outcome: Outcome,
               say: Callable[[str], None]) -> None:
    waiting, running = list(due), []
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                running.append(_Process(waiting.pop(0), project, preset))
            for process in [p for p in running if p.done()]:
                running.remove(process)
                process.report(outcome, say)
            time.sleep(POLL_S)
    except BaseException:
        for process in running:
            process.stop()
        raise


class _Process:
    """A running job: its output goes to a log beside the executed notebook."""

    def __init__(self, job: Job, project: Project, preset: str):
        self.job, self.started = job, time.monotonic()
        self.log = job.target.with_suffix(".log")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as file:
            self.child = subprocess.Popen(command(job, project, preset), stdout=file, stderr=subprocess.STDOUT,
                                          stdin=subprocess.DEVNULL, start_new_session=True)

    def done(self) -> bool:
        return self.child.poll() is not None

    def report(self, outcome: Outcome, say: Callable[[str], None]) -> None:
        name, seconds = self.job.name, time.monotonic() - self.started
        if self.child.returncode == 0 and self.job.target.is_file():
            outcome.ran.append(name)
            say(f"ran     {name} in {seconds:.0f} s")
            return
        lines = self.log.read_text(errors="replace").strip().splitlines()
        outcome.failed[name] = "\n".join(lines[-12:]) or f"exit status {self.child.returncode}"
        say(f"FAILED  {name} after {seconds:.0f} s; see {self.log}\n{outcome.failed[name]}")

    def stop(self) -> None:
        """End the notebook; SIGKILL for the whole session after ten seconds."""
        self.child.terminate()
        try:
            self.child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()

