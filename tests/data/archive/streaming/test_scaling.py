"""Scalings of windows."""

import numpy as np
import pandas as pd
import pytest

from quakebook.data.archive.streaming.scaling import Scaling


@pytest.fixture
def table():
    return pd.DataFrame({"network": "CI", "station": ["A", "A", "A", "B"], "location": "", "channel": "HH",
                         "log_rms_z": [1.0, 2.0, 3.0, 0.0], "log_rms_n": [0.0, 0.0, 1.0, 0.0],
                         "log_rms_e": [np.nan, np.nan, np.nan, 0.0]})


@pytest.fixture
def waveform():
    rng = np.random.default_rng(0)
    return (rng.normal(size=(3, 500)) * np.array([[1.0], [10.0], [0.0]]) + 5).astype(np.float32)


def test_component(table, waveform):
    out = Scaling("component", table)(waveform, 0)
    np.testing.assert_allclose(out[:2].std(axis=1), 1, rtol=1e-5)
    assert (out[2] == 0).all() and abs(out.mean()) < 1e-5


def test_window_keeps_ratios(table, waveform):
    out = Scaling("window", table)(waveform, 0)
    assert out.std() == pytest.approx(1, rel=1e-5)
    assert out[1].std() / out[0].std() == pytest.approx(waveform[1].std() / waveform[0].std(), rel=1e-5)


def test_station_keeps_loud_windows_loud(table, waveform):
    scaling = Scaling("station", table)
    np.testing.assert_allclose(scaling(waveform, 0)[0], (waveform[0] - waveform[0].mean()) / 100, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(scaling(3 * waveform, 2), 3 * scaling(waveform, 0), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(scaling(waveform, 3)[1], waveform[1] - waveform[1].mean(), rtol=1e-4, atol=1e-5)


def test_none_and_tiny_motion(table, waveform):
    assert Scaling("none", table)(waveform, 0) is waveform
    for kind in ("component", "window"):
        tiny = Scaling(kind, table)(waveform * np.float32(1e-12), 0)
        np.testing.assert_allclose(tiny, Scaling(kind, table)(waveform, 0), rtol=1e-3, atol=1e-4)
