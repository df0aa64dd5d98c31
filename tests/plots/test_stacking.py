"""Panels in fewer columns: order, size, labels and colour bars; what cannot be stacked stays as it is."""

import numpy as np
import pytest

from quakebook import plots
from quakebook.plots import phone
from quakebook.plots.stacking import stacked


def cell(ax, fig):
    """Left edge and top of a panel as shares of the figure."""
    box = ax.get_position()
    return box.x0, 1 - box.y1


def draw(rows, columns, titles=False, **options):
    with plots.book_style():
        fig, axes = plots.subplots(rows, columns, squeeze=False, **options)
        for k, ax in enumerate(axes.flat):
            ax.plot([0, 1], [0, k + 1])
            if titles:
                ax.set_title(f"({k})")
    return fig, axes


def test_two_columns_become_one_and_titled_panels_keep_their_reading_order():
    fig, _ = draw(2, 2, titles=True)
    small = phone.for_phone(fig)
    tops = [cell(ax, small)[1] for ax in small.axes]
    assert tops == sorted(tops) and all(cell(ax, small)[0] < 0.15 for ax in small.axes)
    assert small.get_size_inches()[0] == phone.INCHES and fig.get_size_inches()[0] == 7.5


def test_columns_with_a_title_on_top_stay_whole():
    fig, axes = draw(3, 2)
    for ax, name in zip(axes[0], "ab", strict=True):
        ax.set_title(name)
    small = phone.for_phone(fig)
    first = [small.axes[k] for k in (0, 2, 4)]  # the first column of the old grid
    second = [small.axes[k] for k in (1, 3, 5)]
    assert max(cell(ax, small)[1] for ax in first) < min(cell(ax, small)[1] for ax in second)


def test_a_column_that_comes_to_the_left_gets_the_labels_of_its_rows():
    fig, axes = draw(2, 2, sharey=True)
    for ax, name in zip(axes[:, 0], ("height", "width"), strict=True):
        ax.set_ylabel(name)
    small = phone.for_phone(fig)
    assert [small.axes[k].get_ylabel() for k in (1, 3)] == ["height", "width"]
    assert small.axes[1].yaxis.get_tick_params()["labelleft"]


def test_panels_do_not_overlap_with_a_colour_bar_that_served_all():
    fig, axes = draw(2, 3)
    fig.colorbar(axes[0, 0].imshow(np.eye(3), aspect="auto"), ax=axes)
    small = phone.for_phone(fig)
    boxes = [ax.get_position() for ax in small.axes]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(0 <= box.x0 < box.x1 <= 1 and 0 <= box.y0 < box.y1 <= 1 for box in boxes)


@pytest.mark.parametrize("location", ["bottom", "right"])
def test_a_bar_below_many_panels_does_not_flatten_the_last_ones(location):
    fig, axes = draw(5, 2)
    for column in range(2):
        image = axes[0, column].imshow(np.eye(3), aspect="auto")
        fig.colorbar(image, ax=axes[:, column], location=location).set_label("Energy")
    for ax in axes.flat:
        ax.set_title("own")
    small = phone.for_phone(fig)
    heights = [ax.get_position().height * small.get_size_inches()[1] for ax in small.axes[:10]]
    assert min(heights) > 0.6 * max(heights)


def test_a_grid_in_a_cell_keeps_its_form():
    with plots.book_style():
        fig = plots.figure(figsize=(7.5, 3))
        for outer in fig.add_gridspec(1, 2):
            outer.subgridspec(2, 2, width_ratios=(4, 1)).subplots()
    small = phone.for_phone(fig)
    (x0, y0), (x1, y1), (x2, _), (_, y4) = (cell(small.axes[k], small) for k in (0, 1, 2, 4))
    assert x1 > x0 and y1 == pytest.approx(y0) and x2 == pytest.approx(x0) and y4 > y0


def test_text_is_raised_to_the_smallest_that_can_be_read():
    fig, axes = draw(1, 2)
    axes[0, 0].text(0, 0, "tiny", fontsize=2)
    assert phone.smallest_text_px(fig) < 2
    assert phone.smallest_text_px(phone.for_phone(fig)) >= phone.READABLE_PX - 0.01


@pytest.mark.parametrize("make", ["drawing", "free axes", "narrow"])
def test_what_cannot_be_stacked_stays(make):
    if make == "narrow":
        fig, _ = draw(1, 1, figsize=(4, 3))
    elif make == "free axes":
        fig = plots.figure(figsize=(7.5, 3))
        fig.add_axes((0, 0, 1, 1))
    else:
        fig, axes = draw(1, 2)
        axes[0, 0].set_axis_off()
        for k in range(4):
            axes[0, 0].text(k, 0, "box")
    assert phone.for_phone(fig) is None


def test_a_title_too_long_for_its_panel_is_broken_between_words():
    fig, axes = draw(1, 1)
    axes[0, 0].set_title("a title of many words that fills the whole width of a page " * 2)
    small = stacked(fig, 4.5)
    words = small.axes[0].get_title("left") or small.axes[0].get_title()
    assert "\n" in words and " ".join(words.split()) == " ".join(axes[0, 0].get_title().split())
