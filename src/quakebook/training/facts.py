"""The facts that a run notes about itself: versions, commit, device, time, memory."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from . import sources

NOTED = ("quakebook", "torch", "numpy", "scipy", "seisbench", "obspy", "lightning", "h5py")


def now() -> str:
    """UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def begin(**facts: Any) -> dict[str, Any]:
    """A fresh record of a run that starts now."""
    return {**facts, "status": "running", "started": now(), "finished": None, "seconds": 0.0, "metrics": {},
            "commit": commit(), "package": package_hash(), "versions": versions(), "python": platform.python_version(),
            "machine": f"{platform.system()} {platform.machine()}", "device": None, "peak_memory_mb": None}


@cache
def versions() -> dict[str, str]:
    """Installed versions of what results depend on."""
    found = {}
    for name in NOTED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


@cache
def package_hash() -> str:
    """First 12 hex digits of the hash over every source file of the package."""
    names = [".".join(("quakebook", *path.relative_to(sources.ROOT).with_suffix("").parts))
             for path in sorted(sources.ROOT.rglob("*.py")) if path.name != "__init__.py"]
    return sources.digest(names)[:12]


@cache
def commit() -> str | None:
    """Git commit of the sources, with "+" when they differ from it.

    ``$QUAKEBOOK_COMMIT`` says it of a copy and goes before git: a copy on another machine may have been put into a
    repository of its own. None outside a repository, without git, or where the repository around them does not hold the
    sources (a copy unpacked inside somebody else's).
    """
    named = os.environ.get("QUAKEBOOK_COMMIT")
    if named:
        return named
    try:
        ask = {"cwd": sources.ROOT, "capture_output": True, "text": True, "timeout": 10, "check": True}
        subprocess.run(["git", "ls-files", "--error-unmatch", "training/facts.py"], **ask)
        head = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], **ask).stdout.strip()
        changed = subprocess.run(["git", "status", "--porcelain", "--untracked-files=no", "."], **ask).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{head}+" if changed else head


def device_name(device: Any) -> str:
    """ "NVIDIA H200" for a CUDA device, the processor's name else."""
    if getattr(device, "type", str(device)) == "cuda":
        import torch

        return torch.cuda.get_device_name(device)
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def peak_memory_mb(device: Any = "cpu") -> float:
    """Most memory held so far, in 10^6 bytes: on the GPU what torch took, on the CPU the process's resident set."""
    if getattr(device, "type", str(device)) == "cuda":
        import torch

        return round(torch.cuda.max_memory_allocated(device) / 1e6, 1)
    import resource

    scale = 1 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6, 1)
