"""Drawn data of the figures about lead times, and their layout on a phone."""

import numpy as np

from quakebook.gp2vec.figures import ahead, displacement
from quakebook.plots.phone import READABLE_PX, for_phone, smallest_text_px


def arrays():
    rng = np.random.default_rng(0)
    leads = np.array([0, 0.1, 0.2])
    truth = rng.normal(size=(3, 20)).astype(np.float32)
    truth[2, -3:] = np.nan
    return {"leads": leads, "end_s": 30 + 15 * np.arange(40), "test": np.arange(20, 40),
            "ahead_truth_mm": truth, "ahead_predicted_network": truth + np.float32(0.1) * np.arange(3)[:, None],
            "ahead_network": 1 - leads, "ahead_trees": 0.9 - leads, "ahead_persistence": 1 - 2 * leads,
            "ahead_mean_cycle": 1 - 1.5 * leads, "ahead_gain_low": -leads, "ahead_gain_high": 3 * leads,
            "plane": rng.normal(size=(40, 2)), "stress": rng.random(40), "plane_share": np.array([0.6, 0.2])}


def test_scores_and_what_they_add_to_the_present_answer():
    left, right = ahead.ahead(arrays()).axes
    np.testing.assert_allclose(left.lines[0].get_ydata(), [1, 0.9, 0.8])
    assert left.lines[0].get_xdata().tolist() == [0, 10, 20]
    np.testing.assert_allclose(right.lines[0].get_ydata(), [0, 0.1, 0.2], atol=1e-12)
    band = right.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == -0.2 and np.isclose(band[:, 1].max(), 0.6)
    without = {key: value for key, value in arrays().items() if "gain" not in key}
    assert not ahead.ahead(without).axes[1].collections


def test_a_frame_shows_the_truth_of_its_lead_and_the_present_answer():
    frames = ahead.lead_frames(arrays())
    left, right, top = frames[2].axes
    truth, network, present = top.lines
    np.testing.assert_array_equal(truth.get_ydata(), arrays()["ahead_truth_mm"][2])
    np.testing.assert_array_equal(network.get_ydata()[:-3], arrays()["ahead_predicted_network"][2, :-3])
    np.testing.assert_array_equal(present.get_ydata()[:-3], arrays()["ahead_predicted_network"][0, :-3])
    assert np.isnan(present.get_ydata()[-3:]).all()  # no truth, no answer
    assert top.get_title("left") == "20 % of a cycle ahead" and truth.get_xdata()[0] == (30 + 15 * 20) / 60
    assert left.lines[-1].get_xdata()[0] == right.lines[-1].get_xdata()[0] == 20
    assert len({frame.axes[2].get_ylim() for frame in frames}) == 1 and len(frames) == 3


def test_stress_is_the_colour():
    ax, bar = displacement.by_stress(arrays()).axes
    np.testing.assert_array_equal(ax.collections[0].get_array(), arrays()["stress"])
    assert "60 %" in ax.get_xlabel() and "Stress" in bar.get_ylabel()


def test_both_are_readable_on_a_phone():
    for drawn in (ahead.ahead(arrays()), ahead.at_lead(arrays(), 1), displacement.by_stress(arrays())):
        small = for_phone(drawn)
        assert small is not None and small.get_size_inches()[0] == 4.5
        assert smallest_text_px(small) >= READABLE_PX - 0.01
