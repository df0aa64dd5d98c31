"""Where things lie in the project folder: notebooks, book sources, results and everything under ``_build``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PRESETS = ("smoke", "quick", "paper")


class ProjectError(ValueError):
    """The project folder cannot be found or lacks a part."""


@dataclass(frozen=True)
class Project:
    """Paths below one project root.

    Parameters
    ----------
    root : Path
        Folder with ``profiles.yml``, ``_toc.yml``, ``notebooks/`` and ``book/``.
    """

    root: Path

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def book(self) -> Path:
        return self.root / "book"

    @property
    def claims(self) -> Path:
        return self.book / "claims"

    @property
    def recorded(self) -> Path:
        return self.book / "recorded"

    @property
    def profiles(self) -> Path:
        return self.root / "profiles.yml"

    @property
    def build(self) -> Path:
        return self.root / "_build"

    def executed(self, profile: str) -> Path:
        return self.build / "executed" / profile

    def results(self, profile: str) -> Path:
        return self.build / "results" / profile

    @property
    def source_tree(self) -> Path:
        return self.build / "book-src"

    @property
    def html(self) -> Path:
        return self.build / "html"

    @property
    def vendor(self) -> Path:
        return self.build / "vendor"


def find_project(start: str | Path | None = None) -> Project:
    """Find the project folder.

    Looked for in ``$QUAKEBOOK_ROOT``, then in `start` (the working folder) and the folders above it, then above the
    installed package (an editable install lies inside the project).
    """
    named = os.environ.get("QUAKEBOOK_ROOT")
    if named and start is None:
        if not (Path(named) / "profiles.yml").is_file():
            raise ProjectError(f"QUAKEBOOK_ROOT is {named!r}, but there is no profiles.yml in it")
        return Project(Path(named).resolve())
    here = Path(start or Path.cwd()).resolve()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if (folder / "profiles.yml").is_file() and (folder / "notebooks").is_dir():
            return Project(folder)
    raise ProjectError(f"no quakebook project (profiles.yml beside notebooks/) in {here} or above; "
                       "change into a checkout or set QUAKEBOOK_ROOT")


def runs_root() -> Path:
    """``$QUAKEBOOK_RUNS``, else ``runs/`` in the project (the nearest folder upwards with a pyproject.toml) or here."""
    named = os.environ.get("QUAKEBOOK_RUNS")
    if named:
        return Path(named).expanduser()
    here = Path.cwd()
    home = next((folder for folder in (here, *here.parents) if (folder / "pyproject.toml").is_file()), here)
    return home / "runs"


def shared_data(name: str) -> Path | None:
    """A folder of data that several projects use, or None where it is absent.

    Looked for in ``$QUAKEBOOK_SHARED_DATA`` and in ``../shared/data`` beside the checkout.
    """
    named = os.environ.get("QUAKEBOOK_SHARED_DATA")
    places = [Path(named)] if named else []
    places.append(Path(__file__).resolve().parents[3] / "shared" / "data")
    return next((place / name for place in places if (place / name).is_dir()), None)
