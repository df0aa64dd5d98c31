"""Explorers and films as plain HTML: the frames of the widget, in its order, in files that are fetched when wanted."""

import hashlib
import html
import io
import json
import re

import pytest
from ipywidgets import Widget
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from quakebook import plots
from quakebook.publishing.static_explorers import STATE, VIEW, Assets, convert


def figure(level, wide=2):
    fig, ax = plots.subplots(figsize=(wide, wide / 2))
    ax.plot([0, level])
    return fig


def shown(widget):
    """A notebook with the widget as its only output, as papermill leaves it."""
    data = {VIEW: {"model_id": widget.model_id}, "text/plain": "VBox"}
    book = new_notebook(cells=[new_code_cell("explorer", outputs=[new_output("display_data", data=data)])])
    book.metadata["widgets"] = {STATE: json.loads(json.dumps({"state": Widget.get_manager_state()["state"]}))}
    return book


def facts_of(book):
    text = book.cells[0].outputs[0].data["text/html"]
    return json.loads(html.unescape(re.search(r'data-facts="([^"]*)"', text)[1])), text


@pytest.fixture(autouse=True)
def no_widgets():
    Widget.close_all()
    yield
    Widget.close_all()


def test_frames_labels_and_names_arrive():
    frames = [figure(k) for k in range(3)]
    book, assets = shown(plots.explorer(frames, ["0 s", "1 s", "2 s"], description="width")), Assets(2)
    convert(book, assets)
    facts, text = facts_of(book)
    assert (facts["name"], facts["labels"]) == ("width", ["0 s", "1 s", "2 s"])
    assert len(set(facts["rows"][0])) == len(assets.files) == 3
    assert all(address.startswith("../../_static/frames/") for address in facts["rows"][0])
    assert '<label>width <input type="range"' in text
    assert 'alt="width: 0 s"' in text
    assert "widgets" not in book.metadata


def test_a_grid_has_a_row_for_each_choice():
    frames = {"one": [figure(1), figure(2)], "two": [figure(3), figure(4)]}
    book, assets = shown(plots.grid_explorer(frames, ["a", "b"], description="x", choice="method")), Assets(1)
    convert(book, assets)
    facts, text = facts_of(book)
    assert facts["choices"] == ["one", "two"]
    assert [len(row) for row in facts["rows"]] == [2, 2]
    assert "<label>method <select><option>one</option><option>two</option></select></label>" in text


def test_pictures_are_those_of_the_widget():
    picture = figure(1)
    expected = plots.png(picture)
    book, assets = shown(plots.explorer([picture], ["only"])), Assets(2)
    convert(book, assets)
    assert list(assets.files.values()) == [expected]


def test_another_widget_stays_a_widget():
    import ipywidgets

    book = shown(ipywidgets.IntSlider())
    convert(book, Assets(2))
    assert VIEW in book.cells[0].outputs[0].data
    assert "widgets" in book.metadata


def test_a_film_is_a_still_picture_with_a_button():
    raw = io.BytesIO()
    pictures = [Image.new("RGB", (40, 20), colour) for colour in ("white", "navy")]
    pictures[0].save(raw, format="GIF", save_all=True, append_images=pictures[1:], duration=100)
    data = {"text/html": plots.film(raw.getvalue(), 'It "moves".').data}
    book = new_notebook(cells=[new_code_cell("film", outputs=[new_output("display_data", data=data)])])
    assets = Assets(2)
    convert(book, assets)
    text = book.cells[0].outputs[0].data["text/html"]
    assert "base64" not in text
    assert "play the film</button>" in text
    assert "alt=\"It &quot;moves&quot;.\"" in text
    still, = (content for path, content in assets.files.items() if path.suffix == ".png")
    assert Image.open(io.BytesIO(still)).convert("RGB").getpixel((5, 5)) == (0, 0, 128)
    assert raw.getvalue() in assets.files.values()


def test_the_slider_counts_from_zero_to_the_last_frame():
    widget = plots.explorer([figure(k) for k in range(3)], ["a", "<b>", "c"], description="width")
    book, assets = shown(widget), Assets(0)
    convert(book, assets)
    facts, text = facts_of(book)
    assert '<input type="range" min="0" max="2" value="0" step="1" aria-valuetext="a">' in text
    assert facts["rows"][0][0] in text.split("<img")[1] and facts["rows"][0][0].startswith("_static/frames/")
    assert facts["choice"] == "" and facts["choices"] == [""] and facts["interval"] > 0
    for path, content in assets.files.items():
        assert path.stem == hashlib.sha256(content).hexdigest()[:20]


def test_small_screens_get_a_layout_of_their_own(monkeypatch):
    """As many small pictures as large ones, in rows; the first stands before the page's script has run."""
    monkeypatch.setenv("QUAKEBOOK_BATCH", "1")
    frames = {"one": [figure(1, 7), figure(2, 7)], "two": [figure(3, 7), figure(4, 7)]}
    book, assets = shown(plots.grid_explorer(frames, ["a", "b"], description="x", choice="method")), Assets(1)
    convert(book, assets)
    facts, text = facts_of(book)
    assert [len(row) for row in facts["small"]] == [2, 2] and len({x for row in facts["small"] for x in row}) == 4
    assert f'<source media="(max-width: 720px)" srcset="{facts["small"][0][0]}">' in text


def test_the_width_of_small_screens_is_that_of_the_style():
    from pathlib import Path

    from quakebook.publishing.static_explorers import NARROW

    styles = [path.read_text() for path in Path(__file__).resolve().parents[2].joinpath("book").rglob("quakebook.css")]
    assert styles and all(f"@media {NARROW}" in style for style in styles)


def test_a_film_stands_at_its_last_picture():
    raw = io.BytesIO()
    pictures = [Image.new("RGB", (40, 20), colour) for colour in ("white", "red", "navy")]
    pictures[0].save(raw, format="GIF", save_all=True, append_images=pictures[1:], duration=100)
    book = new_notebook(cells=[new_code_cell("film", outputs=[
        new_output("display_data", data={"text/html": plots.film(raw.getvalue(), "x").data})])])
    assets = Assets(1)
    convert(book, assets)
    still, = (content for path, content in assets.files.items() if path.suffix == ".png")
    with Image.open(io.BytesIO(still)) as picture:
        assert picture.mode == "P" and picture.convert("RGB").getpixel((5, 5)) == (0, 0, 128)
