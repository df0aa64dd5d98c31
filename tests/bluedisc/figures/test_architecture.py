"""Bars of the networks: one beside the other, as wide as their channels and as high as their length say."""

import matplotlib.pyplot as plt
import pytest

from quakebook.bluedisc.figures import architecture


def test_bars_stand_side_by_side_and_grow():
    """3001 samples are the height 1; 32 times the channels are 4 times the width; gaps of one size, no overlap."""
    _, ax = plt.subplots()
    architecture._stages(ax, ((8, 3001), (256, 3001), (8, 188)), "stages", "C0")
    bars = [bar for bar in ax.patches if isinstance(bar, plt.Rectangle)]
    left, width, height = (list(values) for values in zip(*((bar.get_x(), bar.get_width(), bar.get_height())
                                                            for bar in bars), strict=True))
    assert height[:2] == [1.0, 1.0] and 0 < height[2] < 1 and width[1] / width[0] == pytest.approx(4.0)
    gaps = [left[k + 1] - left[k] - width[k] for k in (0, 1)]
    assert gaps[0] == pytest.approx(gaps[1]) and gaps[0] > 0
    assert all(bar.get_y() == -bar.get_height() / 2 for bar in bars)
    assert ax.get_xlim()[0] < 0 and ax.get_xlim()[1] >= left[2] + width[2]
    texts = {text.get_text(): text.get_position()[0] for text in ax.texts}
    assert texts["256"] == pytest.approx(left[1] + width[1] / 2) and texts["188"] == pytest.approx(
        left[2] + width[2] / 2)
