"""Figures that belong to nobody: made by pyplot for its style and layout, and taken out of its list at once.

Otherwise a notebook would show each of them a second time, and a long batch would keep them all in memory.
"""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from quakebook.plots import detached


def subplots(*shape: int, **options: Any) -> tuple[Figure, Any]:
    """As `matplotlib.pyplot.subplots`."""
    fig, axes = plt.subplots(*shape, **options)
    return detached(fig), axes


def figure(**options: Any) -> Figure:
    """As `matplotlib.pyplot.figure`."""
    return detached(plt.figure(**options))
