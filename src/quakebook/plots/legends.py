"""Legends of a figure in fewer columns.

`Legend.set_ncols` of Matplotlib only notes the number: the entries of a legend that has been made stay where they are.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.legend import Legend


def fit(fig: Figure) -> None:
    """Take columns away from each legend of a figure until it lies inside, or has one column.

    The figure grows by the height that a legend outside of its panels gains, so that the panels keep theirs.
    """
    for legend in fig.legends:
        before = legend.get_window_extent().height
        while len(_columns(legend)) > 1 and not _inside(legend, fig.bbox.width):
            _fewer(legend)
            fig.draw_without_rendering()
        if legend._outside_loc:
            width, height = fig.get_size_inches()
            fig.set_size_inches(width, height + (legend.get_window_extent().height - before) / fig.dpi)


def _columns(legend: Legend) -> list:
    return legend._legend_handle_box.get_children()


def _inside(legend: Legend, room: float) -> bool:
    box = legend.get_window_extent()
    return box.x0 >= 0 and box.x1 <= room


def _fewer(legend: Legend) -> None:
    """Spread the entries, in their order, over one column less; as Matplotlib does, the first ones hold one more."""
    columns = _columns(legend)
    entries = [entry for column in columns for entry in column.get_children()]
    del columns[-1]
    for column, rows in zip(columns, np.array_split(np.arange(len(entries)), len(columns)), strict=True):
        column._children = [entries[row] for row in rows]
    legend.set_ncols(len(columns))
