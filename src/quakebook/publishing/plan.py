"""The batch as a list of jobs, each with a dependency key: what has the same key need not run again.

The key of a notebook is a hash of its source, its parameters, the source of every quakebook module that it imports
(with the modules those import), its paper's claims and recorded results, the pinned package set, further files that its
profile names, and names and sizes of the real data beside the project. A notebook that runs after all others also
depends on their keys.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quakebook.project import Project
from quakebook.training.sources import closure

from .executed import key_of, problems
from .parameters import check, declared
from .profiles import Entry, ProfileError, load_profiles, preset_known, select
from .reports import recorded_files

#: Loaded into every kernel of the batch: it draws the layout for phones of every figure.
EXTENSION = tuple(Path(__file__).resolve().parents[1] / "plots" / name for name in ("phone.py", "stacking.py"))


@dataclass(frozen=True)
class Job:
    """One notebook at one preset.

    Parameters
    ----------
    entry : Entry
    source, target : Path
        The notebook, and where its executed copy belongs.
    parameters : dict
    key : str
        Dependency key, 32 hexadecimal digits.
    inputs : tuple of Path
        Files that the key covers.
    cost_s : float
        Rough seconds on one core.
    """

    entry: Entry
    source: Path
    target: Path
    parameters: dict[str, Any]
    key: str
    inputs: tuple[Path, ...] = field(repr=False)
    cost_s: float = 0.0

    @property
    def name(self) -> str:
        return self.entry.name

    def state(self) -> list[str]:
        """Why the executed notebook cannot be used; empty when it is up to date."""
        import nbformat

        if not self.target.is_file():
            return ["was not run"]
        try:
            notebook = nbformat.read(self.target, as_version=4)
        except Exception as error:
            return [f"is not readable: {error}"]
        if found := problems(notebook):
            return found
        return [] if key_of(notebook) == self.key else ["is stale: its sources have changed since it was run"]


def plan(project: Project, preset: str, papers: list[str] | None = None) -> list[Job]:
    """Jobs of a preset in the order of ``profiles.yml``, those that run after all others at the end.

    Parameters
    ----------
    project : Project
    preset : {"smoke", "quick", "paper"}
    papers : list of str, optional
        Chapters or single notebooks; all by default.
    """
    preset_known(preset)
    entries = load_profiles(project)
    first = [_job(project, e, preset) for e in entries.values() if not e.last]
    jobs = first + [_job(project, e, preset, [f"{j.name} {j.key}" for j in first]) for e in entries.values() if e.last]
    wanted = select(entries, papers)
    return [job for job in jobs if job.name in wanted]


def _job(project: Project, entry: Entry, preset: str, upstream: Iterable[str] = ()) -> Job:
    import nbformat

    source = project.notebooks / f"{entry.name}.ipynb"
    if not source.is_file():
        raise ProfileError(f"{project.profiles}: there is no notebook {source}")
    notebook = nbformat.read(source, as_version=4)
    parameters = entry.parameters[preset]
    check(parameters, declared(notebook, entry.name), entry.name)
    script = source.with_suffix(".py")
    if not script.is_file():
        raise ProfileError(f"{source} has no {script.name} beside it")
    inputs = [*sorted({*EXTENSION, *closure([script]).values()}), *data_files(project, entry)]
    facts = {"cells": [[c.cell_type, c.source, c.metadata] for c in notebook.cells], "parameters": parameters,
             "preset": preset, "python": platform.python_version(), "upstream": list(upstream),
             "real data": real_data(project), "files": {_label(path, project): digest(path) for path in inputs}}
    key = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:32]
    target = project.executed(preset) / f"{entry.name}.ipynb"
    return Job(entry, source, target, parameters, key, (source, *inputs), float(entry.cost_s.get(preset, 0)))


def data_files(project: Project, entry: Entry) -> list[Path]:
    """Files beside the source that a notebook depends on: claims, recorded results, pins, what its profile names."""
    if entry.last:
        found = [*project.claims.glob("*.yaml"), *(p for p in project.recorded.rglob("*") if p.is_file())]
    else:
        found = [project.claims / f"{entry.paper}.yaml", *recorded_files(entry.paper, project)]
    found.append(project.root / "constraints.txt")
    for word in entry.reads:
        path = project.root / word
        if not path.exists():
            raise ProfileError(f"{entry.name}: reads names {word!r}, which does not exist")
        found += [p for p in path.rglob("*") if p.is_file()] if path.is_dir() else [path]
    return sorted({p for p in found if p.is_file()})


def real_data(project: Project) -> list[str]:
    """Real data in ``$QUAKEBOOK_SHARED_DATA`` or ``../shared/data``: names and sizes; empty where there are none.

    Pages show real records where they find them, so a page made without them is out of date once they are there.
    """
    named = os.environ.get("QUAKEBOOK_SHARED_DATA")
    place = Path(named) if named else project.root.parent / "shared" / "data"
    return sorted(f"{p.relative_to(place)} {p.stat().st_size}" for p in place.rglob("*") if p.is_file())


def digest(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _label(path: Path, project: Project) -> str:
    try:
        return path.resolve().relative_to(project.root).as_posix()
    except ValueError:
        return "/".join(path.parts[-3:])
