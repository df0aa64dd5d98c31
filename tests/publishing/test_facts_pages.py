"""Facts of recorded results as a page: every fact, no result, no path of a machine, nothing unescaped."""

import json

import pytest

from quakebook.publishing import facts_pages


@pytest.mark.parametrize(("value", "text"), [
    ("cpu", "cpu"), (3, "3"), ([1, 2], "[1, 2]"), ({"a": "ä"}, '{"a": "ä"}'), ("/home/x", ""), (["/home/x"], ""),
    ("x" * 600, "x" * 600), ("x" * 601, ""), (None, "null")])
def test_facts_as_text(value, text):
    assert facts_pages._words(value) == text


def test_a_page_for_each_chapter(project):
    (project.recorded / "toy").mkdir()
    facts = {"name": "a<b", "seed": 7, "device": "cpu", "metrics": {"toy.half": 0.5}, "where": "/tmp/x", "curves": [1]}
    (project.recorded / "toy" / "long.json").write_text(json.dumps(facts))
    (project.recorded / "toy" / "list.json").write_text("[1]")
    (project.recorded / "toy" / "weights.pt").write_bytes(b"")
    path, content = facts_pages.page("toy", project)
    text = content.decode()
    assert path.as_posix() == "book/_assets/facts/toy.html"
    assert text.count("<h2") == 2 and '<h2 id="toy/long">toy/long</h2>' in text and "<p>No facts.</p>" in text
    assert text.count("<tr>") == 3 and '<th scope="row">seed</th><td>7</td>' in text and "a&lt;b" in text
    assert "0.5" not in text and "/tmp" not in text and "curves" not in text
    assert "<p>None.</p>" in facts_pages.page("other", project)[1].decode()
