"""A legend that is too wide is broken into fewer columns, in the drawing and not by its number alone."""

import numpy as np
import pytest

from quakebook import plots
from quakebook.plots import legends, phone
from quakebook.plots.stacking import stacked


def with_legend(names, ncols, inches=7.5, loc="outside lower center"):
    with plots.book_style():
        fig, ax = plots.subplots(figsize=(inches, 3), layout="constrained")
        for k, name in enumerate(names):
            ax.plot([0, 1], [0, k], label=name)
        fig.legend(*ax.get_legend_handles_labels(), loc=loc, ncols=ncols)
    return fig


def places(fig):
    """Column and row of each entry, by where its words stand."""
    fig.draw_without_rendering()
    boxes = [text.get_window_extent() for text in fig.legends[0].get_texts()]
    left = sorted({round(box.x0) for box in boxes})
    top = sorted({round(-box.y1) for box in boxes})
    return [(left.index(round(box.x0)), top.index(round(-box.y1))) for box in boxes]


@pytest.mark.parametrize("width", [26, 12])
def test_columns_are_taken_away_until_the_legend_lies_inside(width):
    fig = with_legend([f"line {k} {'x' * width}" for k in range(5)], 5)
    small = stacked(fig, 4.5)
    small.draw_without_rendering()
    box = small.legends[0].get_window_extent()
    assert box.x0 >= 0 and box.x1 <= small.bbox.width
    columns = small.legends[0]._ncols
    assert columns == (1 if width == 26 else 2)
    want = [(0, k) for k in range(5)] if columns == 1 else [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    assert places(small) == want


def test_a_legend_that_fits_stays():
    fig = with_legend(["x1", "x2", "x3"], 3)
    small = stacked(fig, 4.5)
    assert small.legends[0]._ncols == 3 and places(small) == [(0, 0), (1, 0), (2, 0)]
    assert small.get_size_inches()[1] == pytest.approx(3 * 0.8)


def test_the_panel_keeps_its_height_under_a_longer_legend():
    """Without a figure that grows, four lines more of a legend would take the room of the panel."""
    names = [f"line {k} {'x' * 30}" for k in range(5)]
    wide, narrow = (with_legend(names, columns, 4.5) for columns in (5, 1))
    wide.draw_without_rendering()
    one = wide.axes[0].get_position().height * wide.get_size_inches()[1]
    legends.fit(wide)
    wide.draw_without_rendering()
    assert wide.axes[0].get_position().height * wide.get_size_inches()[1] == pytest.approx(one, abs=0.03)
    narrow.draw_without_rendering()
    grown = wide.get_size_inches()[1] - 3
    lines = narrow.legends[0].get_window_extent().height - with_height(names)
    assert grown == pytest.approx(lines / narrow.dpi, rel=0.02)


def with_height(names):
    fig = with_legend(names, 5, 4.5)
    fig.draw_without_rendering()
    return fig.legends[0].get_window_extent().height


def test_a_legend_inside_does_not_make_the_figure_grow():
    fig = with_legend([f"line {k} {'x' * 30}" for k in range(3)], 3, 4.5, loc="upper left")
    fig.draw_without_rendering()
    legends.fit(fig)
    assert fig.get_size_inches().tolist() == [4.5, 3] and fig.legends[0]._ncols == 1


def test_the_second_layout_of_a_figure_has_its_legend_inside():
    fig = with_legend([f"a method with a long name {k}" for k in range(4)], 4)
    small = phone.for_phone(fig)
    small.draw_without_rendering()
    box = small.legends[0].get_window_extent()
    assert box.x0 >= 0 and box.x1 <= small.bbox.width and box.y0 >= 0
    assert fig.legends[0]._ncols == 4 and np.allclose(fig.get_size_inches(), (7.5, 3))
