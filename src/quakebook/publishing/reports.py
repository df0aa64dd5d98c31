"""What was measured: metrics that a page reports in this build, and recorded metrics of longer runs.

Both are small JSON files of one form; a metric in them is a number, or one with its spread over seeds (see
`quakebook.publishing.measured`). A page's file lies in ``$QUAKEBOOK_RESULTS/<paper>/<source>.json`` and says which
notebook and preset wrote it; a recorded file is kept in ``book/recorded/`` under a name that starts with the paper's.
"""

from __future__ import annotations

import json
import os
import platform
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from quakebook.project import Project, find_project
from quakebook.training.files import write_atomic
from quakebook.training.recorded_files import is_recorded, read_facts

from .claim import ClaimError
from .measured import Measured, gathered, measured

#: On what a number was computed; "real" is measured data, "benchmark" a model that others use too (Marmousi2).
DATA = ("synthetic", "model-free", "benchmark", "real", "recorded")
COMPUTED_ON = DATA[:-1]
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+=,-]*")
FIELDS = ("paper", "source", "data", "metrics")


@dataclass(frozen=True)
class Result:
    """Metrics from one page or one recorded run.

    Parameters
    ----------
    paper, source : str
    data : {"synthetic", "model-free", "benchmark", "real"}
        On what the numbers were computed. A recorded file that does not say counts as synthetic.
    metrics : dict of str to Measured
    recorded : bool
        Kept from an earlier, longer run; False for a page of this build.
    facts : dict
        Everything else in the file: run, notebook, profile, device, versions, commit, seconds, seeds.
    """

    paper: str
    source: str
    data: str
    metrics: dict[str, Measured]
    recorded: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def notebook(self) -> str | None:
        return self.facts.get("notebook")

    @property
    def profile(self) -> str | None:
        return self.facts.get("profile")


def report(paper: str, source: str, metrics: Mapping[str, float | Measured], data: str = "synthetic", run: Any = None,
           **facts: Any) -> Path:
    """Keep the numbers of one page, where the claims table and the results page find them.

    Parameters
    ----------
    paper, source : str
        `source` names the page or the part of it; the same name again replaces the file.
    metrics : mapping of str to float or Measured
        Keys as in the claims' ``metric``. NaN is kept, and never agrees with a claim. An ordering is decided only by a
        `Measured`, which says how far seeds scatter: ``over_seeds([...])`` of the difference, seed by seed.
    data : {"synthetic", "model-free", "benchmark", "real", "recorded"}
    run : Run or str, optional
        Run, or its identity, behind the numbers.
    **facts
        Anything worth keeping that JSON can hold (seeds, steps, seconds).

    Returns
    -------
    Path
        The file, written atomically.
    """
    for what, word in (("paper", paper), ("source", source), *(("metric", key) for key in metrics)):
        if not isinstance(word, str) or not NAME.fullmatch(word):
            raise ClaimError(f"{what} must be letters, digits and _ . + = , - only; found {word!r}")
    if data not in DATA:
        raise ClaimError(f"data must be one of {', '.join(DATA)}; found {data!r}")
    if taken := sorted(set(facts) & {*FIELDS, "notebook", "profile", "version"}):
        raise ClaimError(f"these facts are filled in already: {', '.join(taken)}")
    numbers = {key: measured(value, key).plain for key, value in metrics.items()}
    profile = os.environ.get("QUAKEBOOK_PROFILE") or "interactive"
    body = {"paper": paper, "source": source, "data": data, "metrics": numbers, "run": getattr(run, "id", run),
            "notebook": os.environ.get("QUAKEBOOK_NOTEBOOK"), "profile": profile, "version": _version(),
            "python": platform.python_version(), "written": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **facts}
    try:
        text = json.dumps(body, indent=1, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ClaimError(f"facts must be plain JSON values: {error}") from error
    return write_atomic(results_folder() / paper / f"{source}.json", text + "\n")


def results_folder(project: Project | None = None, profile: str | None = None) -> Path:
    """``$QUAKEBOOK_RESULTS``, or ``_build/results/<profile>`` of the project."""
    named = os.environ.get("QUAKEBOOK_RESULTS")
    if named and profile is None:
        return Path(named)
    profile = profile or os.environ.get("QUAKEBOOK_PROFILE") or "interactive"
    return (project or find_project()).results(profile)


def reported(paper: str, folder: Path | None = None) -> list[Result]:
    """Results that pages have written for one paper, sorted by source."""
    folder = (folder or results_folder()) / paper
    return [read(path, paper) for path in sorted(folder.glob("*.json"))]


def recorded(paper: str, project: Project | None = None) -> list[Result]:
    """Recorded results of one paper; its other recorded files (weights, curves, tables) hold no ``metrics``."""
    found = [read(path, paper, recorded=True) for path in recorded_files(paper, project or find_project())
             if path.suffix == ".json"]
    return [result for result in found if result is not None]


def recorded_files(paper: str, project: Project) -> list[Path]:
    """Every recorded file of a paper, also weights: ``<paper>.*``, ``<paper>-*``, ``<paper>_*`` or in ``<paper>/``."""
    wanted = re.compile(rf"{re.escape(paper)}([-_./].*)?")
    return sorted(p for p in project.recorded.rglob("*")
                  if p.is_file() and wanted.fullmatch(p.relative_to(project.recorded).as_posix()))


def read(path: Path, paper: str, *, recorded: bool = False) -> Result | None:
    """Read one result file; a fault names the file. None for a recorded file without ``metrics``.

    What `quakebook record` wrote is compared with its checksum first.
    """
    try:
        body = read_facts(path) if recorded and is_recorded(path) else json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ClaimError(f"{path}: not a readable result file: {error}") from error
    if recorded and not (isinstance(body, dict) and "metrics" in body):
        return None
    if not isinstance(body, dict) or not isinstance(body.get("metrics"), dict):
        raise ClaimError(f"{path}: expected an object with paper, source, data and metrics")
    if body.get("paper", paper) != paper:
        raise ClaimError(f"{path}: is about the paper {body['paper']!r}, but lies among the files of {paper!r}")
    data = str(body.get("data", "synthetic")).partition(" ")[0]  # "synthetic (magnitude)" is synthetic
    if data not in DATA:
        raise ClaimError(f"{path}: data must begin with one of {', '.join(DATA)}; found {body['data']!r}")
    if data == "recorded":
        data, recorded = body.get("computed_on", "synthetic"), True
        if data not in COMPUTED_ON:
            raise ClaimError(f"{path}: computed_on must be one of {', '.join(COMPUTED_ON)}; found {data!r}")
    metrics = gathered(body["metrics"], str(path))
    facts = {k: v for k, v in body.items() if k not in FIELDS}
    return Result(paper, str(body.get("source", body.get("name", path.stem))), data, metrics, recorded, facts)


def forget(folder: Path, notebook: str) -> None:
    """Remove the numbers that an earlier run of this notebook reported, so that none outlives its page."""
    for path in folder.glob("*/*.json"):
        try:
            owner = json.loads(path.read_text(encoding="utf-8")).get("notebook")
        except (OSError, ValueError, AttributeError):
            owner = notebook  # unreadable: of no use to anybody
        if owner == notebook:
            path.unlink(missing_ok=True)


def _version() -> str:
    try:
        return version("quakebook")
    except PackageNotFoundError:
        return "unknown"
