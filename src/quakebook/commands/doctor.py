"""``quakebook doctor``: is everything here that the book needs, and what will be missing from it if not?"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .parsers import add

DISK_GB = 3.0


def add_verbs(verbs: argparse._SubParsersAction) -> None:
    add(verbs, "doctor", doctor, "check interpreter, packages, device, tools, disk and data",
        "quakebook doctor")


def doctor(args: argparse.Namespace) -> int:
    """Print one line a check; 1 when something needed is missing (what is merely optional says so)."""
    worst = 0
    for state, text in [*_interpreter(), *_packages(), *_device(), *_tools(), *_disk(), *_leftovers(), *_copies(),
                        *_data()]:
        print(f"{state:<9}{text}")
        worst = max(worst, state == "MISSING")
    return worst


def _interpreter() -> Iterator[tuple[str, str]]:
    good = (3, 11) <= sys.version_info[:2] < (3, 13)
    yield "ok" if good else "MISSING", f"Python {platform.python_version()} (needed: 3.11 or 3.12)"


def _packages() -> Iterator[tuple[str, str]]:
    from quakebook.project import ProjectError, find_project

    try:
        project = find_project()
    except ProjectError as error:
        yield "MISSING", str(error)
        return
    yield "ok", f"project {project.root}"
    faults = list(different(project.root / "constraints.txt"))
    yield ("ok", "packages are the tested set") if not faults else ("note", "differ from the tested set: "
                                                                   + ", ".join(faults[:8]))
    for name in ("papermill", "jupytext", "jupyter-book"):
        if _installed(name) is None:
            yield "MISSING", f"{name}: pip install -c constraints.txt -e '.[book,notebooks]'"


def different(constraints: Path) -> Iterator[str]:
    """Installed packages whose version is not the pinned one; packages that are not installed do not count."""
    for line in constraints.read_text(encoding="utf-8").splitlines() if constraints.is_file() else []:
        name, _, pinned = line.partition("==")
        found = _installed(name) if pinned else None
        if found and found.partition("+")[0] != pinned:
            yield f"{name} {found} (tested: {pinned})"


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _device() -> Iterator[tuple[str, str]]:
    try:
        import torch
    except ImportError:
        yield "MISSING", "PyTorch is not installed"
        return
    cores = os.cpu_count() or 1
    if torch.cuda.is_available():
        yield "ok", f"PyTorch {torch.__version__} on {torch.cuda.get_device_name(0)}, {cores} processor cores"
    else:
        yield "note", f"PyTorch {torch.__version__} without a GPU, {cores} processor cores: preset paper takes hours"


def _tools() -> Iterator[tuple[str, str]]:
    for tool, need in (("git", "commits in run records"), ("npm", "pages that open without a network")):
        yield ("ok" if shutil.which(tool) else "note"), f"{tool} (for {need})"
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    yield ("ok" if browser else "note"), f"chromium (only for the browser test): {browser or 'not found'}"


def _disk() -> Iterator[tuple[str, str]]:
    here = Path.cwd()
    free = shutil.disk_usage(here).free / 1e9
    yield ("ok" if free > DISK_GB else "MISSING"), f"{free:.0f} GB free in {here} (needed: {DISK_GB:.0f})"
    from quakebook.project import runs_root

    runs = runs_root()
    folder = next(p for p in (runs.resolve(), *runs.resolve().parents) if p.exists())
    yield ("ok" if os.access(folder, os.W_OK) else "MISSING"), f"runs can be written to {runs.resolve()}"


def _leftovers() -> Iterator[tuple[str, str]]:
    from quakebook.project import ProjectError, cache_root, find_project, runs_root

    from .sweep import sweep

    roots = [runs_root(), cache_root()]
    with suppress(ProjectError):
        roots += [find_project().build, find_project().recorded]
    count, size = sweep(roots)
    if count:
        yield "swept", f"{count} unfinished files of killed writers, {size / 1e6:.1f} MB"


def _copies() -> Iterator[tuple[str, str]]:
    from quakebook.data.archive.bigsets import cache_folder, copies

    found = copies()
    size = sum(each[1] for each in found) / 1e9
    yield "note", (f"{len(found)} copies of data sets for fast reading, {size:.1f} GB, in {cache_folder()}"
                   + (" (quakebook data clean removes them)" if found else ""))


def _data() -> Iterator[tuple[str, str]]:
    cache = Path(os.environ.get("SEISBENCH_CACHE_ROOT") or Path.home() / ".seisbench") / "datasets"
    sets = sorted(p.name for p in cache.iterdir() if p.is_dir()) if cache.is_dir() else []
    found = ", ".join(sets) or f"none in {cache}; the book needs none"
    yield "note", f"SeisBench data sets: {found}"
