"""What each paper states, and what we check ourselves: read from ``book/claims/<paper>.yaml``, checked field by field.

An entry has these keys.

========== =========================================================================================================
id         unique in the file
says       the claim in words
where      its place in the paper; for a check of ours, what it follows from
published  the printed number; null where the paper states a direction only; left out (or null) for a check of ours
metric     key of the reported number that answers it
why        the reason for the bounds
answers    reproduction, effect, real or benchmark (see `Claim`)
bounds     exactly one of tolerance, relative, at_least, at_most, between
kind       trained, computed or architecture; without it a ``reproduction`` is computed and anything else trained
ours       true: our own check. No paper says it, so it never has a published value
ordering   true: one thing is above another; undecided where the difference is within the spread over seeds
read_off   true: the published value was read off a printed figure
needs      command that runs the computation where it was not run here
========== =========================================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from quakebook.numerals import numeral
from quakebook.project import Project, find_project

from .claim import Claim, ClaimError

ANSWERS = ("reproduction", "effect", "real", "benchmark")
KINDS = ("trained", "computed", "architecture")
BOUNDS = ("tolerance", "relative", "at_least", "at_most", "between")
REQUIRED = ("id", "says", "where", "published", "metric", "why", "answers")
WORDS = tuple(key for key in REQUIRED if key != "published")
FLAGS = ("ours", "ordering", "read_off")
#: An entry holds a list at most: no file of claims is nested more deeply than this.
DEEPEST = 20
KEYS = (*REQUIRED, *BOUNDS, "kind", *FLAGS, "needs")


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


def _check_depth(events: Iterable[yaml.Event]) -> None:
    """Refuse what is nested beyond any claim: the loader in C calls itself at each level, until the process dies."""
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise yaml.YAMLError(f"more than {DEEPEST} lists or tables inside one another")


def parse(text: str, paper: str, path: str | Path = "<text>") -> list[Claim]:
    """Turn YAML text into claims; every fault names the file and the entry."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_depth(yaml.parse(text, Loader=loader))
        entries = yaml.load(text, Loader=loader)  # noqa: S506 (both are safe)
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
    _check_keys(entry, where)
    published = entry.get("published")
    if published is not None:
        published = _number(published, f"{where}: published")
    low, high, bounds = _bounds(entry, published, where)
    default = "computed" if entry["answers"] == "reproduction" else "trained"
    claim = Claim(paper=paper, published=published, low=low, high=high, bounds=bounds,
                  needs=str(entry.get("needs") or ""), kind=entry.get("kind", default),
                  **{key: entry[key] for key in WORDS}, **{key: entry.get(key, False) for key in FLAGS})
    _check_meaning(claim, where)
    return claim


def _check_keys(entry: dict, where: str) -> None:
    """Every key known, every needed one there, every word of the right sort."""
    optional = {"published"} if entry.get("ours") is True else set()
    if missing := [key for key in REQUIRED if key not in entry and key not in optional]:
        raise ClaimError(f"{where}: missing {', '.join(missing)}")
    if unknown := sorted(set(entry) - set(KEYS), key=str):
        raise ClaimError(f"{where}: unknown {', '.join(map(str, unknown))}; known: {', '.join(KEYS)}")
    for key in WORDS:
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise ClaimError(f"{where}: {key} must be text; found {entry[key]!r}")
    for key in FLAGS:
        if not isinstance(entry.get(key, False), bool):
            raise ClaimError(f"{where}: {key} must be true or false; found {entry[key]!r}")
    for key, known in (("answers", ANSWERS), ("kind", KINDS)):
        if key in entry and entry[key] not in known:
            raise ClaimError(f"{where}: {key} must be one of {', '.join(known)}; found {entry[key]!r}")


def _check_meaning(claim: Claim, where: str) -> None:
    """What two keys together must not say."""
    if claim.ours and claim.published is not None:
        raise ClaimError(f"{where}: a check of ours has no published value; found {claim.published:g}")
    if claim.read_off and claim.published is None:
        raise ClaimError(f"{where}: read_off needs a published value, read off a figure")
    if claim.ordering and math.isfinite(claim.low) and math.isfinite(claim.high):
        raise ClaimError(f"{where}: an ordering has one bound, at_least or at_most; found {claim.bounds}")


def _bounds(entry: dict, published: float | None, where: str) -> tuple[float, float, str]:
    present = [key for key in BOUNDS if key in entry]
    if len(present) != 1:
        raise ClaimError(f"{where}: exactly one of {', '.join(BOUNDS)} is needed; found {', '.join(present) or 'none'}")
    key, raw = present[0], entry[present[0]]
    if key == "between":
        if not isinstance(raw, list) or len(raw) != 2:
            raise ClaimError(f"{where}: between must be [low, high]; found {raw!r}")
        low, high = (_number(v, f"{where}: between") for v in raw)
        if low > high:
            raise ClaimError(f"{where}: between must be [low, high] with low <= high; found {raw!r}")
        return low, high, f"{numeral(low, 6)} to {numeral(high, 6)}" if low < high else f"= {numeral(low, 6)}"
    value = _number(raw, f"{where}: {key}")
    if key == "at_least":
        return value, math.inf, f"≥ {numeral(value, 6)}"
    if key == "at_most":
        return -math.inf, value, f"≤ {numeral(value, 6)}"
    if published is None or value < 0:
        raise ClaimError(f"{where}: {key} must be >= 0 and needs a published number")
    width = value if key == "tolerance" else value * abs(published)
    shown = f"± {numeral(value, 6)}" if key == "tolerance" else f"± {100 * value:g} %"
    return published - width, published + width, shown


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ClaimError(f"{what} must be a finite number; found {value!r}")
    return float(value)
