"""What we found: generated sentences with their verdicts, for each page's opening, the landing page and the README.

``book/headlines.yaml`` lists entries. A sentence holds no result of its own: ``{metric}`` is replaced by the number
that answers it, ``{metric:less}`` by how many per cent less than one it is, ``{metric:percent}`` by a share in per
cent, ``{metric:size}`` by the number without its sign and ``{metric:signed}`` with a plus where it has one. It is said
only while the claims it rests on have the verdicts under ``when``; else ``otherwise`` is said, which is true whatever
the numbers are.

========= =============================================================================
page      notebook as in ``profiles.yml``
figure    label of the figure that shows it; may be left out
claims    ids of the claims whose verdicts stand beside the sentence
when      verdicts for which the sentence is true; each of the claims must have one
says      the sentence, with ``{metric}`` or ``{metric:less}``
otherwise the sentence when a claim has another verdict
front     true: also on the landing page and in the README
========= =============================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from quakebook.numerals import numeral
from quakebook.project import Project

from .claim import ClaimError
from .claim_file import load
from .measured import Measured
from .reports import recorded, reported
from .results_list import anchor
from .scoreboard import badge
from .verdicts import ALL, NOT_RUN, Judged, judge

KEYS = ("page", "figure", "claims", "when", "says", "otherwise", "front")
#: Said where every claim has a number, of a preset whose numbers are not judged.
SMOKE = "Numbers of the preset smoke are not judged: it only shows that the pages run."
SLOT = re.compile(r"\{([A-Za-z0-9_.+=-]+)(?::(less|percent|size|signed))?\}")


@dataclass(frozen=True)
class Headline:
    """A finished sentence with the claims that it rests on."""

    page: str
    figure: str
    text: str
    judged: tuple[Judged, ...]
    front: bool = False

    @property
    def paper(self) -> str:
        return self.page.split("/")[0]

    def markdown(self, pages: Mapping[str, str], depth: int) -> str:
        """Sentence and badges, each linked to its claim.

        Parameters
        ----------
        pages : mapping of str to str
            Page of each claim's anchor (see `quakebook.publishing.results_list.pages_with_claims`); a claim that no
            page shows has a badge without a link.
        depth : int
            How many folders the page with the sentence lies below the root of the book.
        """
        badges = []
        for item in self.judged:
            place = pages.get(anchor(item))
            word = badge(item.verdict)
            target = f"{'../' * depth}notebooks/{place}.html#{anchor(item)}"
            badges.append(f'<a class="qb-badge" href="{target}">{word}</a>' if place else word)
        return " ".join([self.text, *badges])


def short(value: float) -> str:
    """Two significant digits, all of a number from 100 on: a headline is not a table.

    >>> short(0.02257), short(54.35), short(99.6), short(268443.0)
    ('0.023', '54', '100', '268,443')
    """
    return numeral(value, 2)


FORMS = {"": short, "less": lambda x: f"{100 * (1 - x):.0f} %", "percent": lambda x: f"{100 * x:.0f} %",
         "size": lambda x: short(abs(x)), "signed": lambda x: ("+" if x > 0 else "") + short(x)}


def headlines(project: Project, folder: Path) -> list[Headline]:
    """Every headline of the book, filled with the results in `folder` and the recorded ones."""
    path = project.book / "headlines.yaml"
    if not path.is_file():
        return []
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    if not isinstance(entries, list):
        raise ClaimError(f"{path}: expected a list of headlines; found {type(entries).__name__}")
    return [_headline(entry, project, folder, f"{path}, entry {i + 1}") for i, entry in enumerate(entries)]


def _headline(entry: dict, project: Project, folder: Path, where: str) -> Headline:
    if not isinstance(entry, dict) or "page" not in entry or "says" not in entry:
        raise ClaimError(f"{where}: a headline needs page and says; found {entry!r}")
    where = f"{where} ({entry['page']})"
    if unknown := sorted(set(entry) - set(KEYS)):
        raise ClaimError(f"{where}: unknown {', '.join(unknown)}; known: {', '.join(KEYS)}")
    paper, wanted = entry["page"].split("/")[0], entry.get("claims", [])
    known = {claim.id: claim for claim in load(paper, project)} if wanted else {}
    if missing := [id_ for id_ in wanted if id_ not in known]:
        raise ClaimError(f"{where}: there is no claim {', '.join(missing)} in the claims of {paper}")
    if strange := sorted(set(entry.get("when", [])) - set(ALL)):
        raise ClaimError(f"{where}: when names {', '.join(strange)}; the verdicts are {', '.join(ALL)}")
    results = [*reported(paper, folder), *recorded(paper, project)]
    judged = tuple(judge(known[id_], results) for id_ in wanted)
    numbers = {key: value for result in reversed(results) for key, value in result.metrics.items()}
    return Headline(entry["page"], entry.get("figure", ""), _sentence(entry, judged, numbers, where), judged,
                    bool(entry.get("front", False)))


def _sentence(entry: Mapping, judged: Sequence[Judged], numbers: Mapping[str, Measured], where: str) -> str:
    """The sentence that is true for these verdicts, numbers filled in."""
    true = all(item.verdict in entry["when"] for item in judged) if "when" in entry else True
    if judged and all(item.result is not None and item.verdict == NOT_RUN for item in judged):
        return SMOKE
    text = entry["says"] if true else entry.get("otherwise")
    if text is None:
        raise ClaimError(f"{where}: its claims read {', '.join(j.verdict for j in judged)}, and no otherwise is given")
    slots = [key for key, _ in SLOT.findall(text)]
    if absent := [key for key in slots if key not in numbers or numbers[key].value != numbers[key].value]:
        if all(item.verdict == NOT_RUN for item in judged):
            return "This was not run here."
        raise ClaimError(f"{where}: nothing reported {', '.join(absent)}")
    return SLOT.sub(lambda m: FORMS[m[2] or ""](numbers[m[1]].value), text)
