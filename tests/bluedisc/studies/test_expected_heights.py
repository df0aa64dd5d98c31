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


def test_picks_are_drawn_in_seconds_of_each_record(records, monkeypatch):
    """P at sample 1000, S at 1600, no signal-to-noise of P (20 dB then); picks 0.3 s late."""
    import pandas as pd

    seen = {}

    def draw(rng, preset, **columns):
        seen.update(columns)
        return {"s_pick_s": columns["s_s"] + 0.3}

    monkeypatch.setattr(expected_heights.picks, "draw", draw)
    table = pd.DataFrame({"trace_p_true_onset_sample": [1000.0, 1100.0, 1.0], "path_s_peak_delay_s": [0.2, 0.4, 0.6],
                          "trace_s_true_onset_sample": [1600.0, 2000.0, np.nan], "trace_snr_db": [np.nan, 12.0, 1.0],
                          "trace_s_snr_db": [9.0, 8.0, 7.0]})
    from dataclasses import replace

    three = replace(records, waveforms=records.waveforms[:3], metadata=table)
    made = expected_heights.draw_s_picks(three, "picker", draws=2)
    np.testing.assert_allclose(made, np.full((2, 2), 0.3))
    expected = {"p_s": [10, 10, 11, 11], "s_s": [16, 16, 20, 20], "snr_p_db": [20, 20, 12, 12],
                "snr_s_db": [9, 9, 8, 8], "peak_delay_s": [0.2, 0.2, 0.4, 0.4]}
    assert {name: values.tolist() for name, values in seen.items()} == expected
