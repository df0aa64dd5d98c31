"""What a quarter of an hour on a GPU should measure and record: jobs in order of worth, as many as the time allows.

    python benchmarks/gpu.py --budget-s 480 [--only NAME...] [--again NAME...] [--device cpu --tiny]
                             [--folder runs/gpu] [--list]

Each job is a process of its own with its own time limit. Tests and step times have the GPU for themselves, one after
the other, while the next ones already load their libraries; trainings run several at a time. Results are written as
they are finished: numbers to FOLDER/measured/NAME.json, recorded results to FOLDER/recorded/CHAPTER, what a job printed
to FOLDER/logs. What is there already, or in book/recorded, is not made again (--again: it is), and a training that was
stopped goes on from its checkpoint, so the same command can be killed and called again. Where $OUT is set, copies of
all results are kept there in gpu-*.tar. With --tiny a few processes share all jobs, for loading takes longer than them.

Exit status 1 when a job failed, 0 also when time ran out.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import gpu_results
from gpu_commit import packed_commit
from gpu_jobs import JOBS, Job

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
#: Seconds kept back at the end for stopping, packing and printing.
RESERVE_S = 8.0
#: A job that wants the GPU for itself may wait so long for the one before it.
TURN_S = 150.0


class Running:
    """A job's process; `more` are jobs that it does afterwards."""

    def __init__(self, job: Job, options: argparse.Namespace, limit_s: float, more: Sequence[Job] = ()) -> None:
        self.job, self.jobs, self.began, self.limit_s = job, (job, *more), time.monotonic(), limit_s
        log = options.folder / "logs" / f"{job.name}.txt"
        log.parent.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, str(HERE / "gpu_work.py"), *(each.name for each in self.jobs), "--device",
                 options.device, "--folder", str(options.folder), *(["--tiny"] if options.tiny else []),
                 *(["--again"] if options.again else [])]
        with log.open("w") as file:
            self.process = subprocess.Popen(words, cwd=ROOT, env=environment(options), stdout=file,
                                            stderr=subprocess.STDOUT, process_group=0)

    @property
    def seconds(self) -> float:
        """Time since the start."""
        return time.monotonic() - self.began

    def ended(self) -> bool:
        """Whether the process is gone; one over its limit is stopped."""
        if self.process.poll() is None and self.seconds > self.limit_s:
            self.stop()
        return self.process.poll() is not None

    def stop(self) -> None:
        """End the process and what it started."""
        for number, patience_s in ((signal.SIGTERM, 4), (signal.SIGKILL, 5)):
            if self.process.poll() is None:
                try:
                    os.killpg(self.process.pid, number)
                    self.process.wait(patience_s)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue

    def close(self, folder: Path, over: bool = False) -> None:
        """Note how its jobs ended."""
        for job in self.jobs:
            gpu_results.close(job, folder, self.process.returncode, self.seconds, over)


def shares(jobs: Sequence[Job], places: int) -> list[Sequence[Job]]:
    """Tiny jobs dealt out to some processes: they would take longer to load libraries than to do."""
    return [jobs[place::places] for place in range(min(places, len(jobs)))]


def environment(options: argparse.Namespace) -> dict[str, str]:
    """The package from ``src``, one thread a process, trainings below the folder of the results."""
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
    commit = packed_commit(ROOT)
    known = {"QUAKEBOOK_COMMIT": commit} if commit else {}
    return {**known, **os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "QUAKEBOOK_ROOT": str(ROOT),
            "QUAKEBOOK_RUNS": str(options.folder / "trainings"), "PYTHONUNBUFFERED": "1", "QUAKEBOOK_BATCH": "1"}


def chosen(options: argparse.Namespace) -> list[Job]:
    """Jobs by name or beginning of a name, without those whose result is there."""
    words = options.only or options.again or [""]
    unknown = [word for word in words if not any(job.name.startswith(word) for job in JOBS)]
    if unknown:
        sys.exit(f"no job {', '.join(unknown)}; there are: {', '.join(job.name for job in JOBS)}")
    wanted = [job for job in JOBS if any(job.name.startswith(word) for word in words)]
    kept = None if options.tiny or options.again else ROOT / "book" / "recorded"
    return [job for job in wanted if options.again or not gpu_results.finished(job, options.folder, kept)]


def run(jobs: list[Job], options: argparse.Namespace) -> None:
    """Start jobs in order as places and time allow, until all have ended or the time is over."""
    deadline = time.monotonic() + options.budget_s - RESERVE_S
    running: list[Running] = []
    waiting = list(jobs)
    if options.tiny:
        running = [Running(first, options, options.budget_s, more) for first, *more in shares(jobs, options.places)]
        waiting = []
    try:
        while waiting or running:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            for job in startable(waiting, [each.job for each in running], options, left):
                waiting.remove(job)
                running.append(Running(job, options, min(job.limit_s + TURN_S * job.alone, left)))
            for each in [each for each in running if each.ended()]:
                running.remove(each)
                each.close(options.folder)
                keep(options.folder)
            time.sleep(0.1)
            waiting = [job for job in waiting if job.estimate_s <= deadline - time.monotonic()]
    finally:
        for each in running:
            each.stop()
            each.close(options.folder, over=True)


def keep(folder: Path) -> None:
    """Pack the results; a disk that is full stops no job."""
    try:
        gpu_results.pack(folder)
    except OSError as error:
        print(f"results are not packed: {error}", file=sys.stderr)


def startable(waiting: list[Job], running: list[Job], options: argparse.Namespace, left: float) -> list[Job]:
    """The jobs to start now: those that want the GPU for themselves before the trainings."""
    alone = [job for job in waiting if job.alone]
    started: list[Job] = []
    for job in alone or waiting:
        now = running + started
        mixed = any(other.alone != job.alone for other in now)
        memory_gb = sum(other.memory_gb for other in now) + job.memory_gb
        places = min(2, options.places) if job.alone else options.places
        fits = len(now) < places and (memory_gb <= options.memory_gb or not now)
        if not mixed and fits and job.estimate_s <= left:
            started.append(job)
    return started


def main() -> int:
    """Run, pack and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--budget-s", type=float, default=480, help="wall time for everything")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="jobs by name or beginning of a name")
    parser.add_argument("--again", nargs="+", metavar="NAME", help="these alone, also where their result is there")
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--tiny", action="store_true", help="every job as small as it gets, to try the program")
    parser.add_argument("--folder", type=Path, help="where the results are kept; runs/gpu, runs/gpu-tiny with --tiny")
    parser.add_argument("--places", type=int, help="processes at a time; 3, and 2 with --tiny")
    parser.add_argument("--memory-gb", type=float, default=72, help="what jobs at a time may take of the GPU's memory")
    parser.add_argument("--list", action="store_true", help="show the jobs and stop")
    options = parser.parse_args()
    options.folder = (options.folder or ROOT / "runs" / ("gpu-tiny" if options.tiny else "gpu")).resolve()
    options.places = options.places or (2 if options.tiny else 3)
    jobs = chosen(options)
    if options.list:
        print("\n".join(f"{job.name:<38}{job.estimate_s:>6.0f} s  {job.what}" for job in jobs))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    try:
        run(jobs, options)
    finally:
        keep(options.folder)
    print(gpu_results.table(JOBS, options.folder))
    print(f"{time.monotonic() - began:.0f} s of {options.budget_s:.0f} s; results in {options.folder}")
    states = [gpu_results.state(job, options.folder) for job in jobs]
    return int("failed" in states)


if __name__ == "__main__":
    raise SystemExit(main())
