"""Figures: what is drawn, from arrays and from a run."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from quakebook.bluedisc.figures import all_figures, curves, history
from quakebook.bluedisc.studies import onset_delay


def _curves(centre=1000, height=1.0):
    t = np.arange(3001)
    return np.stack([np.exp(-0.5 * ((t - 500) / 20) ** 2), height * np.exp(-0.5 * ((t - centre) / 20) ** 2),
                     np.zeros(3001)])


def test_all_figures_of_a_run(smoke_runs):
    made = all_figures(smoke_runs["hybrid"])
    assert {"architecture", "runs", "shape", "time", "peak", "ceiling"} <= set(made)
    assert all(isinstance(fig, Figure) for fig in made.values())


def test_runs_compared_draws_the_predictions():
    fig = curves.runs_compared(np.zeros((3, 3001)), _curves(), {"a": _curves(height=0.5), "b": _curves(1005, 0.9)})
    drawn = fig.axes[1].get_lines()
    assert any(np.array_equal(line.get_ydata(), _curves(height=0.5)[1]) for line in drawn)
    assert fig.axes[-1].get_xlabel() == "Time in window (s)" and fig.axes[1].get_ylim() == (0, 1.05)
    with pytest.raises(ValueError, match="one to three runs"):
        curves.runs_compared(np.zeros((3, 3001)), _curves(), {})


def test_history_rows_are_scaled_and_dots_know_their_distance():
    prediction = np.stack([0.1 * _curves(), _curves(1009), _curves(1010)])
    image = history.history_image(prediction)
    np.testing.assert_allclose(image.max(axis=(1, 2)), 1.0)
    assert (image[:, :, 1] == 0).all()
    picks = history.history_picks(prediction, _curves())
    assert [(row, near) for row, t, near in picks if t > 8] == [(1, True), (2, False)]


def test_onsets_of_s_scatter_more_than_those_of_p():
    from quakebook.data import synthetic

    delays = onset_delay.onset_delays(synthetic.make("picker", 150, 11))
    assert delays.spread("S") > 2 * delays.spread("P")
    assert np.isnan(delays.p_s).any()  # noise records have none


def test_onset_delay_of_a_boxcar_is_found():
    import pandas as pd
    import torch

    from quakebook.data.records import Records

    waves = torch.zeros(1, 3, 6000)
    waves[:, 0, 1020:1100] = torch.tensor([1.0, -1.0]).repeat(40)
    waves[:, 1:, 2050:2200] = torch.tensor([1.0, -1.0]).repeat(75)
    table = pd.DataFrame({"trace_p_arrival_sample": [1000.0], "trace_s_arrival_sample": [2000.0]})
    delays = onset_delay.onset_delays(Records(waves, table, 100.0, "test", "x"))
    assert delays.p_s[0] == pytest.approx(0.2, abs=0.02) and delays.s_s[0] == pytest.approx(0.5, abs=0.02)


def test_source_index_beyond_the_sources_says_how_many(records):
    with pytest.raises(ValueError, match="source index must lie between 0 and"):
        onset_delay.choose_source(records, 10_000)


def test_p_is_searched_before_s_only_and_dead_traces_have_no_onset():
    import pandas as pd
    import torch

    from quakebook.data.records import Records

    waves = torch.zeros(2, 3, 6000)
    waves[0, 0, 1000:1100] = torch.tensor([1.0, -1.0]).repeat(50)
    waves[0, :, 1110:1200] = 50 * torch.tensor([1.0, -1.0]).repeat(45)
    table = pd.DataFrame({"trace_p_arrival_sample": [np.nan, 1000.0], "trace_P1_arrival_sample": [1000.0, np.nan],
                          "trace_s_arrival_sample": [1100.0, 1100.0]})
    delays = onset_delay.onset_delays(Records(waves, table, 100.0, "test", "x"))
    assert delays.p_s[0] == pytest.approx(0, abs=0.03)  # the loud S behind it would give 1 s
    assert np.isnan(delays.p_s[1]) and np.isnan(delays.s_s[1])


def test_records_without_sources_or_distances_cannot_be_aligned(records):
    from dataclasses import replace

    from quakebook.data.errors import DataError

    bare = replace(records, metadata=records.metadata.drop(columns=["source_id"]))
    with pytest.raises(DataError, match="the metadata lack source_id"):
        onset_delay.choose_source(bare)


def test_films_and_panels_unless_told():
    """The published film has 60 frames a second; a film on a page has four of 80 dots an inch; 10 s round a pick."""
    import inspect

    from quakebook.bluedisc.figures import animation, onset_delay, real_records

    def defaults(function):
        return {name: p.default for name, p in inspect.signature(function).parameters.items()
                if isinstance(p.default, (int, float))}

    assert defaults(animation.animate) == {"fps": 60, "dpi": 100} and defaults(animation.gif) == {"fps": 4, "dpi": 80}
    assert defaults(onset_delay.phase_alignment) == {"half_width_s": 10.0}
    assert defaults(real_records.real_records) == {"first": 0, "count": 3}
