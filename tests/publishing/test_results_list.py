"""Rows, reasons and filters of the list of claims, word by word."""

import re

import pytest

from quakebook.publishing import results_list
from quakebook.publishing.claim import Claim
from quakebook.publishing.measured import Measured
from quakebook.publishing.reports import Result
from quakebook.publishing.verdicts import judge


def item(id_="one", value=0.5, paper="toy", data="model-free", **more):
    claim = Claim(paper, id_, "says", "Table 1", None, "m", 0.0, 1.0, "0 to 1", "two digits", "reproduction", **more)
    return judge(claim, [] if value is None else [Result(paper, "page", data, {"m": Measured(value)})])


@pytest.mark.parametrize(("page", "name"), [
    ("bluedisc/03_what_it_costs", "bluedisc 3"), ("toy/12_x", "toy 12"), ("results", "results"),
    ("toy/intro_1", "toy/intro_1")])
def test_short_names(page, name):
    assert results_list.short_name(page) == name


def test_a_reason():
    assert results_list.reason(item()) == "Table 1. Bounds 0 to 1: two digits. Ours: 0.5 from page."
    assert results_list.reason(item(value=None)) == "Table 1. Bounds 0 to 1: two digits."
    needed = results_list.reason(item(value=None, needs="run <this>"))
    assert needed.endswith("Not run here; <code>run &lt;this&gt;</code> runs it.")
    assert "Not run" not in results_list.reason(item(needs="run this"))
    ordered = results_list.reason(item(ordering=True))
    assert "An ordering: undecided where the 95 % interval over seeds holds the bound, or with one seed." in ordered


def test_six_columns():
    text = results_list.results_list([item()], {"claim-toy-one": "toy/01_half"})
    head = re.findall('<th scope="col">(.*?)</th>', text)
    assert head == ["verdict", "claim", "paper says", "ours", "data", "page"]
    cells = re.findall(r"<td>(.*?)</td>", text)
    assert len(cells) == 6 and cells[5] == '<a href="toy/01_half.html#claim-toy-one">toy 1</a>'
    assert cells[3].startswith("0.5 ") and '<span class="qb-bounds">(0 to 1)</span>' in cells[3]
    assert re.findall(r"<td>(.*?)</td>", results_list.results_list([item()], {}))[5] == "–"


def test_filters_offer_what_there_is():
    items = [item("a", paper="b"), item("b", paper="a", data="synthetic"), item("c", None), item("d", 2.0)]
    text = results_list.results_list(items, {})
    assert "<output aria-live=\"polite\">4 of 4 claims</output>" in text
    found = {name: re.findall('<option value="(.*?)">', options) for name, options in
             re.findall('<select name="(.*?)">(.*?)</select>', text)}
    assert list(found) == ["chapter", "kind", "verdict", "data"]
    assert found["chapter"] == ["", "b", "a", "toy"] and found["data"] == ["", "model-free", "synthetic", "none"]
    assert set(found["verdict"][1:]) == {each.verdict for each in items} and found["verdict"][0] == ""
    assert found["kind"] == ["", items[0].group]
