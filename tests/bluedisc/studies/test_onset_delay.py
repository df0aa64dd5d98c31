"""Onset delays on traces whose onset is known, and sources whose names read as numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.bluedisc.studies import onset_delay
from quakebook.data.records import Records


def _step(p_strong, s_strong, p=1000, s=1600, n=3000):
    """Vertical and horizontals silent but for a constant sign-alternating motion that begins at a known sample."""
    sign = torch.ones(n)
    sign[1::2] = -1
    at = torch.arange(n)
    waves = torch.stack([sign * (at >= p_strong), sign * (at >= s_strong), sign * (at >= s_strong)])[None]
    table = pd.DataFrame({"trace_p_arrival_sample": [float(p)], "trace_s_arrival_sample": [float(s)],
                          "path_ep_distance_km": [12.0], "trace_name": ["r0"], "source_id": [7]})
    return Records(waves, table, 100.0, "steps", "s")


def test_half_maximum_of_a_step_is_its_edge():
    """The mean over 11 samples passes one half on the edge itself: 6 of its 11 samples are in motion there."""
    delays = onset_delay.onset_delays(_step(p_strong=1000, s_strong=1680))
    assert delays.p_s == pytest.approx([0.0]) and delays.s_s == pytest.approx([0.8])
    assert delays.distance_km == pytest.approx([12.0])


@pytest.mark.parametrize(("strong", "expected"), [(1500, -1.0), (1899, 2.96)])
def test_onsets_are_sought_from_one_second_before_to_three_after(strong, expected):
    """The last sample sought, 1899, then has 6 of 11 samples in motion, and 3 of 11, its half, stand at 1896."""
    assert onset_delay.onset_delays(_step(1000, strong)).s_s == pytest.approx([expected])


def test_what_follows_three_seconds_later_is_not_seen():
    assert np.isnan(onset_delay.onset_delays(_step(1000, 1910)).s_s[0])


def test_strong_motion_after_s_is_not_taken_for_p():
    records = _step(p_strong=1000, s_strong=1100, s=1100)
    waves = records.waveforms.clone()
    waves[0, 0, 1100:] *= 9  # on the vertical, too, S is larger
    assert onset_delay.onset_delays(replace(records, waveforms=waves)).p_s == pytest.approx([0.0])


def test_spread_is_the_middle_half():
    delays = onset_delay.OnsetDelays(np.array([0.0, 1, 2, 3, 4, np.nan]), np.array([0.0, 10, 20, 30, 40, np.nan]),
                                     np.zeros(6))
    assert delays.spread("P") == 2.0 and delays.spread("S") == 20.0


def _sources(ids, distance):
    n = len(ids)
    table = pd.DataFrame({"trace_p_arrival_sample": np.full(n, 500.0), "trace_s_arrival_sample": np.full(n, 900.0),
                          "path_ep_distance_km": distance, "trace_name": [f"r{k}" for k in range(n)],
                          "source_id": ids})
    return Records(torch.randn(n, 3, 3000, generator=torch.Generator().manual_seed(0)), table, 100.0, "sources", "s")


@pytest.mark.parametrize("ids", [[11, 11, 11, 22, 22], [11.0, 11.0, 11.0, 22.0, np.nan],
                                 ["11", "11", "11", "22", "22"]])
def test_sources_are_found_again_whatever_their_type(ids):
    records = _sources(ids, [1.0, 6.0, 140.0, 30.0, 31.0])
    assert onset_delay.section(records, onset_delay.choose_source(records, 0)).tolist() == [0, 1]  # 140 km is too far
    assert onset_delay.section(records, onset_delay.choose_source(records, 1)).tolist()[0] == 3


def test_one_record_for_each_five_kilometres():
    records = _sources([1] * 4, [50.0, 51.0, 54.0, 20.0])
    assert onset_delay.section(records, 1).tolist() == [3, 0, 2]


def test_marks_reach_to_a_hundred_kilometres():
    """The mark at 100 km takes the record there; the one at 95 km takes a nearer one."""
    records = _sources([1] * 3, [90.0, 96.0, 100.0])
    assert onset_delay.section(records, 1).tolist() == [0, 1, 2]
    assert onset_delay.section(_sources([1] * 2, [100.0, 100.5]), 1).tolist() == [0]


def test_an_onset_at_the_beginning_of_the_record():
    """Motion from sample 1 on: 5 of 11 samples at sample 0 are below one half, 6 of 11 at sample 1 are not."""
    assert onset_delay.onset_delays(_step(1, 1680, p=50)).p_s == pytest.approx([-0.49])
