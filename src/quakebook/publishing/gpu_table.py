"""What one GPU gave, beside what was wanted of it: tables in place of a marker in ``book/*.md``.

``book/quoted/gpu.yaml`` lists the work with its goal and the published code's time; the measured numbers and their
provenance are read from ``book/recorded/data/gpu-*.json``, which ``benchmarks/gpu.py`` writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from html import escape
from pathlib import Path
from typing import Any

import yaml

from quakebook.project import Project

from .claim import ClaimError
from .reports import Result, recorded
from .scoreboard import number

MARKER = "<!-- gpu -->"
KEYS = {"work", "metric", "unit", "published", "goal", "more"}
PREFIX, TESTS = "gpu-", "gpu-tests"


@dataclass(frozen=True)
class Goal:
    """One row: work, goal, and the best measured variant where something was measured.

    Parameters
    ----------
    work, unit : str
    published, goal : float or None
        The published code's number (None where there is none), and what was wanted of this book's.
    more : bool
        True where a larger number is better.
    measured : float or None
    variant : str
        Which of several ways to run the work was the best; empty where there was one.
    """

    work: str
    unit: str
    published: float | None
    goal: float
    more: bool = False
    measured: float | None = None
    variant: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the measured number meets the goal; None where nothing was measured."""
        if self.measured is None:
            return None
        return self.measured >= self.goal if self.more else self.measured <= self.goal


def goals(path: Path, results: Iterable[Result]) -> list[Goal]:
    """The rows of `path` with the best of the metrics that each pattern names."""
    metrics = {key: answer.value for result in results for key, answer in result.metrics.items()
               if answer.value == answer.value}
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_goal(entry, metrics, f"{path}, entry {i + 1}") for i, entry in enumerate(entries)]


def _goal(entry: Any, metrics: Mapping[str, float], where: str) -> Goal:
    needed = {"work", "metric", "unit", "goal"}
    if not isinstance(entry, dict) or not needed <= set(entry) <= KEYS:
        raise ClaimError(f"{where}: expected {', '.join(sorted(needed))} and perhaps published, more; found {entry!r}")
    matching = {key: value for key, value in metrics.items() if fnmatchcase(key, entry["metric"])}
    more = bool(entry.get("more", False))
    best = (max if more else min)(matching, key=matching.__getitem__, default=None)
    head, _, tail = entry["metric"].partition("*")
    variant = best.removeprefix(head).removesuffix(tail).strip(".") if best and "*" in entry["metric"] else ""
    return Goal(entry["work"], entry["unit"], entry.get("published"), entry["goal"], more, matching.get(best),
                variant.replace("_", ", "))


def tables(rows: list[Goal], results: list[Result]) -> str:
    """A sentence that counts, what was measured beside its goal, and what made each number."""
    outcome = {True: "reached", False: "missed", None: "not measured"}
    lines = [(row.work, _amount(row.published, row.unit), _amount(row.goal, row.unit), _measured(row),
              outcome[row.reached]) for row in rows]
    measured = [row for row in rows if row.measured is not None]
    count = (f"Of {len(rows)} goals {len(measured)} were measured and {sum(bool(r.reached) for r in measured)} reached."
             + _tests(results))
    facts = [(r.source, r.facts.get("device", "not said"), r.facts.get("commit", "not said"),
              number(r.facts.get("seconds") or r.facts.get("process_seconds")), _state(r)) for r in results]
    return "\n".join([
        count, "", _table("One GPU: published code, goal, and the best measured way to do the same",
                          ("work", "published code", "goal", "measured", "outcome"), lines), "",
        _table("What measured each of them", ("recorded result", "device", "commit", "seconds", "state"), facts), "",
        '<p class="qb-provenance">computed by <code>benchmarks/gpu.py</code> · shows <a '
        'href="../_static/facts/data.html">recorded results</a> in <code>book/recorded/data</code> · '
        "again, on a machine with a GPU: <code>python benchmarks/gpu.py</code></p>"])


def fill(wanted: Mapping[Path, bytes], project: Project) -> dict[Path, bytes]:
    """Prose files with the marker replaced by the tables; nothing where no file has the marker."""
    pages = {path: content.decode() for path, content in wanted.items()
             if path.suffix == ".md" and MARKER.encode() in content}
    if not pages:
        return {}
    results = [result for result in recorded("data", project) if result.source.startswith(PREFIX)]
    text = tables(goals(project.book / "quoted/gpu.yaml", results), results)
    return {path: content.replace(MARKER, text).encode() for path, content in pages.items()}


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """HTML whose rows become cards on a phone."""
    head = "".join(f'<th scope="col">{word}</th>' for word in heads)
    labels = ["", *(f' data-label="{word}"' for word in heads[1:])]
    body = "".join("<tr>" + "".join(f"<td{label}>{escape(cell)}</td>" for label, cell in zip(labels, row, strict=True))
                   + "</tr>" for row in rows)
    return (f'<table class="table qb-stack"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table>")


def _amount(value: float | None, unit: str) -> str:
    return "–" if value is None else f"{number(value)} {unit}"


def _measured(row: Goal) -> str:
    return _amount(row.measured, row.unit) + (f" ({row.variant})" if row.variant else "")


def _state(result: Result) -> str:
    state, note = result.facts.get("state", "done"), result.facts.get("note") or result.facts.get("message") or ""
    return note if note.startswith(state) else f"{state}: {note}" if note else state


def _tests(results: Iterable[Result]) -> str:
    """How the tests that need a GPU ended, with the names of those that failed folded in."""
    found = next((result for result in results if result.source == TESTS), None)
    if found is None:
        return ""
    passed, failed = (int(found.metrics[f"{TESTS}.{word}"].value) for word in ("passed", "failed"))
    names = [f"<code>{escape(name)}</code>" for name, word in found.facts.get("details", {}).items()
             if str(word).startswith("failed")]
    told = (" The time of a way to run whose test fails is a time only, of results that are not those of the plain "
            f"step.\n\n<details><summary>tests that failed</summary>{', '.join(names)}</details>") if names else ""
    return f" Of {passed + failed} tests that need a GPU {passed} passed there and {failed} failed.{told}"
