"""The landing page: which page, which picture and which words a card has, and what is said of headlines not judged."""

import base64
import hashlib
import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from quakebook.publishing import front
from quakebook.publishing.headlines import SMOKE

ROOT = Path(__file__).resolve().parents[2]


def cell(name=None, content=None):
    data = {"image/png": base64.b64encode(content).decode()} if content else {"text/plain": "x"}
    return {"metadata": {"mystnb": {"figure": {"name": name}}} if name else {}, "outputs": [{"data": data}]}


def notebook(*cells):
    return json.dumps({"cells": [{"metadata": {}}, *cells]}).encode()


def test_the_picture_is_the_named_one_or_the_first_named_figure():
    tree = {Path("a"): notebook(cell(None, b"unnamed"), cell("fig-1"), cell("fig-2", b"two"), cell("fig-3", b"three")),
            Path("b"): notebook(cell("fig-4", b"four"))}
    pages = list(tree)
    assert front._picture(tree, pages, "fig-4") == b"four" and front._picture(tree, pages, "fig-3") == b"three"
    for absent in ("fig-9", "fig-1", ""):
        assert front._picture(tree, pages, absent) == b"two"
    assert front._picture({Path("a"): notebook(cell("fig-1"))}, [Path("a")], "fig-1") == b""


def test_a_card_leads_to_the_first_page_of_its_chapter():
    """In the order of the names; the page that stands for the chapter where it is there."""
    named = next(card for card in front.CHAPTERS if card.paper == "magnitude")
    pages = {Path(f"notebooks/magnitude/{name}.ipynb"): notebook() for name in ("09_z", "02_b")}
    text, pictures = front.cards(pages)
    assert 'href="../notebooks/magnitude/02_b.html"' in text and pictures == {} and "<img" not in text
    text, _ = front.cards(pages | {Path(f"notebooks/{named.page}.ipynb"): notebook(), Path("notebooks/x.md"): b""})
    assert f'href="../notebooks/{named.page}.html"' in text and text.count("qb-card\"") == 1


def test_a_picture_is_kept_under_its_hash():
    card = front.CHAPTERS[0]
    text, pictures = front.cards({Path(f"notebooks/{card.page}.ipynb"): notebook(cell("fig-x", b"picture"))})
    name = f"{hashlib.sha256(b'picture').hexdigest()[:20]}.png"
    assert pictures == {Path("book/_assets/frames") / name: b"picture"} and f'src="../_static/frames/{name}"' in text


def test_cards_in_the_order_of_the_book():
    tree = {Path(f"notebooks/{card.paper}/01.ipynb"): notebook() for card in front.CHAPTERS[::-1]}
    titles = re.findall("<strong>(.*?)</strong>", front.cards(tree)[0])
    assert titles == ["Records", "BlueDisc", "Magnitude", "Continuous records", "BUGFInv", "UVCGAN-S", "GP2Vec"]


@pytest.mark.parametrize("card", front.CHAPTERS, ids=lambda card: card.paper)
def test_minutes_of_reading(card):
    """Rounded to five: the time that was chosen for each chapter; no chapter takes more than an hour."""
    minutes = {"data": 10, "bluedisc": 40, "magnitude": 30, "picking": 15, "bugfinv": 40, "uvcgan_s": 40, "gp2vec": 40}
    assert card.minutes == minutes[card.paper]
    assert not card.page or (ROOT / "notebooks" / f"{card.page}.py").is_file()
    assert (ROOT / "notebooks" / card.paper).is_dir()


def headline(text, is_front=True, figure="", page="toy/01_half"):
    return SimpleNamespace(text=text, front=is_front, figure=figure, page=page,
                           markdown=lambda places, depth: f"{text} at depth {depth}")


def filled(*found, text=b"<!-- headlines -->"):
    return front.fill({Path("book/index.md"): text, Path("book/a.txt"): text}, found, {})


@pytest.mark.parametrize(("texts", "lines"), [
    (["one", "two"], ["- one", "- two"]), (["one", SMOKE, SMOKE], ["- one", f"- {SMOKE}"]), ([SMOKE], [f"- {SMOKE}"]),
    ([], [""])])
def test_what_is_not_judged_is_said_once(texts, lines):
    out = filled(*(headline(text) for text in texts), headline("elsewhere", False))
    content = out[Path("book/index.md")].decode().split("\n")
    assert [line.split(" at depth")[0] for line in content] == lines and set(out) == {Path("book/index.md")}
    assert all("at depth 1 " in line for line in content if line in ("- one", "- two"))


def test_both_markers_are_filled_and_other_files_left_alone():
    out = filled(headline("one"), text=b"a <!-- cards --> b <!-- headlines --> c")
    assert out[Path("book/index.md")].decode() == ('a <div class="qb-cards"></div> b - one at depth 1 '
                                                   "({doc}`../notebooks/toy/01_half`) c")
    assert filled(headline("one"), text=b"no marker") == {}


def test_a_figure_is_named_where_its_page_has_it():
    page = Path("notebooks/toy/01_half.ipynb")
    with_figure = headline("x", figure="fig-toy")
    assert front.see(with_figure, {page: b'{"name": "fig-toy"}'}) == "({numref}`fig-toy`)"
    for tree in ({page: b'{"name": "fig-toy-2"}'}, {}):
        assert front.see(with_figure, tree) == "({doc}`../notebooks/toy/01_half`)"
    assert front.see(headline("x"), {page: b'""'}) == "({doc}`../notebooks/toy/01_half`)"


def test_the_project_has_a_chapter_for_each_card():
    folders = {path.name for path in (ROOT / "notebooks").iterdir()}
    assert {card.paper for card in front.CHAPTERS} <= folders
