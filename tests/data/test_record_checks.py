"""Numbers behind the claims about the records, on records whose answers are known by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from quakebook.data import record_checks


def table(**columns):
    return SimpleNamespace(metadata=pd.DataFrame(columns), sampling_rate_hz=100.0)


def test_distance_over_waiting_time_is_the_median():
    records = table(trace_p_true_onset_sample=[0.0, 100.0, 0.0, np.nan], path_hyp_distance_km=[8.0, 16.0, 90.0, 5.0],
                    trace_s_true_onset_sample=[100.0, 300.0, 1000.0, 50.0])
    assert record_checks.km_per_s(records) == pytest.approx(8.0)  # of 8, 8 and 9


@pytest.mark.parametrize(("slope", "low", "high"), [(1.5, -np.inf, 3.0), (0.5, 3.0, np.inf)])
def test_the_slope_is_that_of_its_range(slope, low, high):
    moment = np.linspace(0, 6, 60)
    local = np.where(moment < 3, 1.5 * moment, 4.5 + 0.5 * (moment - 3))
    records = table(source_moment_magnitude=moment, source_magnitude=local)
    assert record_checks.ml_slope(records, low, high) == pytest.approx(slope)


def test_few_events_have_no_slope():
    records = table(source_moment_magnitude=np.arange(9.0), source_magnitude=np.arange(9.0))
    assert np.isnan(record_checks.ml_slope(records))


def test_s_over_p_on_horizontals_and_vertical(monkeypatch):
    monkeypatch.setattr(record_checks.compare, "comparable", lambda records: records)
    monkeypatch.setattr(record_checks.compare, "log_s_over_p", lambda records: np.array([[0.1, 0.4, 0.6]] * 3))
    assert record_checks.horizontal_gain(None) == pytest.approx(0.4)


def test_spectra_differ_most_inside_the_band_only(spectra_are):
    frequency = np.array([1.0, 10.0, 20.0, 45.0])
    spectra = {"ours": [9.0, 0.1, 0.0, 9.0], "real": [0.0, 0.0, 0.25, 0.0]}
    spectra_are(record_checks.compare, frequency, spectra)
    assert record_checks.largest_difference_db("ours", "real") == pytest.approx(20 * 0.25)


def test_the_band_is_5_to_40_hertz(spectra_are):
    frequency = np.array([4.9, 5.0, 40.0, 40.1])
    spectra = {"ours": [9.0, 0.1, 0.2, 9.0], "real": [0.0] * 4}
    spectra_are(record_checks.compare, frequency, spectra)
    assert record_checks.largest_difference_db("ours", "real") == pytest.approx(4.0)
    spectra["ours"][1] = 0.3
    assert record_checks.largest_difference_db("ours", "real") == pytest.approx(6.0)


def test_small_events_lie_below_3_and_large_ones_from_4_and_a_half(monkeypatch):
    """Slopes of 1.5, 3 and 0.5: a bound elsewhere would mix two of them. Ten events are enough."""
    moment = np.r_[np.linspace(2.0, 2.99, 10), np.linspace(3.0, 4.49, 10), np.linspace(4.5, 5.4, 10)]
    local = np.interp(moment, [0, 3, 4.5, 6], [0, 4.5, 9.0, 9.75])
    records = table(source_moment_magnitude=moment, source_magnitude=local)
    monkeypatch.setattr(record_checks, "horizontal_gain", lambda records: 0.0)
    monkeypatch.setattr(record_checks, "km_per_s", lambda records: 0.0)
    numbers = record_checks.metrics(None, records, None)
    assert numbers["records.ml_slope.small"] == pytest.approx(1.5)
    assert numbers["records.ml_slope.large"] == pytest.approx(0.5)
