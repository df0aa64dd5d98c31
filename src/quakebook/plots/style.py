"""The book's style for figures: style sheet, palette, new figures, saving with provenance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

#: Okabe-Ito colours, distinguishable with the common forms of colour blindness.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")

#: The same two colours for P and S in all chapters; N is noise, D detection.
PHASE_COLOURS = {"P": "#0072B2", "S": "#D55E00", "N": "#7F7F7F", "D": "#009E73"}

WIDTH_INCHES = 7.5
STYLE_SHEET = Path(__file__).with_name("quakebook.mplstyle")


@contextmanager
def book_style() -> Iterator[None]:
    """Draw with the book's style sheet inside a ``with`` block; nothing global stays changed."""
    with mpl.rc_context(fname=STYLE_SHEET):
        yield


def detached(fig: Figure) -> Figure:
    """The same figure, out of pyplot's list: a notebook then shows it where it is displayed, and only there."""
    import matplotlib.pyplot as plt

    plt.close(fig)
    return fig


def subplots(*shape: int, **options: Any) -> tuple[Figure, Any]:
    """As `matplotlib.pyplot.subplots`, detached: a notebook shows the figure once, and no list keeps it in memory."""
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots(*shape, **options)
    return detached(fig), axes


def figure(**options: Any) -> Figure:
    """As `matplotlib.pyplot.figure`, detached."""
    import matplotlib.pyplot as plt

    return detached(plt.figure(**options))


def save(fig: Figure, path: str | Path, *, run: Any = None, seed: int | None = None) -> Path:
    """Save a figure with its provenance.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    path : str or Path
        The ending (png, svg, pdf) selects the format.
    run : Run or str, optional
        Run, or its identity, that the figure shows.
    seed : int, optional

    Returns
    -------
    Path
        The file. PNG, SVG and PDF carry package version, run and seed in their metadata.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    note = f"quakebook {version('quakebook')}; run {getattr(run, 'id', run)}; seed {seed}"
    key = {"png": "Description", "svg": "Description", "pdf": "Subject"}.get(path.suffix.lstrip(".").lower())
    if key is None:
        raise ValueError(f"cannot save {path.name!r}: the ending must be png, svg or pdf")
    fig.savefig(path, metadata={key: note})
    return path
