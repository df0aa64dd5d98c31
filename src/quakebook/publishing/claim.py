"""What each paper states: claims read from ``book/claims/<paper>.yaml``, checked field by field."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from quakebook.project import Project, find_project

ANSWERS = ("reproduction", "effect", "real")
BOUNDS = ("tolerance", "relative", "at_least", "at_most", "between")
REQUIRED = ("id", "says", "where", "published", "metric", "why", "answers")


class ClaimError(ValueError):
    """A claim file, a result file or a reported number that cannot be used; the message names file and entry."""


@dataclass(frozen=True)
class Claim:
    """One number or direction that a paper states, and the bounds inside which ours agrees.

    Parameters
    ----------
    paper, id, says, where, metric, why : str
        `says` is the claim in words, `where` its place in the paper, `metric` the reported key that answers it, `why`
        the reason for the bounds.
    published : float or None
        The printed number; None when only a direction is stated.
    low, high : float
        Ours agrees when low <= ours <= high.
    bounds : str
        The bounds as shown in tables, for example "± 0.05".
    answers : {"reproduction", "effect", "real"}
        Same computation as the paper; the effect on synthetic or reduced data; or needs a real data set.
    needs : str
        Command that runs the computation where it was not run here; may be empty.
    """

    paper: str
    id: str
    says: str
    where: str
    published: float | None
    metric: str
    low: float
    high: float
    bounds: str
    why: str
    answers: str
    needs: str = ""

    def agrees(self, value: float) -> bool:
        """True inside the bounds (up to rounding of the last float digit); never for NaN."""
        slack = 1e-12 * max(1.0, *(abs(b) for b in (self.low, self.high) if math.isfinite(b)))
        return self.low - slack <= value <= self.high + slack


def papers(project: Project | None = None) -> list[str]:
    """Papers that have a claim file, sorted."""
    return sorted(p.stem for p in (project or find_project()).claims.glob("*.yaml"))


def load(paper: str, project: Project | None = None) -> list[Claim]:
    """Read and check the claims of one paper."""
    project = project or find_project()
    path = project.claims / f"{paper}.yaml"
    if not path.is_file():
        raise ClaimError(f"no claims for {paper!r}; there are claim files for {papers(project) or 'no paper yet'}")
    return parse(path.read_text(encoding="utf-8"), paper, path)


def parse(text: str, paper: str, path: str | Path = "<text>") -> list[Claim]:
    """Turn YAML text into claims; every fault names the file and the entry."""
    try:
        entries = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ClaimError(f"{path}: not readable as YAML: {error}") from error
    if not isinstance(entries, list):
        raise ClaimError(f"{path}: expected a list of claims; found {type(entries).__name__}")
    claims = [_claim(entry, paper, f"{path}, entry {i + 1}") for i, entry in enumerate(entries)]
    seen: set[str] = set()
    for claim in claims:
        if claim.id in seen:
            raise ClaimError(f"{path}: the id {claim.id!r} is used twice")
        seen.add(claim.id)
    return claims


def _claim(entry: Any, paper: str, where: str) -> Claim:
    if not isinstance(entry, dict):
        raise ClaimError(f"{where}: expected a mapping; found {type(entry).__name__}")
    where = f"{where} ({entry['id']})" if "id" in entry else where
    if missing := [key for key in REQUIRED if key not in entry]:
        raise ClaimError(f"{where}: missing {', '.join(missing)}")
    if unknown := sorted(set(entry) - {*REQUIRED, *BOUNDS, "needs"}):
        known = ", ".join((*REQUIRED, *BOUNDS, "needs"))
        raise ClaimError(f"{where}: unknown {', '.join(map(str, unknown))}; known: {known}")
    words = {k: entry[k] for k in ("id", "says", "where", "metric", "why", "answers")}
    for key, value in words.items():
        if not isinstance(value, str) or not value.strip():
            raise ClaimError(f"{where}: {key} must be text; found {value!r}")
    if entry["answers"] not in ANSWERS:
        raise ClaimError(f"{where}: answers must be one of {', '.join(ANSWERS)}; found {entry['answers']!r}")
    published = entry["published"]
    if published is not None:
        published = _number(published, f"{where}: published")
    low, high, bounds = _bounds(entry, published, where)
    return Claim(paper=paper, published=published, low=low, high=high, bounds=bounds,
                 needs=str(entry.get("needs") or ""), **words)


def _bounds(entry: dict, published: float | None, where: str) -> tuple[float, float, str]:
    given = [key for key in BOUNDS if key in entry]
    if len(given) != 1:
        raise ClaimError(f"{where}: exactly one of {', '.join(BOUNDS)} is needed; found {', '.join(given) or 'none'}")
    key, raw = given[0], entry[given[0]]
    if key == "between":
        if not isinstance(raw, list) or len(raw) != 2:
            raise ClaimError(f"{where}: between must be [low, high]; found {raw!r}")
        low, high = (_number(v, f"{where}: between") for v in raw)
        if low > high:
            raise ClaimError(f"{where}: between must be [low, high] with low <= high; found {raw!r}")
        return low, high, f"{low:g} to {high:g}" if low < high else f"= {low:g}"
    value = _number(raw, f"{where}: {key}")
    if key == "at_least":
        return value, math.inf, f"≥ {value:g}"
    if key == "at_most":
        return -math.inf, value, f"≤ {value:g}"
    if published is None or value < 0:
        raise ClaimError(f"{where}: {key} must be >= 0 and needs a published number")
    width = value if key == "tolerance" else value * abs(published)
    return published - width, published + width, f"± {value:g}" if key == "tolerance" else f"± {100 * value:g} %"


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ClaimError(f"{what} must be a finite number; found {value!r}")
    return float(value)
