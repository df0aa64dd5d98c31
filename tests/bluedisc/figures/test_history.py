"""Time history: rows between the kept steps, dots in their middle."""

import numpy as np
import pytest

from quakebook.bluedisc.figures import history

T = np.arange(3001)


def bumps(p, s, p_height=1.0, s_height=1.0):
    return np.stack([p_height * np.exp(-0.5 * ((T - p) / 20) ** 2), s_height * np.exp(-0.5 * ((T - s) / 20) ** 2),
                     np.zeros(3001)])


LABEL = bumps(800, 1200)


def test_red_is_s_and_blue_is_p_each_row_by_its_largest():
    image = history.history_image(np.stack([bumps(800, 1200, 0.2, 0.1), bumps(800, 1200, 0.3, 0.9)]))
    assert image.shape == (2, 3001, 3)
    np.testing.assert_allclose(image[0, [800, 1200], 2], [1, 0], atol=1e-9)
    np.testing.assert_allclose(image[0, [800, 1200], 0], [0, 0.5], atol=1e-9)
    np.testing.assert_allclose(image[1, [800, 1200], 2], [1 / 3, 0], atol=1e-9)
    np.testing.assert_allclose(image[1, [800, 1200], 0], [0, 1], atol=1e-9)
    assert not history.history_image(np.zeros((1, 3, 5))).any()


def test_rows_reach_from_step_to_step_and_dots_stand_between():
    """Steps 10, 30, 70: rows 0-10, 10-30, 30-70, with middles 5, 20, 50."""
    prediction = np.stack([bumps(800, 1500), bumps(809, 1200, 1.0, 0.5), bumps(810, 1200, 0.5)])
    fig = history.time_history(np.zeros((3, 3001)), LABEL, {"BCE": (np.array([10, 30, 70]), prediction)})
    upper, lower = fig.axes
    assert upper.get_title(loc="left") == "BCE" and lower.get_ylabel() == "Training step"
    mesh, far, near = lower.collections
    assert np.unique(mesh.get_coordinates()[..., 1]).tolist() == [0, 10, 30, 70]
    assert mesh.get_coordinates()[0, -1, 0] == pytest.approx(30.01)
    assert lower.get_ylim() == (70, 0) and lower.get_xlim() == pytest.approx((0, 30.01))
    assert [line.get_xdata()[0] for line in lower.get_lines()] == [8.0, 12.0]
    # P at 8.00 and 8.09 s are nearer than 0.1 s, S at 15 s is not; at the last step only S is over 0.7
    np.testing.assert_allclose(near.get_offsets(), [(8.0, 5), (8.09, 20), (12.0, 50)])
    np.testing.assert_allclose(far.get_offsets(), [(15.0, 5)])
    assert (far.get_label(), near.get_label()) == ("pick, 0.1 s off or more", "pick within 0.1 s")


def test_a_phase_without_a_label_has_no_near_pick():
    label = LABEL * np.array([[1.0], [0.0], [0.0]])
    assert history.history_picks(bumps(800, 1200)[None], label) == [(0, 8.0, True), (0, 12.0, False)]


def test_runs_stand_beside_each_other():
    step, prediction = np.array([1, 2]), np.stack([LABEL, LABEL])
    fig = history.time_history(np.zeros((3, 3001)), LABEL, dict.fromkeys("abc", (step, prediction)))
    assert [ax.get_title(loc="left") for ax in fig.axes[:3]] == ["a", "b", "c"] and len(fig.axes) == 6
    assert [ax.get_ylabel() for ax in fig.axes] == ["Waveform", "", "", "Training step", "", ""]
