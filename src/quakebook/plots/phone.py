"""A second layout of a figure for a narrow screen: fewer panels side by side, each about as large as it was.

On a phone a page is some 350 pixels wide, so the text of a figure of `WIDTH_INCHES` shrinks below what can be read. As
an IPython extension (``%load_ext quakebook.plots.phone``; the batch loads it) this module gives every displayed figure
its second layout as well; the pages show whichever fits the screen.
"""

from __future__ import annotations

import base64
import io
import pickle
import warnings
from itertools import combinations
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Text

from .stacking import stacked
from .style import detached

#: Width of the second layout, and width in pixels that a phone of 390 pixels leaves to a figure.
INCHES, SCREEN_PX = 4.5, 350
#: Text smaller than this many pixels is not readable.
READABLE_PX = 6.5
#: Where the second layout travels in an executed notebook, and what is said of the figure there.
MIME, NOTE = "application/vnd.quakebook.phone", "quakebook-phone"


def smallest_text_px(fig: Figure, screen_px: float = SCREEN_PX) -> float:
    """Size of the smallest text of a figure that is shown `screen_px` pixels wide; infinite without text."""
    fig.draw_without_rendering()
    sizes = [text.get_fontsize() for text in fig.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return min(sizes, default=float("inf")) / 72 * screen_px / fig.get_size_inches()[0]


def coloured(fig: Figure) -> bool:
    """Whether colours of an image or a mesh carry a scale, so that a dark page must not turn them."""
    shown = [found for kind in (AxesImage, QuadMesh) for found in fig.findobj(kind) if found.get_array() is not None]
    maps = [found.get_cmap() for found in shown if found.get_array().ndim == 2]
    return any(max(abs(a - b) for a, b in combinations(colour[:3], 2)) > 0.05
               for cmap in maps for colour in cmap([0.0, 0.25, 0.5, 0.75, 1.0]))


def for_phone(fig: Figure, inches: float = INCHES) -> Figure | None:
    """The second layout as a figure of its own; None where there is nothing to gain or no way to stack the panels."""
    if fig.get_size_inches()[0] <= inches:
        return None
    try:
        copy = detached(pickle.loads(pickle.dumps(fig)))  # of our own making; pyplot would show a copy of its own
    except (pickle.PicklingError, AttributeError, TypeError):  # it holds a function that has no name
        return None
    FigureCanvasAgg(copy)  # a copy comes without a canvas that can measure text
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "constrained_layout not applied")
        try:
            return stacked(copy, inches, READABLE_PX * 72 * inches / SCREEN_PX)
        except UserWarning:
            return None


def bundle(fig: Figure) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a displayed figure carries beside its picture: the second layout as PNG, and its smallest text in pixels."""
    small = for_phone(fig)
    note = {NOTE: {"text_px": round(smallest_text_px(small or fig), 2), "coloured": coloured(fig)}}
    if small is None:
        return {}, note
    return {MIME: base64.b64encode(picture(small)).decode()}, note


def picture(small: Figure, dpi: int = 160) -> bytes:
    """PNG of a second layout, fine enough for two points a pixel."""
    raw = io.BytesIO()
    small.savefig(raw, format="png", dpi=dpi)
    return raw.getvalue()


def load_ipython_extension(shell: Any) -> None:
    """Called by IPython when it loads this module as an extension."""
    shell.display_formatter.mimebundle_formatter.for_type(Figure, lambda fig, **_: bundle(fig))
