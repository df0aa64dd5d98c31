"""Lay out what pages are made from: prose and executed notebooks under ``_build/book-src``, as in the repository.

A notebook that was not run, failed, or was run before its sources changed is refused; so is a page tree that names
other notebooks than the profiles do. Files are copied by content: one that has not changed keeps its time stamp.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml

from quakebook.project import Project

from . import facts_pages, front, gpu_table, ink, source_pages
from .executed import UnfinishedNotebook
from .headlines import Headline, headlines
from .page import dress
from .plan import Job, plan
from .results_list import pages_with_claims
from .static_explorers import Assets

PROSE = (".md", ".bib")


def stage(project: Project, preset: str) -> Path:
    """Make the staged tree; the error lists every notebook that cannot be used and why."""
    jobs = plan(project, preset)
    if faults := [f"{job.name}: {'; '.join(state)}" for job in jobs if (state := job.state())]:
        raise UnfinishedNotebook("these pages cannot be built:\n  " + "\n  ".join(faults))
    check_toc(project, {job.name for job in jobs})
    tree = project.source_tree
    found = headlines(project, project.results(preset))
    places = pages_with_claims(project, preset)
    wanted: dict[Path, bytes] = {}
    for path in _prose(project):
        wanted[path.relative_to(project.root)] = path.read_bytes()
    with ink.kept_in(project.build / "pictures" / preset):
        wanted |= _notebooks(project, preset, jobs, found, places)
    wanted |= front.fill(wanted, found, places)
    wanted |= gpu_table.fill(wanted, project)
    if project.vendor.is_dir():
        for path in project.vendor.rglob("*"):
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(project.vendor).parts):
                wanted[Path("book/_assets/vendor") / path.relative_to(project.vendor)] = path.read_bytes()
    mirror(wanted, tree)
    return tree


def _notebooks(project: Project, preset: str, jobs: list[Job], found: list[Headline],
               places: dict[str, str]) -> dict[Path, bytes]:
    """Pages from notebooks, the pictures of their explorers, and the source and facts that they link to."""
    wanted: dict[Path, bytes] = {}
    modules: set[str] = set()
    for job in jobs:
        assets = Assets(depth=1 + job.name.count("/"))
        once = {headline.text: headline for headline in reversed(found) if headline.page == job.name}
        own = [headline.markdown(places, assets.depth) for headline in reversed(once.values())]
        content, linked = dress(job.target, job.name, preset, assets, own)
        wanted[Path("notebooks") / f"{job.name}.ipynb"] = content
        wanted |= {Path(path): picture for path, picture in assets.files.items()}
        modules |= linked
    pages = [*(source_pages.page(module) for module in sorted(modules)),
             *(facts_pages.page(paper, project) for paper in sorted({job.entry.paper for job in jobs}))]
    return wanted | {Path(path): content for path, content in pages}


def mirror(wanted: dict[Path, bytes], tree: Path) -> None:
    """Make `tree` hold exactly these files, touching only those that differ."""
    for relative, content in wanted.items():
        target = tree / relative
        if target.is_dir():
            shutil.rmtree(target)
        if target.is_file() and target.read_bytes() == content:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    for path in sorted(tree.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(tree) not in wanted:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def toc_pages(project: Project) -> list[str]:
    """Every page that ``_toc.yml`` names, root first."""
    toc = yaml.safe_load((project.root / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *_files(toc)]


def check_toc(project: Project, notebooks: set[str]) -> None:
    """The page tree names every notebook of the profiles once, and no other."""
    named = [p.removeprefix("notebooks/") for p in toc_pages(project) if p.startswith("notebooks/")]
    faults = [f"{name} is named twice" for name in set(named) if named.count(name) > 1]
    faults += [f"{name} is in _toc.yml but not in profiles.yml" for name in sorted(set(named) - notebooks)]
    faults += [f"{name} is in profiles.yml but not in _toc.yml" for name in sorted(notebooks - set(named))]
    if faults:
        raise UnfinishedNotebook("; ".join(faults))


def _files(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if "file" in node:
            yield node["file"]
        for key in ("parts", "chapters", "sections"):
            yield from _files(node.get(key))
    elif isinstance(node, list):
        for item in node:
            yield from _files(item)


def _prose(project: Project) -> Iterator[Path]:
    for path in sorted(project.book.rglob("*")):
        inside = path.relative_to(project.book)
        if path.is_file() and (path.suffix in PROSE or inside.parts[0] == "_assets"):
            yield path
