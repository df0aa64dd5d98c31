"""Heights and shares that the labels alone predict, read back from the figure."""

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from quakebook.bluedisc.figures import expected_heights
from quakebook.bluedisc.figures.colours import BELOW_COLOUR, OVER_COLOUR
from quakebook.bluedisc.studies.expected_heights import Expected

#: Heights 0.50, 0.70 and 0.90 with 1, 1 and 0.5 of the picks given, and 1, 0.5 and 0.8 of those in time: of 2.5
#: labels 0.5 + 0.4 are in time and high (36 %; 0.70 itself is high), 1.0 in time and low (40 %).
SHARP = Expected(np.array([0.5, 0.7, 0.9]), np.array([1.0, 0.5, 0.8]), np.array([1.0, 1.0, 0.5]))
BLURRED = Expected(np.array([0.3, 0.3]), np.array([0.5, 0.25]), np.array([1.0, 1.0]))


@pytest.fixture
def axes():
    figure = expected_heights.formula({0.0: SHARP, 0.125: BLURRED}, {"BCE, seed 0": {"tp": 20.0, "below": 50.0}},
                                      {"published": {"tp": 32.4, "below": 24.8}})
    return figure.axes


def test_the_heights_are_weighted_by_the_picks_given(axes):
    sharp, blurred = (patch.get_data() for patch in axes[0].patches)
    np.testing.assert_allclose(sharp.edges, np.arange(26) / 25)
    expected = np.zeros(25)
    expected[[12, 17, 22]] = 40, 40, 20  # 0.48 to 0.52, 0.68 to 0.72, 0.88 to 0.92
    np.testing.assert_allclose(sharp.values, expected)
    assert blurred.values[7] == 100 and blurred.values.sum() == 100  # 0.28 to 0.32
    assert [text.get_text() for text in axes[0].get_legend().get_texts()] == ["0.00 s", "0.12 s"]
    assert [line.get_xdata()[0] for line in axes[0].get_lines()] == [0.7] and axes[0].get_xlim() == (0, 1)


def test_a_bar_for_each_timing_error_and_each_picker_from_the_top(axes):
    over, under = axes[1].containers
    np.testing.assert_allclose([bar.get_width() for bar in over], [36, 0, 20, 32.4])
    np.testing.assert_allclose([bar.get_width() for bar in under], [40, 37.5, 50, 24.8])
    np.testing.assert_allclose([bar.get_x() for bar in under], [36, 0, 20, 32.4])
    centres = [bar.get_y() + bar.get_height() / 2 for bar in over]
    np.testing.assert_allclose(centres, [3, 2, 1, 0], atol=1e-12)
    names = dict(zip(axes[1].get_yticks(), (text.get_text() for text in axes[1].get_yticklabels()), strict=True))
    assert [names[round(y)] for y in centres] == ["formula, 0.00 s", "formula, 0.12 s", "BCE, seed 0", "published"]
    assert {bar.get_facecolor()[:3] for bar in over} == {to_rgba(OVER_COLOUR)[:3]}
    assert {bar.get_facecolor()[:3] for bar in under} == {to_rgba(BELOW_COLOUR)[:3]}


@pytest.mark.parametrize("quoted", [{}, {"published": {"tp": 1.0, "below": 2.0}}])
def test_only_what_is_quoted_is_hatched(quoted):
    figure = expected_heights.formula({0.0: SHARP}, {"own": {"tp": 20.0, "below": 50.0}}, quoted)
    for bars in figure.axes[1].containers:
        assert [bool(bar.get_hatch()) for bar in bars] == [False, False, *([True] * len(quoted))]
