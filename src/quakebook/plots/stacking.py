"""Panels of a figure arranged anew in fewer columns; what a panel shows, and about how large it is, stays."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, GridSpecBase, SubplotSpec

from . import words

#: A panel may become this much narrower before the columns are broken into lines.
SHRINK = 0.75


@dataclass(frozen=True)
class Line:
    """Some columns of some rows of the old grid, which stand side by side in `width` columns of the new one."""

    rows: range
    columns: range
    width: int


def stacked(fig: Figure, inches: float, least_pt: float = 0.0) -> Figure | None:
    """Rearrange a figure to a width; None where its panels do not lie in one grid.

    Rows that are divided into the same columns stay together: of a grid with more columns than fit, the first columns
    stand above the others with all their rows, so that titles on top and labels below stay where they belong. A column
    that comes to stand at the left gets the labels of the vertical axis. Text below `least_pt` points is raised to it.
    """
    axes = [ax for ax in fig.axes if ax.get_subplotspec() is not None]
    bars = [ax for ax in fig.axes if hasattr(ax, "_colorbar_info")]
    grids = {id(grid): grid for grid in (_top(ax).get_gridspec() for ax in axes)}
    if len(grids) != 1 or len(axes) + len(bars) < len(fig.axes) or fig.subfigs or _drawing(axes):
        return None
    grid = next(iter(grids.values()))
    width, height = fig.get_size_inches()
    lines = [line for rows in _bands(axes, grid.nrows) for line in _lines(axes, grid, rows, width, inches)]
    heights = [height * _share(grid, line, width, inches, axes) for line in lines]
    where = {ax: k for k, line in enumerate(lines) for ax in axes if _within(ax, line)}
    for bar in bars:
        heights[max(where[ax] for ax in bar._colorbar_info["parents"])] += _room_of(bar, where)
    fig.set_size_inches(inches, sum(heights))
    fig.set_layout_engine("constrained")
    new = GridSpec(len(lines), 1, figure=fig, height_ratios=heights)
    places = {ax: place for k, line in enumerate(lines) for ax, place in _places(axes, grid, line, new[k]).items()}
    _label(axes, lines)
    for ax, place in places.items():
        ax.set_subplotspec(place)
    _keep_bars_near(bars, lines, where)
    words.fit(fig, least_pt)
    fig.draw_without_rendering()
    fig.set_layout_engine("none")
    return fig


def _drawing(axes: Sequence[Axes]) -> bool:
    """Whether a panel is a drawing of boxes and words, which become larger than their boxes when it shrinks."""
    return any(not ax.axison and len(ax.texts) > 3 for ax in axes)


def _top(ax: Axes) -> SubplotSpec:
    return ax.get_subplotspec().get_topmost_subplotspec()


def _within(ax: Axes, line: Line) -> bool:
    spec = _top(ax)
    return spec.rowspan.start in line.rows and spec.colspan.start in line.columns


def _bands(axes: Sequence[Axes], count: int) -> list[range]:
    """Rows that stay together: divided into the same columns, with titles above the first of them only.

    Rows whose panels have titles of their own are read one after another.
    """
    edges = [row for row in range(1, count) if not any(
        spec.rowspan.start < row < spec.rowspan.stop for spec in map(_top, axes))]
    bands = [range(a, b) for a, b in zip([0, *edges], [*edges, count], strict=True)]

    def columns(rows: range) -> set[tuple[int, int]]:
        return {(s.colspan.start, s.colspan.stop) for s in map(_top, axes) if s.rowspan.start in rows}

    def titled(rows: range) -> bool:
        return any(ax.get_title(loc) for ax in axes if _top(ax).rowspan.start in rows for loc in ("left", "center"))

    merged = bands[:1]
    for rows in bands[1:]:
        if columns(rows) == columns(merged[-1]) and not titled(rows):
            merged[-1] = range(merged[-1].start, rows.stop)
        else:
            merged.append(rows)
    return merged


def _lines(axes: Sequence[Axes], grid: GridSpecBase, rows: range, width: float, inches: float) -> list[Line]:
    """Break the columns of a band into as few lines of equal length as fit."""
    spans = [s.colspan for s in map(_top, axes) if s.rowspan.start in rows]
    edges = [c for c in range(1, grid.ncols) if not any(s.start < c < s.stop for s in spans)]
    parts = [range(a, b) for a, b in zip([0, *edges], [*edges, grid.ncols], strict=True)]
    ratios = grid.get_width_ratios()
    widest = max(sum(ratios[c] for c in part) for part in parts) / sum(ratios) * width
    fit = max(1, math.floor(inches / (SHRINK * widest) + 1e-9))
    count = math.ceil(len(parts) / fit)
    each = math.ceil(len(parts) / count)
    spans = [range(parts[k].start, parts[min(k + each, len(parts)) - 1].stop) for k in range(0, len(parts), each)]
    fixed = any(ax.get_aspect() != "auto" for ax in axes if _top(ax).rowspan.start in rows)
    return [Line(rows, span, max(map(len, spans)) if fixed else len(span)) for span in spans]


def _share(grid: GridSpecBase, line: Line, width: float, inches: float, axes: Sequence[Axes]) -> float:
    """Height of a line as a share of the old height; images and squares keep their proportions."""
    heights, widths = grid.get_height_ratios(), grid.get_width_ratios()
    share = sum(heights[row] for row in line.rows) / sum(heights)
    old = width * sum(widths[c] for c in line.columns) / sum(widths)
    change = inches * len(line.columns) / line.width / old
    fixed = any(ax.get_aspect() != "auto" for ax in axes if _within(ax, line))
    return share * (change if fixed else min(1.0, max(change, 0.8)))


def _places(axes: Sequence[Axes], grid: GridSpecBase, line: Line, cell: SubplotSpec) -> dict[Axes, SubplotSpec]:
    """Where the panels of a line stand; a grid inside a cell of the old grid is made again inside the new cell."""
    widths = list(grid.get_width_ratios())[line.columns.start:line.columns.stop]
    widths += [sum(widths) / len(widths)] * (line.width - len(widths))
    inner = cell.subgridspec(len(line.rows), line.width, width_ratios=widths,
                             height_ratios=list(grid.get_height_ratios())[line.rows.start:line.rows.stop])
    places: dict[Axes, SubplotSpec] = {}
    nested: dict[int, GridSpecBase] = {}
    for ax in (ax for ax in axes if _within(ax, line)):
        top, own = _top(ax), ax.get_subplotspec()
        old = own.get_gridspec()
        places[ax] = inner[_moved(top.rowspan, line.rows), _moved(top.colspan, line.columns)]
        if old is not grid:
            if id(old) not in nested:
                nested[id(old)] = places[ax].subgridspec(old.nrows, old.ncols, width_ratios=old.get_width_ratios(),
                                                         height_ratios=old.get_height_ratios())
            places[ax] = nested[id(old)][own.rowspan.start:own.rowspan.stop, own.colspan.start:own.colspan.stop]
    return places


def _moved(span: range, into: range) -> slice:
    return slice(span.start - into.start, span.stop - into.start)


def _label(axes: Sequence[Axes], lines: Sequence[Line]) -> None:
    """Give the first column of a later line the labels that the first column of its rows has."""
    for line in lines:
        if line.columns.start == 0:
            continue
        for ax in axes:
            if not _within(ax, line) or ax.get_subplotspec().colspan.start != line.columns.start:
                continue
            first = [a for a in axes if a.get_gridspec() is ax.get_gridspec() and _top(a).colspan.start == 0
                     and _top(a).rowspan == _top(ax).rowspan]
            for source in first[:1]:
                ax.set_ylabel(ax.get_ylabel() or source.get_ylabel())
                if ax.get_shared_y_axes().joined(ax, source):
                    ax.tick_params(axis="y", labelleft=True)


def _room_of(bar: Axes, where: Mapping[Axes, int]) -> float:
    """Inches that a horizontal colour bar takes from the last of several lines, where it took a part of each before."""
    served = {where[ax] for ax in bar._colorbar_info["parents"]}
    if bar._colorbar_info["location"] not in ("top", "bottom") or len(served) < 2:
        return 0.0
    return 1.2 * bar.get_tightbbox().height / bar.figure.dpi


def _keep_bars_near(bars: Sequence[Axes], lines: Sequence[Line], where: Mapping[Axes, int]) -> None:
    """A colour bar that served panels of several lines stands beside those of the last one."""
    for bar in bars:
        parents = bar._colorbar_info["parents"]
        last = max(where[ax] for ax in parents)
        kept = [ax for ax in parents if where[ax] == last]
        for ax in set(parents) - set(kept):
            ax._colorbars.remove(bar)
        bar._colorbar_info["parents"] = kept
        box = kept[-1].get_position()  # a first guess: the layout starts from it
        bar.set_position((box.x1, box.y0, 0.02, box.height))
