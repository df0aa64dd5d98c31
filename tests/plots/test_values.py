"""Sizes of stacked figures, words that are moved, and links of the explorers, by hand."""

import base64

import numpy as np
import pytest

from quakebook import plots
from quakebook.plots import explorers, phone
from quakebook.plots.stacking import stacked


def grid(rows, columns, **options):
    with plots.book_style():
        return plots.subplots(rows, columns, squeeze=False, figsize=(7.5, 3.0), **options)


def height(fig):
    return float(stacked(fig, 4.5).get_size_inches()[1])


def test_heights_of_curves():
    """Of 7.5 inches two panels have 3.75 each; one fits into 4.5 (0.75 of it is 2.8), so two lines of the old height.

    Of three panels (2.5 each) two fit: a line of two at nine tenths of its width, and height, and a whole line.
    Four panels (1.875) make two lines of two; six (1.25) two of three, both narrowed to 4.5 / 3.75 at most: whole.
    """
    assert height(grid(1, 2)[0]) == pytest.approx(6.0)
    assert height(grid(1, 3)[0]) == pytest.approx(3.0 * 0.9 + 3.0)
    assert height(grid(1, 4)[0]) == pytest.approx(6.0)
    assert height(grid(1, 1)[0]) == pytest.approx(3.0 * 0.8), "never lower than eight tenths"


def test_heights_of_images_follow_their_width():
    """Images keep their form: of two, each line grows by 4.5 / 3.75; of three, the last is as wide as the first."""
    for columns, want in ((2, 2 * 3.0 * 1.2), (3, 2 * 3.0 * 0.9), (1, 3.0 * 0.6)):
        fig, axes = grid(1, columns)
        for ax in axes.flat:
            ax.imshow(np.eye(3))
        assert height(fig) == pytest.approx(want)


def test_rows_keep_their_ratio_inside_a_band():
    fig, _ = grid(2, 2, height_ratios=(3, 1))
    small = stacked(fig, 4.5)
    assert small.get_size_inches()[1] == pytest.approx(6.0)
    specs = [ax.get_subplotspec() for ax in small.axes]
    assert [list(spec.get_gridspec().get_height_ratios()) for spec in specs] == [[3, 1]] * 4
    assert [spec.rowspan.start for spec in specs] == [0, 0, 1, 1]


def test_titled_rows_are_bands_of_their_own_share():
    fig, axes = grid(2, 2, height_ratios=(2, 1))
    for ax in axes.flat:
        ax.set_title("t")
    small = stacked(fig, 4.5)
    lines = small.axes[0].get_subplotspec().get_topmost_subplotspec().get_gridspec()
    assert list(lines.get_height_ratios()) == pytest.approx([2, 2, 1, 1])


def test_a_panel_over_all_columns_is_one_line():
    with plots.book_style():
        fig = plots.figure(figsize=(7.5, 3.0))
        spec = fig.add_gridspec(2, 2)
        fig.add_subplot(spec[0, :])
        fig.add_subplot(spec[1, 0]), fig.add_subplot(spec[1, 1])
    assert height(fig) == pytest.approx(1.5 * 0.8 + 1.5 + 1.5)


def test_a_colour_bar_stands_with_the_last_line_of_its_panels():
    fig, axes = grid(1, 2)
    image = axes[0, 0].imshow(np.eye(3), aspect="auto")
    bar = fig.colorbar(image, ax=list(axes.flat)).ax
    small = stacked(fig, 4.5)
    first, second = small.axes[:2]
    assert bar._colorbar_info["parents"] == [second] and bar not in first._colorbars
    assert bar.get_position().y1 < first.get_position().y0


def test_labels_of_the_first_column_are_lent_only_to_columns_that_come_to_the_left():
    fig, axes = grid(2, 4)
    for row, name in enumerate(("up", "down")):
        axes[row, 0].set_ylabel(name)
    axes[1, 2].set_ylabel("own")
    small = stacked(fig, 4.5)
    assert [ax.get_ylabel() for ax in small.axes] == ["up", "", "up", "", "down", "", "own", ""]


