"""Faults of recording on a constant trace of 100 counts, sample by sample."""

import numpy as np
import pytest
import torch

from quakebook.data.synthetic import faults, stations
from quakebook.data.synthetic.presets import get


def table(**changed):
    """One record without faults, with some columns changed."""
    whole = {"spike_start": 0, "spike_length": 1, "spike_component": 0, "dead": 0}
    real = {"gap_start_s": np.nan, "gap_length_s": 0.0, "limit": 2.0**23 - 1, "spike_factor": 0.0, "step_factor": 0.0,
            "step_s": 0.0, "drift_factor": 0.0}
    columns = whole | real | {"vertical_only": False}
    return {name: np.array([changed.get(name, value)]) for name, value in columns.items()}


def spoilt(level=100.0, **changed):
    counts = torch.full((1, 3, 6000), level)
    clipped = faults.apply(counts, table(**changed))
    return counts[0], bool(clipped)


def test_a_step_is_a_share_of_the_peak_from_its_time_on():
    counts, clipped = spoilt(step_factor=0.5, step_s=30.0)
    assert counts[:, 2999].tolist() == [100] * 3 and counts[:, 3000].tolist() == [150] * 3 and not clipped


def test_a_drift_reaches_its_size_at_the_end():
    counts, _ = spoilt(drift_factor=-1.0)
    assert counts[0, 0] == 100 and counts[0, -1] == 0 and counts[0, 3000] == 50


def test_a_spike_lasts_its_samples_on_one_component():
    counts, _ = spoilt(spike_factor=5.0, spike_start=10, spike_length=2, spike_component=1)
    assert counts[1, 9:13].tolist() == [100, 600, 600, 100] and bool((counts[[0, 2]] == 100).all())


def test_a_gap_is_zeros_on_all_components():
    counts, _ = spoilt(gap_start_s=10.0, gap_length_s=1.0)
    assert counts[:, 999].tolist() == counts[:, 1100].tolist() == [100] * 3
    assert counts[:, 1000].tolist() == counts[:, 1099].tolist() == [0] * 3 and int((counts == 0).sum()) == 300


@pytest.mark.parametrize(("fault", "live"), [({"vertical_only": True}, [1, 0, 0]), ({"dead": 1}, [1, 0, 1]),
                                             ({"dead": 2}, [1, 1, 0])])
def test_components_that_are_not_there(fault, live):
    assert (spoilt(**fault)[0].amax(1) > 0).int().tolist() == live


@pytest.mark.parametrize(("level", "held", "clipped"), [(2046.0, 2046, False), (2047.0, 2047, True),
                                                        (-3000.0, -2047, True), (99.6, 100, False)])
def test_digitisers_round_and_clip(level, held, clipped):
    counts, said = spoilt(level, limit=2047.0)
    assert (float(counts[0, 0]), said) == (held, clipped)


def test_completeness_by_hand():
    rows = {"vertical_only": np.array([False, True, False, False]), "dead": np.array([0, 0, 2, 0]),
            "gap_length_s": np.array([0.0, 0.0, 0.0, 6.0])}
    assert faults.completeness(rows, 6000) == pytest.approx([1, 1 / 3, 2 / 3, 0.9])


def test_drawn_faults_have_their_shares_and_ranges():
    n, preset = 100_000, get("default", gap=0.1, dead_component=0.1, spikes=0.1, step=0.2, drift=0.3)
    nowhere, first = np.full((n, 2), np.nan), np.zeros(n, int)
    drawn = faults.draw(np.random.default_rng(0), n, nowhere, stations.draw(preset), first, preset)
    names = ("gap_length_s", "dead", "spike_factor", "step_factor", "drift_factor")
    assert [(drawn[name] != 0).mean() for name in names] == pytest.approx([0.1, 0.1, 0.1, 0.2, 0.3], abs=0.005)
    for name, low, high in zip(names[2:] + names[:1], (5, 0.1, 0.1, 0.1), (50, 2, 2, 5), strict=True):
        size = np.abs(drawn[name][drawn[name] != 0])
        assert (size.min(), size.max()) == pytest.approx((low, high), rel=0.02)
        assert low <= size.min() and size.max() <= high
    assert set(drawn["spike_length"]) == {1, 2, 3} and set(drawn["spike_component"]) == set(drawn["dead"]) == {0, 1, 2}
    assert (np.sign(drawn["drift_factor"]).sum() / n) == pytest.approx(0, abs=0.01)
    start, length = drawn["gap_start_s"], drawn["gap_length_s"]
    assert start.min() >= 0 and (start + length).max() <= 60 and drawn["spike_start"].max() < 6000 - 3


def test_gaps_keep_half_a_second_away():
    n, preset = 20_000, get("default", gap=1.0)
    onsets = np.tile([20.0, 40.0], (n, 1))
    drawn = faults.draw(np.random.default_rng(0), n, onsets, stations.draw(preset), np.zeros(n, int), preset)
    has = drawn["gap_length_s"] > 0
    start, end = drawn["gap_start_s"][has, None], (drawn["gap_start_s"] + drawn["gap_length_s"])[has, None]
    away = np.maximum(start - onsets[has], onsets[has] - end).min()
    assert 0.5 <= away < 0.52 and has.mean() > 0.99
