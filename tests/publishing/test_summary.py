"""The results page: kinds of claim counted apart, one row a claim, reasons folded in, links to the pages."""

import json
from html.parser import HTMLParser

import pytest

from quakebook.publishing import claims, results_list, summary
from quakebook.publishing.claim import Claim
from quakebook.publishing.measured import Measured
from quakebook.publishing.reports import Result
from quakebook.publishing.verdicts import judge


def item(id_, value=0.5, **more):
    claim = Claim("toy", id_, "a < b & c", "Table 1", None, "m", 0.0, 1.0, "0 to 1", "two digits", "reproduction",
                  **more)
    return judge(claim, [] if value is None else [Result("toy", "page", "model-free", {"m": Measured(value)})])


ITEMS = [item("trained"), item("computed", kind="computed"), item("count", kind="architecture"),
         item("own", ours=True), item("wrong", 2.0, kind="computed"), item("later", None, needs="quakebook train toy")]


class Rows(HTMLParser):
    """Every row of the body: its attributes."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        if tag == "tr" and attributes:
            self.rows.append(dict(attributes))

    def handle_endtag(self, tag):
        while self.open.pop() != tag:
            pass


def test_kinds_are_counted_apart():
    counts = summary.counts(ITEMS)
    shown = {group: {word: n for word, n in rows["toy"].items() if n} for group, rows in counts.items()}
    assert shown == {"trained results": {"reproduced": 1, "not run here": 1},
                     "computed results": {"reproduced": 1, "not reproduced": 1},
                     "architecture checks": {"same architecture": 1}, "our own checks": {"passed": 1}}


def test_bars_show_the_counts():
    fig = summary.verdict_bars(ITEMS)
    assert [ax.get_title(loc="left") for ax in fig.axes] == list(summary.counts(ITEMS))
    assert sum(patch.get_width() for ax in fig.axes for patch in ax.patches) == len(ITEMS)


def test_no_claims_is_an_empty_figure_and_an_empty_list():
    assert len(summary.verdict_bars([]).axes) == 1
    assert Rows(results_list.results_list([], {})).rows == []


def test_one_row_a_claim_with_what_the_filters_ask_for():
    rows = Rows(results_list.results_list(ITEMS, {})).rows
    assert [row["id"] for row in rows] == [f"result-toy-{i.claim.id}" for i in ITEMS]
    assert [row["data-verdict"] for row in rows] == [i.verdict for i in ITEMS]
    assert {row["data-data"] for row in rows} == {"model-free", "none"}


def test_text_is_escaped_and_the_reason_is_there():
    text = results_list.results_list(ITEMS, {})
    assert "a &lt; b &amp; c" in text
    assert "a < b" not in text
    assert "two digits" in text
    assert "<code>quakebook train toy</code> runs it" in text


def test_rows_lead_to_the_page_that_shows_the_claim(project):
    executed = project.executed("quick") / "toy/01_half.ipynb"
    executed.parent.mkdir(parents=True)
    claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")
    executed.write_text(json.dumps({"cells": [{"outputs": [{"text/markdown": claims.show("toy").data}]}]}))
    pages = results_list.pages_with_claims(project, "quick")
    assert pages == {"claim-toy-half": "toy/01_half", "claim-toy-far": "toy/01_half"}
    text = results_list.results_list(claims.scoreboard(["toy"], project=project), pages)
    assert 'href="toy/01_half.html#claim-toy-half"' in text


@pytest.mark.parametrize("word", ["chapter", "kind", "verdict", "data"])
def test_there_is_a_labelled_filter_for(word):
    assert f'<label>{word} <select name="{word}">' in results_list.results_list(ITEMS, {})
