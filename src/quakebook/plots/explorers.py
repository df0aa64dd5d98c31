"""Explorers and films on a page: pre-rendered frames behind a slider that needs no kernel."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

from .phone import for_phone, picture

if TYPE_CHECKING:
    import ipywidgets
    from IPython.display import HTML


def png(fig: Figure, dpi: int = 80) -> bytes:
    """Render a figure to PNG bytes of at most 128 colours, small enough to be embedded in a page many times."""
    from PIL import Image

    raw, small = io.BytesIO(), io.BytesIO()
    fig.savefig(raw, format="png", dpi=dpi, bbox_inches=None)
    Image.open(raw).convert("RGB").quantize(128).save(small, format="png", optimize=True)
    return small.getvalue()


def explorer(frames: Sequence[Figure], labels: Sequence[str], *, description: str = "", dpi: int = 80,
             interval_ms: int = 600) -> ipywidgets.Widget:
    """Slide through pre-rendered figures, in the notebook and in the page without a kernel.

    Parameters
    ----------
    frames : sequence of Figure
        One picture per slider position, all of one size.
    labels : sequence of str
        What stands beside the slider at each position; as many as frames.
    description : str
        Name of the quantity that the slider changes.
    dpi : int
        Resolution of the embedded pictures.
    interval_ms : int
        Time between frames when played.
    """
    import ipywidgets as widgets

    if not frames or len(frames) != len(labels):
        raise ValueError(f"an explorer needs one label per frame; found {len(frames)} frames and {len(labels)} labels")
    small = _small([frames])
    stack = widgets.Stack([_image(frame, label, dpi) for frame, label in zip(frames, labels, strict=True)],
                          selected_index=0)
    slider, play = _controls(labels, description, interval_ms)
    widgets.jslink((slider, "index"), (stack, "selected_index"))
    widgets.jslink((play, "value"), (slider, "index"))
    return widgets.VBox([widgets.HBox([play, slider]), stack, *small])


def grid_explorer(frames: Mapping[str, Sequence[Figure]], labels: Sequence[str], *, description: str = "",
                  choice: str = "", dpi: int = 80, interval_ms: int = 600) -> ipywidgets.Widget:
    """Like `explorer`, with a drop-down list (keys of `frames`) beside the slider."""
    import ipywidgets as widgets

    slider, play = _controls(labels, description, interval_ms)
    small, rows = _small(list(frames.values())), []
    for key, row in frames.items():
        if len(row) != len(labels):
            raise ValueError(f"row {key!r} has {len(row)} frames; expected {len(labels)}, one per label")
        stack = widgets.Stack([_image(f, f"{key}, {label}", dpi) for f, label in zip(row, labels, strict=True)],
                              selected_index=0)
        widgets.jslink((slider, "index"), (stack, "selected_index"))
        rows.append(stack)
    chooser = widgets.Dropdown(options=list(frames), index=0, description=choice)
    outer = widgets.Stack(rows, selected_index=0)
    widgets.jslink((chooser, "index"), (outer, "selected_index"))
    widgets.jslink((play, "value"), (slider, "index"))
    return widgets.VBox([widgets.HBox([play, slider, chooser]), outer, *small])


def film(gif: bytes, alt: str) -> HTML:
    """A film as part of the page; `gif` are the bytes of a GIF file, `alt` says what is seen."""
    import base64
    import html

    from IPython.display import HTML

    data = base64.b64encode(gif).decode()
    return HTML(f'<img src="data:image/gif;base64,{data}" alt="{html.escape(alt)}" style="max-width: 100%">')


def _controls(labels: Sequence[str], description: str, interval_ms: int) -> tuple[Any, Any]:
    import ipywidgets as widgets

    slider = widgets.SelectionSlider(options=list(labels), index=0, description=description,
                                     style={"description_width": "initial"})
    play = widgets.Play(min=0, max=len(labels) - 1, value=0, interval=interval_ms)
    return slider, play


def _small(rows: Sequence[Sequence[Figure]]) -> list[Any]:
    """In the batch, the second layout of all frames as one hidden widget for the pages."""
    if not os.environ.get("QUAKEBOOK_BATCH"):
        return []
    import ipywidgets as widgets

    layouts = [[for_phone(fig) for fig in row] for row in rows]
    if any(fig is None for row in layouts for fig in row):
        return []
    return [widgets.Stack([widgets.Image(value=picture(fig, dpi=120), format="png") for row in layouts
                           for fig in row], layout={"display": "none"})]


def _image(fig: Figure, label: str, dpi: int) -> Any:
    import ipywidgets as widgets
    import matplotlib.pyplot as plt

    image = widgets.Image(value=png(fig, dpi), format="png", layout={"max_width": "100%"})
    image.add_class("quakebook-frame")
    plt.close(fig)
    return image
