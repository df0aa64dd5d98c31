"""The drawn marks are the given numbers."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from quakebook.uvcgan_s.figures.gains import gains


def test_marks_and_intervals():
    fig = gains({"filter": {"synthetic": (2.0, 0.5)}, "network": {"synthetic": (4.0, 0.1), "real": (3.0, 1.0)}})
    ax = fig.axes[0]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["filter", "network"]
    synthetic, real = (container.lines[0].get_xdata().tolist() for container in ax.containers)
    assert (synthetic, real) == ([2.0, 4.0], [3.0])
    (first, last), = ax.containers[1].lines[2][0].get_segments()
    assert (first[0], last[0]) == pytest.approx((2.0, 4.0))
    assert ax.get_ylim()[0] > ax.get_ylim()[1]  # the first row stands on top
    plt.close(fig)


def test_nothing_recorded_is_said():
    fig = gains({})
    assert not fig.axes[0].containers and fig.axes[0].texts[0].get_text() == "not recorded"
    plt.close(fig)
