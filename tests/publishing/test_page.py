"""What happens to a notebook between running and showing: values in the visible cell, lighter drawings, a foot."""

import base64
import io

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from quakebook.publishing import ink
from quakebook.publishing.page import add_found, footer, mark_ink, merge_parameters

PARAMETERS = """# sizes
preset: str = "quick"  # smoke, quick or paper
names: list = ["a", 'ü']; scale_s: float = 0.5  # how wide
n_steps = 3"""


def notebook(*cells, **metadata):
    book = new_notebook(cells=list(cells))
    book.metadata.update(metadata)
    return book


def tagged(source, tag):
    return new_code_cell(source, metadata={"tags": [tag]})


@pytest.mark.parametrize(("injected", "changed"), [
    ("preset = 'smoke'", ('"quick"', '"smoke"')),
    ("scale_s = 0.25", ("0.5", "0.25")),
    ("names = ['b']", ("""["a", 'ü']""", '["b"]')),
    ("n_steps = -1", ("= 3", "= -1")),
    ("preset = 'quick'", ("", "")),
])
def test_injected_values_stand_in_the_visible_cell(injected, changed):
    book = notebook(tagged(PARAMETERS, "parameters"), tagged(f"# Parameters\n{injected}\n", "injected-parameters"))
    merge_parameters(book)
    assert [cell.source for cell in book.cells] == [PARAMETERS.replace(*changed) if changed[0] else PARAMETERS]


def test_a_notebook_without_injected_values_stays():
    book = notebook(tagged(PARAMETERS, "parameters"))
    merge_parameters(book)
    assert book.cells[0].source == PARAMETERS


def png(colour, line="black"):
    picture = Image.new("RGB", (64, 48), colour)
    picture.paste(line, (0, 0, 64, 4))
    out = io.BytesIO()
    picture.save(out, format="png")
    return out.getvalue()


@pytest.mark.parametrize(("colour", "drawing"), [("white", True), ("#fdfdfd", True), ("#2255aa", False)])
def test_drawings_on_white_are_marked_and_images_are_not(colour, drawing):
    data = {"image/png": base64.b64encode(png(colour)).decode()}
    cell = new_code_cell("draw()", outputs=[new_output("display_data", data=data)])
    mark_ink(notebook(cell))
    assert (cell.metadata.get("mystnb", {}).get("image", {}).get("classes") == ink.INK) is drawing


def test_a_smaller_drawing_shows_the_same():
    picture = Image.effect_noise((80, 60), 20).convert("RGB").quantize(200).convert("RGB")
    raw = io.BytesIO()
    picture.save(raw, format="png")
    light = ink.smaller(raw.getvalue())
    assert len(light) < len(raw.getvalue())
    assert Image.open(io.BytesIO(light)).convert("RGB").tobytes() == picture.tobytes()


def test_pictures_are_made_smaller_once_and_unused_ones_go(tmp_path, monkeypatch):
    first, second = png("white"), png("#2255aa")
    with ink.kept_in(tmp_path / "kept"):
        light = [ink.smaller(first), ink.smaller(second)]
    assert light == [ink.smaller(first), ink.smaller(second)]  # what it is without a folder
    assert len(list((tmp_path / "kept").iterdir())) == 2
    monkeypatch.setattr(ink, "_reduced", lambda _: pytest.fail("made again"))
    with ink.kept_in(tmp_path / "kept"):
        assert ink.smaller(first) == light[0]
    assert len(list((tmp_path / "kept").iterdir())) == 1
    with pytest.raises(pytest.fail.Exception, match="made again"), ink.kept_in(tmp_path / "kept"):
        ink.smaller(second)


def test_headlines_stand_under_the_title():
    book = notebook(new_markdown_cell("(label)=\n# Title\n\nText."))
    add_found(book, ["It holds.", "It costs."])
    source = book.cells[0].source
    assert source.index("# Title") < source.index("**What we found.** It holds.") < source.index("It costs.")
    assert source.endswith("Text.")


def test_nothing_found_changes_nothing():
    book = notebook(new_markdown_cell("# Title"))
    add_found(book, [])
    assert book.cells[0].source == "# Title"


def test_the_foot_has_what_is_known():
    book = notebook(papermill={"duration": 12.3}, quakebook={"commit": "abc123+", "machine": "a processor"})
    assert "commit abc123+, preset quick, 12 s, on a processor" in footer(book, "quick")
    assert "ran at preset smoke.</p>" in footer(notebook(), "smoke")
    nbformat.validate(book)
