"""Headlines: said only while their claims have the stated verdicts, every number from the results."""

import pytest
import yaml

from quakebook.publishing import claims, front
from quakebook.publishing.claim import ClaimError
from quakebook.publishing.headlines import headlines, short

GOOD = {"page": "toy/01_half", "claims": ["half"], "when": ["reproduced"], "says": "It is {toy.half}.",
        "otherwise": "It is something."}


def texts(project, *entries):
    (project.book / "headlines.yaml").write_text(yaml.safe_dump(list(entries)))
    return [headline.text for headline in headlines(project, project.results("interactive"))]


@pytest.mark.parametrize(("value", "text"), [(0.5, "It is 0.5."), (0.9, "It is something.")])
def test_the_sentence_follows_the_verdict(project, value, text):
    claims.report("toy", "half", {"toy.half": value}, data="model-free")
    assert texts(project, GOOD) == [text]


def test_a_sentence_that_is_no_longer_true_needs_another(project):
    claims.report("toy", "half", {"toy.half": 0.9}, data="model-free")
    with pytest.raises(ClaimError, match="read not reproduced, and no otherwise"):
        texts(project, {k: v for k, v in GOOD.items() if k != "otherwise"})


@pytest.mark.parametrize(("form", "value", "text"), [
    ("", 0.02257, "0.023"), (":less", 0.635, "36 %"), (":percent", 0.635, "64 %"), (":size", -8.34, "8.3"),
    (":signed", 1.749, "+1.7"), (":signed", -0.25, "-0.25"), (":signed", 0.0, "0")])
def test_forms_of_a_number(project, form, value, text):
    claims.report("toy", "half", {"toy.half": 0.5, "other": value}, data="model-free")
    assert texts(project, GOOD | {"says": f"{{other{form}}}"}) == [text]


@pytest.mark.parametrize(("value", "text"), [
    (0.02257, "0.023"), (54.35, "54"), (268443.0, "268,443"), (-1.9, "-1.9"), (99.4, "99"), (99.6, "100"),
    (-99.5, "-100"), (100.4, "100"), (123.6, "124"), (9999.7, "10,000")])
def test_short_numbers(value, text):
    assert short(value) == text


@pytest.mark.parametrize(("change", "message"), [
    ({"says": "{nobody.knows}"}, "nothing reported nobody.knows"),
    ({"claims": ["quarter"]}, "no claim quarter"),
    ({"when": ["true"]}, "when names true"),
    ({"sayz": "x"}, "unknown sayz"),
])
def test_faults_name_the_entry(project, change, message):
    claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")
    with pytest.raises(ClaimError, match=rf"headlines\.yaml, entry 1 \(toy/01_half\).*{message}"):
        texts(project, GOOD | change)


def test_badges_lead_to_the_claim(project):
    claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")
    texts(project, GOOD)
    headline, = headlines(project, project.results("interactive"))
    linked = headline.markdown({"claim-toy-half": "toy/01_half"}, depth=2)
    assert 'href="../../notebooks/toy/01_half.html#claim-toy-half"' in linked
    assert "href" not in headline.markdown({}, depth=2)
    assert "reproduced</span>" in headline.markdown({}, depth=2)


def test_the_front_page_has_front_headlines_only(project):
    from pathlib import Path

    claims.report("toy", "half", {"toy.half": 0.5}, data="model-free")
    texts(project, GOOD, GOOD | {"says": "Half is {toy.half}.", "front": True, "figure": "fig-toy"})
    found = headlines(project, project.results("interactive"))
    index, page = Path("book/index.md"), Path("notebooks/toy/01_half.ipynb")
    tree = {index: b"a\n<!-- headlines -->\nb", page: b'{"name": "fig-toy"}'}
    text = front.fill(tree, found, {})[index].decode()
    assert text.count("- ") == 1
    assert "Half is 0.5." in text
    assert "{numref}`fig-toy`" in text
    without = front.fill(tree | {page: b"{}"}, found, {})[index].decode()  # the figure is not recorded here
    assert "numref" not in without and "{doc}`../notebooks/toy/01_half`" in without


def test_cards_show_the_chapters_that_have_a_page_with_their_figure():
    import base64
    import json
    from pathlib import Path

    def cell(name, content):
        data = {"image/png": base64.b64encode(content).decode()}
        return {"metadata": {"mystnb": {"figure": {"name": name}}}, "outputs": [{"data": data}]}

    card = next(card for card in front.CHAPTERS if card.paper == "bluedisc")
    cells = [cell("fig-other", b"other"), cell(card.figure, b"this")]
    text, pictures = front.cards({Path(f"notebooks/{card.page}.ipynb"): json.dumps({"cells": cells}).encode()})
    assert list(pictures.values()) == [b"this"]
    assert f'href="../notebooks/{card.page}.html"' in text
    assert f"{card.minutes} minutes to read. You learn {card.learned}. It helps to know {card.before}." in text
    assert "Magnitude" not in text
