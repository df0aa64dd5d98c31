"""Jobs of `gpu.py`, one after the other.

    python benchmarks/gpu_work.py NAME... --folder DIR [--device cpu] [--tiny] [--again]
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys
import time
import traceback
from contextlib import nullcontext, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import gpu_results
from gpu_jobs import JOBS, Job
from gpu_results import NotBuilt


def main() -> int:
    """Do the jobs; 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", choices=[job.name for job in JOBS], metavar="NAME")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--again", action="store_true")
    options = parser.parse_args()
    follow_parent()
    return max(int(not do(next(job for job in JOBS if job.name == name), options)) for name in options.names)


def do(job: Job, options: argparse.Namespace) -> bool:
    """Do one job and write its numbers with the facts about where they come from; False when it failed."""
    path = gpu_results.path_of(job, options.folder)
    numbers: dict[str, Any] = {}

    def note(**found: Any) -> None:
        """Keep numbers at once, so that a job that is stopped leaves what it has."""
        numbers.update(found)
        gpu_results.write(path, {"name": job.name, "state": "running", "numbers": numbers})

    began, processor, message = time.perf_counter(), cpu_seconds(), ""
    try:
        work(job, options, note)
        state = gpu_results.DONE
    except NotBuilt as reason:
        state, message = gpu_results.ABSENT, str(reason)
    except Exception as error:
        traceback.print_exc()
        reason = str(error).splitlines()[0] if str(error) else ""
        state, message = gpu_results.FAILED, f"{type(error).__name__}: {reason}"
    gpu_results.write(path, {"name": job.name, "state": state, "message": message[:300], "numbers": numbers,
                             "seconds": round(time.perf_counter() - began, 2),
                             "cpu_seconds": round(cpu_seconds() - processor, 2), "tiny": options.tiny,
                             **origin(options.device)})
    return state != gpu_results.FAILED


def cpu_seconds() -> float:
    """Processor time of this process and of those that it has waited for."""
    return sum(os.times()[:4])


def follow_parent() -> None:
    """Ask Linux to end this process when `gpu.py` is killed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def work(job: Job, options: argparse.Namespace, note: Any) -> None:
    """Call the job's function; one that wants the GPU for itself loads first and then waits for its turn."""
    if job.function.startswith("record:"):
        _, chapter, entry = job.function.split(":")
        return record(chapter, entry, options, note)
    module, name = job.function.split(":")
    function = getattr(import_module(module), name)
    from filelock import FileLock

    options.folder.mkdir(parents=True, exist_ok=True)
    for slow in ("quakebook.training.loop", "seisbench.models"):
        import_module(slow)
    with FileLock(options.folder / "measuring.lock") if job.alone and not options.tiny else nullcontext():
        function(options.device, options.tiny, note)


def record(chapter: str, name: str, options: argparse.Namespace, note: Any) -> None:
    """Make one entry of a chapter's plan; with `tiny` the same function with the smallest settings."""
    import gpu_tiny

    from quakebook.training import recorded

    entry = planned(chapter, name)
    if options.device == "cpu" and not options.tiny:
        raise NotBuilt("this takes hours without a GPU; `quakebook record` makes it anywhere")

    where = options.folder / "recorded" / chapter
    if options.again or recorded.state(chapter, name, where) != "recorded":
        if options.tiny:
            gpu_tiny.prepare()
            entry = gpu_tiny.shrunk(entry)
        recorded.make(chapter, entry, where)
    kept = recorded.read(chapter, name, where)
    note(seconds=kept.facts["seconds"], **dict(list(kept.metrics.items())[:8]))


def planned(chapter: str, name: str) -> Any:
    """The entry of that name, or NotBuilt."""
    from quakebook.training import recorded

    try:
        entries = recorded.plan(chapter)
    except (ImportError, ValueError) as error:
        raise NotBuilt(str(error)) from error
    if name not in entries:
        raise NotBuilt(f"{chapter} has no {name} in its plan of recorded results")
    return entries[name]


def origin(device: str) -> dict[str, Any]:
    """Device, versions, commit and time."""
    from quakebook.training import facts

    known = facts.begin()
    return {"device": facts.device_name(device), "finished": facts.now(),
            **{key: known[key] for key in ("commit", "package", "versions", "python", "machine")}}


if __name__ == "__main__":
    sys.exit(main())