def test_words_below_the_least_size_are_raised():
    fig, axes = grid(1, 1)
    axes[0, 0].text(0, 0, "tiny", fontsize=2)
    axes[0, 0].text(0, 1, "large", fontsize=20)
    small = stacked(fig, 4.5, 7.0)
    assert {text.get_text(): text.get_fontsize() for text in small.axes[0].texts} == {"tiny": 7.0, "large": 20}


def test_the_least_size_is_what_a_phone_can_show():
    """6.5 of 350 pixels on 4.5 inches are 6.5 * 72 * 4.5 / 350 points."""
    fig, axes = grid(1, 2)
    axes[0, 0].text(0, 0, "tiny", fontsize=2)
    assert phone.for_phone(fig).axes[0].texts[0].get_fontsize() == pytest.approx(6.5 * 72 * 4.5 / 350)
    assert (phone.INCHES, phone.SCREEN_PX, phone.READABLE_PX) == (4.5, 350, 6.5)
    assert phone.for_phone(plots.figure(figsize=(4.5, 2))) is None


def test_hidden_and_empty_words_have_no_size():
    fig = plots.figure(figsize=(7.2, 2))
    assert phone.smallest_text_px(fig) == float("inf")
    fig.text(0, 0, "  ", fontsize=1), fig.text(0, 0, "hidden", fontsize=2, visible=False)
    fig.text(0, 0, "seen", fontsize=9)
    assert phone.smallest_text_px(fig, 720) == 9 / 72 * 100


def test_an_explorer_plays_all_of_its_frames(frames, monkeypatch):
    import ipywidgets

    linked = []
    monkeypatch.setattr(ipywidgets, "jslink", lambda a, b: linked.append((a, b)))
    box = plots.explorer(frames, ["a", "b", "c"], interval_ms=250)
    play, slider = box.children[0].children
    stack = box.children[1]
    assert (play.min, play.max, play.value, play.interval) == (0, 2, 0, 250)
    assert slider.index == stack.selected_index == 0
    assert linked == [((slider, "index"), (stack, "selected_index")), ((play, "value"), (slider, "index"))]
    assert plots.explorer(frames, ["a", "b", "c"]).children[0].children[0].interval == 600


def test_every_row_of_a_grid_follows_the_slider(frames, monkeypatch):
    import ipywidgets

    linked = []
    monkeypatch.setattr(ipywidgets, "jslink", lambda a, b: linked.append((a, b)))
    box = plots.grid_explorer({"one": frames[:1], "two": frames[1:2]}, ["x"])
    play, slider, chooser = box.children[0].children
    outer = box.children[1]
    assert outer.selected_index == chooser.index == 0 and play.max == 0
    assert linked == [*(((slider, "index"), (row, "selected_index")) for row in outer.children),
                      ((chooser, "index"), (outer, "selected_index")), ((play, "value"), (slider, "index"))]


def test_pages_get_a_hidden_second_layout_of_wide_frames(monkeypatch):
    with plots.book_style():
        wide = [plots.subplots(1, 2, figsize=(7.5, 2))[0] for _ in range(2)]
    monkeypatch.delenv("QUAKEBOOK_BATCH", raising=False)
    assert explorers._small([wide]) == []
    monkeypatch.setenv("QUAKEBOOK_BATCH", "1")
    hidden, = explorers._small([wide])
    assert len(hidden.children) == 2 and hidden.layout.display == "none"
    with plots.book_style():
        narrow = [plots.subplots(figsize=(4, 2))[0]]
    assert explorers._small([wide, narrow]) == []


def test_a_film_is_embedded_with_its_words():
    found = plots.film(b"GIF89a", 'a "film" < 2').data
    assert f"data:image/gif;base64,{base64.b64encode(b'GIF89a').decode()}" in found
    assert 'alt="a &quot;film&quot; &lt; 2"' in found
