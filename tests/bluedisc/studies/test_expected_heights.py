"""The formula that needs no training, against closed forms."""

import numpy as np
import pytest

from quakebook.bluedisc.studies import expected_heights


@pytest.mark.parametrize("scatter_s", [0.05, 0.1, 0.2, 0.4])
def test_gaussian_scatter_gives_the_closed_form(scatter_s):
    picks = scatter_s * np.random.default_rng(0).standard_normal((3, 40_000))
    height = expected_heights.expected_answer(picks).height
    np.testing.assert_allclose(height, 0.2 / np.hypot(0.2, scatter_s), atol=0.01)


def test_missing_picks_lower_the_peak_by_their_share():
    picks = np.zeros((2, 400))
    picks[1, :60] = np.nan
    answer = expected_heights.expected_answer(picks)
    np.testing.assert_allclose(answer.height, [1.0, 0.85], atol=0.005)
    np.testing.assert_allclose(answer.near, 1.0)
    assert answer.shares()["tp"] == pytest.approx(100)


def test_timing_error_adds_to_the_scatter():
    picks = 0.1 * np.random.default_rng(5).standard_normal((2, 20_000))
    height = expected_heights.expected_answer(picks, timing_error_s=0.1).height
    np.testing.assert_allclose(height, 0.2 / np.sqrt(0.04 + 0.02), atol=0.01)


def test_picker_records_meet_the_row_they_were_chosen_for(records):
    picks = expected_heights.draw_s_picks(records, "picker", draws=200)
    shares = expected_heights.expected_answer(picks, 0.0).shares()
    assert shares["tp"] > shares["below"] and 55 < shares["precise"] < 90
    strong = expected_heights.draw_s_picks(records, "picker_strong", draws=200)
    worse = expected_heights.expected_answer(strong).shares()
    assert worse["precise"] < shares["precise"]


def test_records_without_truth_are_refused(records):
    from dataclasses import replace

    noise = replace(records, metadata=records.metadata.assign(trace_s_true_onset_sample=np.nan))
    with pytest.raises(ValueError, match="no record with a true S onset"):
        expected_heights.draw_s_picks(noise, "picker")


def test_near_means_within_a_tenth_of_a_second_of_the_peak():
    picks = np.array([[0.0] * 7 + [0.09, 0.15, np.nan]])
    answer = expected_heights.expected_answer(picks)
    assert answer.given[0] == pytest.approx(0.9) and answer.near[0] == pytest.approx(8 / 9)
