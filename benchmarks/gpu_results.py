"""Results of the jobs of `gpu.py`: what is there, what is packed, and the table."""

from __future__ import annotations

import json
import os
import sys
import tarfile
from pathlib import Path
from typing import Any

from gpu_jobs import Job

#: Largest size of one packed file, and how many there may be.
PART_BYTES, PARTS = 15_000_000, 4
#: Not packed: trainings under way.
LEFT_OUT = ("trainings",)
DONE, FAILED, ABSENT, STOPPED, WAITING = "done", "failed", "not built yet", "stopped", "not begun"


class NotBuilt(Exception):
    """The part of the package that a job measures does not exist."""


def path_of(job: Job, folder: Path) -> Path:
    """Where the numbers of a job stand."""
    return folder / "measured" / f"{job.name}.json"


def write(path: Path, body: dict[str, Any]) -> Path:
    """JSON under a temporary name, flushed, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("w") as file:
        json.dump(body, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    return path


def read(job: Job, folder: Path) -> dict[str, Any]:
    """What a job wrote; empty where it wrote nothing readable."""
    return _facts(path_of(job, folder))


def state(job: Job, folder: Path) -> str:
    """done, failed, not built yet, stopped or not begun."""
    return read(job, folder).get("state", WAITING)


def finished(job: Job, folder: Path, kept: Path | None = None) -> bool:
    """Whether nothing is left to do: the result is there, or stands among the recorded results below `kept`.

    Tests are done when none failed.
    """
    body = read(job, folder)
    if body.get("state") == DONE:
        return True
    return kept is not None and (_is_recorded(job, kept) or _is_measured(job, kept))


def _is_recorded(job: Job, kept: Path) -> bool:
    word, _, name = job.function.partition(":")
    chapter, _, entry = name.partition(":")
    return word == "record" and _facts(kept / chapter / f"{entry}.json").get("name") == entry


def _is_measured(job: Job, kept: Path) -> bool:
    """Recorded measurements name in `command` the job that made them."""
    for path in sorted((kept / "data").glob("gpu-*.json")):
        facts = _facts(path)
        if str(facts.get("command")).endswith(f" {job.name}"):
            return facts.get("state") == DONE and not facts.get("metrics", {}).get(f"{facts['name']}.failed")
    return False


def _facts(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def close(job: Job, folder: Path, status: int | None, seconds: float, over: bool = False) -> None:
    """Note how a job ended that could not say it itself."""
    body = read(job, folder)
    if body.get("state") not in (DONE, ABSENT, FAILED):
        signalled = over or (status or 0) < 0 or status == 143
        body = {"name": job.name, "state": STOPPED if signalled else FAILED, "numbers": body.get("numbers", {}),
                "message": f"exit status {status}"}
    write(path_of(job, folder), body | {"process_seconds": round(seconds, 1)})


def pack(folder: Path) -> list[Path]:
    """Copies of all results in tar files under $OUT, each small enough to travel; none where OUT is not set."""
    out = os.environ.get("OUT")
    if not out or not folder.is_dir():
        return []
    Path(out).mkdir(parents=True, exist_ok=True)
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in (".part", ".lock")
             and path.relative_to(folder).parts[0] not in LEFT_OUT]
    parts: list[list[Path]] = [[]]
    size = 0
    for path in files:
        more = path.stat().st_size + 1536
        if size + more > PART_BYTES and parts[-1]:
            parts.append([])
            size = 0
        parts[-1].append(path)
        size += more
    if len(parts) > PARTS:
        left = [str(path.relative_to(folder)) for part in parts[PARTS:] for path in part]
        print(f"not packed, over {PARTS} parts of {PART_BYTES:,} bytes: {', '.join(left)}", file=sys.stderr)
    made = []
    for number, part in enumerate(parts[:PARTS]):
        made.append(Path(out) / f"gpu-{number}.tar")
        temporary = made[-1].with_suffix(".part")
        with tarfile.open(temporary, "w") as archive:
            for path in part:
                archive.add(path, path.relative_to(folder))
        os.replace(temporary, made[-1])
    return made


def table(jobs: tuple[Job, ...], folder: Path) -> str:
    """One line a number."""
    lines = []
    for job in jobs:
        body = read(job, folder)
        took = body.get("seconds", body.get("process_seconds"))
        seconds = "" if took is None else f"{took:.0f} s"
        message = f"  {body['message']}" if body.get("message") else ""
        lines.append(f"{job.name:<38}{body.get('state', WAITING):<14}{seconds:>6}  {job.what}{message}")
        lines += [f"    {name:<52}{_shown(value):>14}" for name, value in body.get("numbers", {}).items()
                  if not isinstance(value, list)]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
