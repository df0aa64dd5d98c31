"""Words of a figure made to fit: sizes raised, legends in fewer columns, titles and labels of axes in more lines."""

from __future__ import annotations

import textwrap

from matplotlib.figure import Figure
from matplotlib.text import Text

from . import legends


def fit(fig: Figure, least_pt: float) -> None:
    """Legends of the figure in fewer columns, titles and axis labels in more lines, until they fit."""
    fig.draw_without_rendering()
    for text in fig.findobj(Text):
        text.set_fontsize(max(text.get_fontsize(), least_pt))
    room = fig.bbox.width
    legends.fit(fig)
    for ax in fig.axes:
        box = ax.get_window_extent()
        for text in (ax.title, ax._left_title, ax._right_title, ax.xaxis.label):
            _wrap(text, max(box.width, room - box.x0 if box.x1 > 0.8 * room else 0))
        _wrap(ax.yaxis.label, box.height)
    if fig._suptitle is not None:
        _wrap(fig._suptitle, room)


def _wrap(words: Text, room: float) -> None:
    text, box = words.get_text(), words.get_window_extent()
    length = max(box.width, box.height)
    if text and "\n" not in text and length > room:
        words.set_text("\n".join(textwrap.wrap(text, max(8, int(len(text) * room / length)), break_long_words=False)))
