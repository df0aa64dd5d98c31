"""Both loss surfaces with what the paper draws over them."""

import numpy as np
import pytest

from quakebook.bluedisc.figures import landscape
from quakebook.bluedisc.studies.landscape import landscape_gaussian, landscape_pointwise


@pytest.fixture(scope="module")
def twins():
    """The axes over the surfaces, which hold curves and arrows."""
    fig = landscape.landscape(landscape_pointwise(), landscape_gaussian())
    return [axes for axes in fig.axes if axes.get_lines()]


def test_both_panels_share_times_and_heights(twins):
    for twin in twins:
        assert twin.get_ylim() == (0, 1) and twin.get_xlim() == (-3.5, 3.5)


def test_label_prediction_and_eight_updates(twins):
    """Label 1 at 0 s; prediction 0.7 at 0.3 s; dots every 0.1 s from 0 to 0.7 s."""
    label, prediction, dots = twins[0].get_lines()
    for line, time_s, height in ((label, 0.0, 1.0), (prediction, 0.3, 0.7)):
        k = line.get_ydata().argmax()
        assert (line.get_xdata()[k], line.get_ydata()[k]) == pytest.approx((time_s, height), abs=1e-9)
    assert dots.get_xdata().tolist() == pytest.approx([k / 10 for k in range(8)])
    assert dots.get_ydata() == pytest.approx(0.7 * np.exp(-0.5 * ((dots.get_xdata() - 0.3) / 0.2) ** 2))


def test_arrows_start_on_their_dots_and_go_up_or_down(twins):
    """Up at 0 and 0.1 s, where the prediction is too low; down from 0.3 s on; nowhere sideways."""
    arrows = [text for text in twins[0].texts if text.arrow_patch is not None]
    assert len(arrows) == 8 and all(arrow.xy[0] == arrow.xyann[0] for arrow in arrows)
    rise = [arrow.xy[1] - arrow.xyann[1] for arrow in arrows]
    assert min(rise[:2]) > 0.05 and max(rise[3:]) < -0.03


def test_the_peak_as_a_whole_moves_to_the_label(twins):
    """0.14 s to the left, hardly up or down; the dashed curve is the prediction there."""
    arrow, = (text for text in twins[1].texts if text.arrow_patch is not None)
    assert arrow.xyann == (0.3, 0.7) and arrow.xy[0] == pytest.approx(0.16, abs=0.02)
    assert arrow.xy[1] == pytest.approx(0.7, abs=0.01)
    after = twins[1].get_lines()[1]
    k = after.get_ydata().argmax()
    assert (after.get_xdata()[k], after.get_ydata()[k]) == pytest.approx(arrow.xy, abs=0.006)
