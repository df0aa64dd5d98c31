"""Traces lined up on a phase, and histograms of delays."""

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.bluedisc.figures.onset_delay import onset_delay_figure, phase_alignment
from quakebook.bluedisc.studies.onset_delay import OnsetDelays
from quakebook.data.records import Records


@pytest.fixture
def records():
    """Two records of one source at 10 and 30 km: P at 10 s, S at 14 and 18 s; a spike of 2 at P, of 8 at 39 s."""
    waves = torch.zeros(2, 3, 4000)
    waves[:, 0, 1000], waves[:, 0, 3900] = 2.0, 8.0
    table = pd.DataFrame({"trace_p_arrival_sample": [1000.0, 1000.0], "trace_s_arrival_sample": [1400.0, 1800.0],
                          "path_ep_distance_km": [10.0, 30.0], "source_id": [7, 7]})
    return Records(waves, table, 100.0, "made up", "x")


def test_traces_stand_at_their_distance_and_are_divided_by_their_peak(records):
    fig = phase_alignment(records, 7)
    on_p, on_s = fig.axes
    assert [ax.get_title(loc="left") for ax in fig.axes] == ["(a) aligned on P", "(b) aligned on S"]
    assert on_p.get_xlim() == (-10, 10)
    scale = 0.8 * 20  # eight tenths of the step between two distances
    mean = 10.0 / 4000
    for ax, spikes in ((on_p, (0.0, 0.0)), (on_s, (-4.0, -8.0))):
        for k, (distance, at) in enumerate(zip((10.0, 30.0), spikes, strict=True)):
            trace = ax.get_lines()[2 * k]
            t, y = np.asarray(trace.get_xdata()), np.asarray(trace.get_ydata())
            assert t[0] == pytest.approx(-10.0) and t[-1] == pytest.approx(10.0) and len(t) == 2001
            np.testing.assert_allclose(y[np.isclose(t, at)], distance + scale, rtol=1e-6)
            np.testing.assert_allclose(y[np.isclose(t, at + 1)], distance - scale * mean / (2 - mean), rtol=1e-4)


def test_ticks_mark_the_other_phase(records):
    on_p, on_s = phase_alignment(records, 7).axes
    for ax, at in ((on_p, (4.0, 8.0)), (on_s, (-4.0, -8.0))):
        ticks = [ax.get_lines()[1], ax.get_lines()[3]]
        assert [tick.get_xdata()[0] for tick in ticks] == pytest.approx(at)
        np.testing.assert_allclose([tick.get_ydata() for tick in ticks], [(2, 18), (22, 38)])


def test_a_single_record_takes_five_kilometres(records):
    alone = phase_alignment(records.subset(np.array([True, False])), 7, half_width_s=2.0).axes[0]
    np.testing.assert_allclose(alone.get_lines()[1].get_ydata(), [10 - 2, 10 + 2])
    assert alone.get_xlim() == (-2, 2)


def test_histograms_are_densities_and_dots_are_delays_of_s():
    delays = OnsetDelays(np.array([0.0, 0.01, np.nan, 0.3]), np.array([0.5, 0.9, 0.1, np.nan]),
                         np.array([10.0, np.nan, 30.0, 40.0]))
    left, right = onset_delay_figure(delays).axes
    bars = left.patches
    width = 2.2 / 55  # bins of 0.04 s from -0.6 to 1.6 s
    heights = np.array([bar.get_height() for bar in bars]).reshape(2, 55)
    np.testing.assert_allclose(heights.sum(1) * width, 1.0)
    # bin 15 holds 0 to 0.04 s, and so 0 and 0.01; bin 22 holds 0.28 to 0.32 s, and so 0.3
    np.testing.assert_allclose(heights[0, [15, 22]], [2 / 3 / width, 1 / 3 / width])
    names = [text.get_text() for text in left.get_legend().get_texts()]
    # quartiles of 0, 0.01, 0.3 are 0.005 and 0.155; those of 0.1, 0.5, 0.9 are 0.3 and 0.7
    assert names == ["P, middle half spans 0.15 s", "S, middle half spans 0.40 s"]
    np.testing.assert_allclose(right.collections[0].get_offsets(), [(10.0, 0.5), (30.0, 0.1)])
