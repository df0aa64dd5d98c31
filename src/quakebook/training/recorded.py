"""Recorded results: how the entries of a chapter's plan are made, kept and read.

A chapter's ``recorded/plan.py`` holds ``PLAN``, a tuple of `Entry`. The function that an entry names computes and
returns an `Outcome`; time, machine and sources are noted here, and the files written by `recorded_files`. What is there
already is left alone, and each result is written as soon as it is finished, so a killed recording goes on. Processes
that record at the same time should be given different names: both would make the same result.
"""

from __future__ import annotations

import inspect
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from quakebook.project import find_project

from . import config, facts, recorded_files
from .files import RunError
from .recorded_files import Recorded
from .recorded_plan import Entry, Outcome, RecordedError, chosen, plan

__all__ = ["Entry", "Outcome", "Recorded", "RecordedError", "chosen", "folder", "keep", "make", "names", "plan", "read",
           "record", "state"]

#: Facts that the machine fills in; seeds, threads and device may come from the function, which may know better.
OWN = ("format", "paper", "name", "command", "function", "arguments", "settings", "run", "commit", "package",
       "versions", "seconds", "cpu_seconds", "finished", "metrics", "files", "sha256")
#: What a finished run says of itself better than the process that found it.
FROM_RUN = ("commit", "package", "device", "versions", "threads", "python", "machine", "peak_memory_mb", "finished")


def folder(chapter: str) -> Path:
    """``book/recorded/<chapter>`` of the project."""
    return find_project().recorded / chapter


def names(chapter: str, where: Path | None = None) -> list[str]:
    """What is recorded, sorted by name; whether it is whole, `read` and `state` say."""
    return recorded_files.names(where or folder(chapter))


def read(chapter: str, name: str, where: Path | None = None) -> Recorded:
    """One recorded result. Raises RunError naming what is absent or damaged."""
    return recorded_files.read(where or folder(chapter), name)


def state(chapter: str, name: str, where: Path | None = None) -> str:
    """ "recorded", "missing", or what is wrong with the files."""
    if not ((where or folder(chapter)) / f"{name}.json").is_file():
        return "missing"
    try:
        read(chapter, name, where).check()
    except RunError as error:
        return str(error)
    return "recorded"


def record(chapter: str, words: Iterable[str] = (), where: Path | None = None, force: bool = False,
           say: Callable[[str], None] = print) -> list[str]:
    """Make what is missing (with `force`: all that was chosen); return the names that failed."""
    failed = []
    for entry in chosen(plan(chapter), words):
        condition = "missing" if force else state(chapter, entry.name, where)
        if condition == "recorded":
            continue
        try:
            if condition != "missing":
                raise RunError(condition)
            say(f"{entry.name}: {make(chapter, entry, where)}")
        except (ValueError, OSError, RuntimeError, FloatingPointError) as error:
            failed.append(entry.name)
            say(f"{entry.name}: failed: {error}")
    return failed


def make(chapter: str, entry: Entry, where: Path | None = None) -> Path:
    """Call the entry's function, measure it, and write what it returns; the path of the JSON file."""
    where = where or folder(chapter)
    function = _function(entry)
    given = {"folder": where} if "folder" in inspect.signature(function).parameters else {}
    began, cpu = time.perf_counter(), time.process_time()
    outcome = function(**entry.arguments, **given)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    return keep(chapter, entry.name, outcome, where, command=f"quakebook record {chapter} {entry.name}",
                function=entry.function, arguments=dict(entry.arguments), seconds=seconds, cpu_seconds=cpu_seconds)


def keep(chapter: str, name: str, outcome: Outcome, where: Path | None = None, *, command: str | None = None,
         function: str | None = None, arguments: Mapping[str, Any] | None = None, seconds: float | None = None,
         cpu_seconds: float | None = None) -> Path:
    """Write an outcome with the facts about where it comes from, also one that stands in no plan."""
    if not isinstance(outcome, Outcome):
        raise RecordedError(f"{function or name} must return an Outcome; found {type(outcome).__name__}")
    if taken := sorted(set(outcome.facts) & set(OWN)):
        raise RecordedError(f"{name}: these facts are filled in already: {', '.join(taken)}")
    metrics = {key: _number(value, f"{name}: {key}") for key, value in outcome.metrics.items()}
    body = {"paper": chapter, "name": name, "command": command, "function": function, "arguments": arguments,
            **_origin(outcome, arguments or {}, seconds, cpu_seconds), **outcome.facts,
            "settings": None if outcome.settings is None else config.to_dict(outcome.settings),
            "metrics": metrics}
    return recorded_files.write(where or folder(chapter), name, body, outcome.arrays, outcome.weights)


def _function(entry: Entry) -> Callable[..., Outcome]:
    module, name = entry.function.split(":")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise RecordedError(f"{entry.name}: there is no function {entry.function} ({error})") from error


def _origin(outcome: Outcome, arguments: Mapping[str, Any], seconds: float | None,
            cpu_seconds: float | None) -> dict[str, Any]:
    """Run, sources, machine, seeds and time. A run that was finished before counts with its own time."""
    run = outcome.run
    several = isinstance(run, (list, tuple))
    own = getattr(run, "record", {})
    begun = facts.begin()
    here = {**{key: begun[key] for key in ("commit", "package", "versions", "python", "machine")},
            "device": _device(), "threads": _threads(), "peak_memory_mb": facts.peak_memory_mb(),
            "finished": facts.now()}
    if own.get("seconds", 0) > (seconds or 0):
        seconds, cpu_seconds = own["seconds"], None
    seed = own.get("seed", arguments.get("seed"))
    return {"run": [getattr(one, "id", one) for one in run] if several else getattr(run, "id", run),
            **here, **{key: own[key] for key in FROM_RUN if own.get(key) is not None},
            "seeds": [] if seed is None else [seed], "seconds": seconds, "cpu_seconds": cpu_seconds}


def _number(value: Any, what: str) -> float:
    try:
        return float("nan") if value is None else float(value)
    except (TypeError, ValueError) as error:
        raise RecordedError(f"{what} must be a number; found {value!r}") from error


def _device() -> str:
    torch = sys.modules.get("torch")
    return facts.device_name("cuda" if torch and torch.cuda.is_initialized() else "cpu")


def _threads() -> int | None:
    torch = sys.modules.get("torch")
    return torch.get_num_threads() if torch else None
