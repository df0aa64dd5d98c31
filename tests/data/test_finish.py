"""Catalogue magnitudes: the median of the stations with a scatter of a tenth."""

from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.data.synthetic import finish


def test_catalogue_scatter_is_a_tenth_of_a_magnitude():
    """Two stations an event, 100 nm at 17 km and 10 times as much: ML 2 log units above log R terms, median between."""
    events = 20_000
    amplitude = np.tile([100.0, 1000.0], events)
    block = SimpleNamespace(index=0, n_signal=2 * events, n_events=events,
                            signal={"hyp_km": np.full(2 * events, 17.0), "event": np.repeat(np.arange(events), 2)})
    measured = np.zeros((2 * events, 6))
    measured[:, 4] = amplitude
    out = finish._magnitudes(block, measured, seed=3)
    station = 2 + 1.11 * np.log10(17) + 0.00189 * 17 - 2.09
    assert out["station_ml"][:2] == pytest.approx([station, station + 1])
    error = out["ml"][::2] - (station + 0.5)
    assert error.std() == pytest.approx(0.10, rel=0.02) and abs(error.mean()) < 0.003
    assert np.array_equal(out["ml"][::2], out["ml"][1::2])  # one magnitude an event


def test_mean_signal_to_noise_ratio_leaves_dead_components_out():
    values = np.array([[10.0, np.nan, 20.0], [np.nan] * 3], np.float32)
    mean = finish._mean_ignoring_nan(values)
    assert mean[0] == 15.0 and np.isnan(mean[1])


def test_noise_records_get_no_value():
    assert np.isnan(finish._pad(np.array([1.0]), 2)[1]) and finish._pad(np.array([True]), 2).tolist() == [True, False]
    assert np.isnat(finish._pad(np.array(["2020-01-01"], "datetime64[ms]"), 2)[1])
