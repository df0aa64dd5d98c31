"""The one look: saved figures carry their provenance, explorers link their slider to their pictures."""

import io

import matplotlib.pyplot as plt
import pytest
from PIL import Image

from quakebook import plots


def test_the_style_leaves_nothing_behind():
    before = plt.rcParams["axes.spines.top"]
    with plots.book_style():
        assert not plt.rcParams["axes.spines.top"]
    assert plt.rcParams["axes.spines.top"] == before


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_saved_figure_names_run_and_seed(frames, tmp_path, ending):
    path = plots.save(frames[0], tmp_path / "new" / f"figure.{ending}", run="abc123", seed=7)
    note = Image.open(path).text["Description"] if ending == "png" else path.read_bytes().decode("latin-1")
    assert "abc123" in note and "seed 7" in note


def test_an_unknown_ending_is_refused(frames, tmp_path):
    with pytest.raises(ValueError, match=r"figure\.bmp.*png, svg or pdf"):
        plots.save(frames[0], tmp_path / "figure.bmp")


def test_embedded_pictures_are_small_and_keep_their_size(frames):
    data = plots.png(frames[0], dpi=100)
    image = Image.open(io.BytesIO(data))
    assert image.size == (400, 200)
    assert len(data) < 25_000
    assert len(image.convert("RGB").getcolors(1 << 16)) > 10


def test_an_explorer_has_one_distinct_picture_per_label(frames):
    box = plots.explorer(frames, ["a", "b", "c"], description="step")
    stack = box.children[1]
    assert len({child.value for child in stack.children}) == 3
    assert box.children[0].children[1].options == ("a", "b", "c")


def test_labels_and_frames_must_agree(frames):
    with pytest.raises(ValueError, match="3 frames and 2 labels"):
        plots.explorer(frames, ["a", "b"])
    with pytest.raises(ValueError, match="'row' has 3 frames; expected 2"):
        plots.grid_explorer({"row": frames}, ["a", "b"])


def test_a_grid_explorer_has_one_stack_per_choice(frames):
    box = plots.grid_explorer({"one": frames[:1], "two": frames[1:2]}, ["x"], choice="which")
    assert [len(stack.children) for stack in box.children[1].children] == [1, 1]
    assert box.children[0].children[2].options == ("one", "two")
