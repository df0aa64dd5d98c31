"""Claims as tables: for the end of a chapter's page, for the results page and for the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakebook.numerals import numeral, with_spread
from quakebook.project import Project, find_project

from .claim import Claim
from .claim_file import load, papers
from .reports import recorded, reported
from .verdicts import NOT_RUN, Judged, judge

if TYPE_CHECKING:
    import pandas as pd

#: A page's table with more claims than this that have no number of ours shows the first few, and counts the others.
MOST_ABSENT, FIRST_ABSENT = 6, 3
FOLDED = ("\n\n{} more claims were not run here; {{doc}}`results </notebooks/results>` lists them, each with the "
          "command that runs it.")
COLUMNS = ("claim", "paper says", "ours", "tolerance", "verdict", "data")


def scoreboard(names: Iterable[str] | None = None, *, project: Project | None = None,
               folder: Path | None = None) -> list[Judged]:
    """Judge every claim of the named papers (all that have claims, by default)."""
    project = project or find_project()
    judged = []
    for paper in papers(project) if names is None else names:
        results = [*reported(paper, folder), *recorded(paper, project)]
        judged += [judge(claim, results) for claim in load(paper, project)]
    return judged


def table(paper: str, metrics: str | Iterable[str] | None = None, *, everything: bool | None = None) -> pd.DataFrame:
    """Compare a paper's claims with ours.

    Parameters
    ----------
    paper : str
    metrics : str or list of str, optional
        Patterns (``simulation.*``) of claim ids or metrics; only those claims are shown, answered or not.
    everything : bool, optional
        False is the default on a page of the batch: results of *other* pages are left aside, so that a page does not
        depend on the order in which pages run; claims that neither this page nor a recorded run answers are then
        shown only when `metrics` names them or they say what they need. True is the default elsewhere.

    Returns
    -------
    DataFrame
        Text columns ``claim``, ``paper says``, ``ours``, ``tolerance``, ``verdict``, ``data``; one row a claim.
    """
    import pandas as pd

    judged = _selected(paper, metrics, everything)
    rows = [(j.claim.says, stated(j.claim), ours(j), j.claim.bounds, j.verdict, j.data) for j in judged]
    return pd.DataFrame(rows, columns=list(COLUMNS), index=pd.Index([j.claim.id for j in judged], name="id"))


def show(paper: str, metrics: str | Iterable[str] | None = None, *, name: str = "", caption: str = "",
         everything: bool | None = None) -> Any:
    """Like `table`, as a numbered table of the book (in a cell with ``markdown_format: myst``).

    Parameters
    ----------
    name : str
        Label for ``{numref}``; "tab-claims-<paper>" by default.
    caption : str
        "<paper>: the paper's numbers and ours" by default.
    """
    from IPython.display import Markdown

    frame = table(paper, metrics, everything=everything)
    absent = frame["verdict"].eq(NOT_RUN) & frame["ours"].eq(number(None))
    later = absent & (absent.cumsum() > FIRST_ABSENT)
    folded = int(later.sum()) if absent.sum() > MOST_ABSENT else 0
    if folded:
        frame = frame[~later]
    frame = frame.map(lambda cell: cell.replace("|", r"\|"))
    frame["verdict"] = [badge(verdict) for verdict in frame["verdict"]]
    frame["claim"] = [f'<span id="claim-{paper}-{id_}"></span>{says}' for id_, says in frame["claim"].items()]
    body = frame.to_markdown(index=False, disable_numparse=True)
    title = caption or f"{paper}: the paper's numbers and ours"
    text = f"```{{table}} {title}\n:name: {name or f'tab-claims-{paper}'}\n:class: qb-claims\n\n{body}\n```"
    return Markdown(text + (FOLDED.format(folded) if folded else ""))


def badge(verdict: str) -> str:
    """A verdict as a coloured word for Markdown and HTML."""
    return f'<span class="qb-verdict qb-{verdict.replace(" ", "-")}">{verdict}</span>'


def stated(claim: Claim) -> str:
    """What the paper prints, and whether it was read off a figure; "direction only" or "our check" otherwise."""
    if claim.ours:
        return "our check"
    if claim.published is None:
        return "direction only"
    return number(claim.published) + (" (read off a figure)" if claim.read_off else "")


def ours(judged: Judged) -> str:
    """Our number, with its spread and the number of seeds where the answer says them."""
    answer = judged.answer
    if answer is None or answer.seeds is None:
        return number(judged.value)
    if answer.spread is None:
        return f"{number(answer.value)} (one seed)"
    return f"{with_spread(answer.value, answer.spread)} ({answer.seeds} seeds)"


def number(value: float | None) -> str:
    """Four significant digits, all of a number from 10,000 to a thousand million; "–" for a missing one."""
    if value is None or value != value:
        return "–"
    return numeral(value)


def _selected(paper: str, metrics: str | Iterable[str] | None, everything: bool | None) -> list[Judged]:
    notebook = os.environ.get("QUAKEBOOK_NOTEBOOK")
    if everything is None:
        everything = notebook is None
    results = [r for r in reported(paper) if everything or r.notebook == notebook] + recorded(paper)
    judged = [judge(claim, results) for claim in load(paper)]
    if metrics is not None:
        patterns = [metrics] if isinstance(metrics, str) else list(metrics)
        return [j for j in judged if _named(j.claim, patterns)]
    return [j for j in judged if everything or j.verdict != NOT_RUN or j.value is not None or j.claim.needs]


def _named(claim: Claim, patterns: list[str]) -> bool:
    return any(fnmatchcase(word, pattern) for word in (claim.id, claim.metric) for pattern in patterns)
