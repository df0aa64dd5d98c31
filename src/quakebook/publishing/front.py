"""The landing page: its headlines and chapter cards, generated in place of two markers in ``book/*.md``."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

from .headlines import SMOKE, Headline

HEADLINES, CARDS = "<!-- headlines -->", "<!-- cards -->"


@dataclass(frozen=True)
class Card:
    """A chapter on the landing page.

    Parameters
    ----------
    paper, title, question : str
    page, figure : str
        Its first page, and the figure that stands for it; the chapter's first ones where these are not there.
    before, learned : str
        What helps to know before, and what a reader learns.
    minutes : int
        Time to read it.
    """

    paper: str
    title: str
    question: str
    page: str
    figure: str
    before: str
    minutes: int
    learned: str


CHAPTERS = (
    Card("data", "Records", "How do synthetic earthquakes compare with real ones?", "data/01_synthetic_records",
         "fig-data-side-by-side", "what a seismogram is", 10,
         "how synthetic earthquakes are made, and where they differ from real ones"),
    Card("bluedisc", "BlueDisc", "Why do phase pickers give low probabilities to S waves that an analyst sees clearly?",
         "bluedisc/01_without_a_model", "fig-bluedisc-runs", "what a probability is", 40,
         "why a loss makes low peaks, what an adversary changes, and what that costs"),
    Card("magnitude", "Magnitude", "Which of six networks reads a magnitude best, and what does normalisation remove?",
         "magnitude/01_models_and_data", "fig-magnitude-scatter", "the logarithm", 30,
         "which information preprocessing removes, and how a score can mislead"),
    Card("picking", "Continuous records", "How does a picker do on days of data, and on real records?",
         "picking/01_continuous_picking", "", "what a pick is", 15, "how picks are made from a stream and judged"),
    Card("bugfinv", "BUGFInv", "Does it help to weigh the gradients of three tasks by their uncertainty?",
         "bugfinv/01_forward_model_and_data", "fig-bugfinv-sections", "gradients; some linear algebra", 40,
         "what reflections tell about rock, and how to combine the gradients of several tasks"),
    Card("uvcgan_s", "UVCGAN-S", "Can a network separate signal and background without pairs?", "", "",
         "what an adversary is (BlueDisc 2)", 40, "how cycles and an adversary replace pairs, and what a jet measures"),
    Card("gp2vec", "GP2Vec", "What can be learned from continuous records without labels?", "", "",
         "what an encoder is", 40, "how a network trains on gaps in its own input, and what its features are good for"),
)


def fill(wanted: Mapping[Path, bytes], found: Iterable[Headline], places: Mapping[str, str]) -> dict[Path, bytes]:
    """Prose files with their markers replaced, and the pictures of the cards.

    Parameters
    ----------
    wanted : mapping of Path to bytes
        The staged tree, with the notebooks that hold the figures.
    found : iterable of Headline
    places : mapping of str to str
        Page of each claim's anchor.
    """
    front = [headline for headline in found if headline.front]
    told = [headline for headline in front if headline.text != SMOKE]
    lines = [f"- {headline.markdown(places, depth=1)} {see(headline, wanted)}" for headline in told]
    lines += [f"- {SMOKE}"] if len(told) < len(front) else []
    changed: dict[Path, bytes] = {}
    for path, content in wanted.items():
        if path.suffix == ".md" and (HEADLINES.encode() in content or CARDS.encode() in content):
            text, pictures = cards(wanted)
            filled = content.decode().replace(HEADLINES, "\n".join(lines)).replace(CARDS, text)
            changed |= {path: filled.encode(), **pictures}
    return changed


def see(headline: Headline, wanted: Mapping[Path, bytes]) -> str:
    """A link to the figure, or to the page where no figure shows it."""
    if headline.figure and json.dumps(headline.figure).encode() in wanted.get(
            Path(f"notebooks/{headline.page}.ipynb"), b""):
        return f"({{numref}}`{headline.figure}`)"
    return f"({{doc}}`../notebooks/{headline.page}`)"


def cards(wanted: Mapping[Path, bytes]) -> tuple[str, dict[Path, bytes]]:
    """Cards of all chapters that have a page in the tree, and their pictures."""
    parts, pictures = [], {}
    for card in CHAPTERS:
        pages = sorted(p for p in wanted if p.as_posix().startswith(f"notebooks/{card.paper}/"))
        if not pages:
            continue
        start = Path(f"notebooks/{card.page}.ipynb")
        link = (start if start in wanted else pages[0]).with_suffix(".html").as_posix()
        image = _picture(wanted, pages, card.figure)
        address = ""
        if image:
            name = f"{hashlib.sha256(image).hexdigest()[:20]}.png"
            pictures[Path("book/_assets/frames") / name] = image
            address = f'<img src="../_static/frames/{name}" alt="" loading="lazy">'
        parts.append(f'<div class="qb-card">{address}<a href="../{link}"><strong>{card.title}</strong></a>'
                     f"<br>{escape(card.question)}<p>{card.minutes} minutes to read. You learn {escape(card.learned)}. "
                     f"It helps to know {escape(card.before)}.</p></div>")
    return f'<div class="qb-cards">{"".join(parts)}</div>', pictures


def _picture(wanted: Mapping[Path, bytes], pages: Iterable[Path], figure: str) -> bytes:
    """PNG of a named figure, else of the first figure of the chapter; empty where there is none."""
    first = b""
    for page in pages:
        for cell in json.loads(wanted[page])["cells"]:
            name = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name")
            for output in cell.get("outputs", []) if name else []:
                image = output.get("data", {}).get("image/png")
                if image and name == figure:
                    return base64.b64decode("".join(image))
                if image and not first:
                    first = base64.b64decode("".join(image))
    return first
