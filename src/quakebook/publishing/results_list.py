"""Every claim as one row of one list, with its reason folded in; the page's script filters it without a kernel."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from quakebook.project import Project

from .scoreboard import badge, number, ours, stated
from .verdicts import ALL, GROUPS, NOT_RUN, Judged

ANCHOR = re.compile(r'id=\\?"(claim-[A-Za-z0-9_.-]+)')
HEAD = ("verdict", "claim", "paper says", "ours", "data", "page")


def anchor(judged: Judged) -> str:
    """Where a claim stands on the page of its chapter."""
    return f"claim-{judged.claim.paper}-{judged.claim.id}"


def pages_with_claims(project: Project, preset: str) -> dict[str, str]:
    """Anchor of a claim -> name of the executed notebook that shows it (the first in alphabetical order)."""
    folder = project.executed(preset)
    pages: dict[str, str] = {}
    for path in sorted(folder.rglob("*.ipynb")):
        name = path.relative_to(folder).with_suffix("").as_posix()
        for found in ANCHOR.findall(path.read_text(encoding="utf-8")):
            pages.setdefault(found, name)
    return pages


def results_list(judged: Sequence[Judged], pages: Mapping[str, str]) -> str:
    """HTML: a form of filters and one table; a reader without scripts sees all rows and no form.

    Parameters
    ----------
    judged : sequence of Judged
    pages : mapping of str to str
        Page of each anchor, as paths below the results page (see `pages_with_claims`).
    """
    rows = "\n".join(_row(item, pages.get(anchor(item), "")) for item in judged)
    head = "".join(f'<th scope="col">{word}</th>' for word in HEAD)
    return (f'<div class="qb-results">\n{_form(judged)}\n<div class="qb-scroll"><table class="qb-claims qb-list">\n'
            f'<caption class="qb-hidden">All claims with their verdicts</caption>\n'
            f'<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>\n'
            '<button type="button" class="qb-more" hidden>show more</button>\n</div>')


def reason(judged: Judged) -> str:
    """Place in the paper, why these bounds, where our number comes from, and how to run what was not run."""
    claim, result = judged.claim, judged.result
    parts = [f"{claim.where}. Bounds {claim.bounds}: {claim.why}."]
    if claim.ordering:
        parts.append("An ordering: undecided where the 95 % interval over seeds holds the bound, or with one seed.")
    if judged.value is not None:
        source = f" from {result.source}" if result is not None else ""
        parts.append(f"Ours: {number(judged.value)}{source}.")
    text = escape(" ".join(parts))
    if judged.verdict == NOT_RUN and claim.needs:
        text += f" Not run here; <code>{escape(claim.needs)}</code> runs it."
    return text


def short_name(page: str) -> str:
    """Chapter and number of a page.

    >>> short_name("bluedisc/03_what_it_costs")
    'bluedisc 3'
    """
    chapter, _, name = page.partition("/")
    number_ = name.split("_")[0]
    return f"{chapter} {int(number_)}" if number_.isdigit() else page


def _row(item: Judged, page: str) -> str:
    claim = item.claim
    data = item.result.data if item.result is not None else "none"
    link = f'<a href="{page}.html#{anchor(item)}">{escape(short_name(page))}</a>' if page else "–"
    our_number = f'{escape(ours(item))} <span class="qb-bounds">({escape(claim.bounds)})</span>'
    cells = (badge(item.verdict), f"{escape(claim.says)}<details><summary>why, and where from</summary>{reason(item)}"
             "</details>", escape(stated(claim)), our_number, escape(item.data), link)
    return (f'<tr id="result-{claim.paper}-{escape(claim.id)}" data-chapter="{claim.paper}" data-kind="{item.group}" '
            f'data-verdict="{item.verdict}" data-data="{data}">' + "".join(f"<td>{cell}</td>" for cell in cells)
            + "</tr>")


def _form(judged: Sequence[Judged]) -> str:
    verdicts = {item.verdict for item in judged}
    groups = {item.group for item in judged}
    choices = {"chapter": dict.fromkeys(item.claim.paper for item in judged),
               "kind": [word for word in GROUPS if word in groups],
               "verdict": [word for word in ALL if word in verdicts],
               "data": sorted({item.result.data for item in judged if item.result is not None}) + ["none"]}
    fields = "".join(_select(name, words) for name, words in choices.items())
    return (f'<form class="qb-filter" hidden>{fields}<label>words <input type="search" name="words"></label>'
            f'<output aria-live="polite">{len(judged)} of {len(judged)} claims</output></form>')


def _select(name: str, words: Iterable[str]) -> str:
    options = "".join(f'<option value="{word}">{word}</option>' for word in words)
    return f'<label>{name} <select name="{name}"><option value="">all</option>{options}</select></label>'
