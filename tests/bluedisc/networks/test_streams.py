"""Streams shorter than a window."""

import logging

import numpy as np
import obspy
import pytest

from quakebook.bluedisc.networks.generator import Generator
from quakebook.bluedisc.networks.streams import padded, shortage


def _stream(samples, rate_hz=100.0, level=5000.0):
    header = {"sampling_rate": rate_hz, "network": "XX", "station": "AAA"}
    noise = np.random.default_rng(0).normal(size=samples)
    return obspy.Stream([obspy.Trace(level + noise, {**header, "channel": f"HH{c}"}) for c in "ZNE"])


def test_short_traces_are_named_with_their_length():
    assert shortage(_stream(3001)) == "" and shortage(_stream(6002, 200.0)) == ""
    line = shortage(_stream(3000))
    assert "3 of 3 traces" in line and "XX.AAA..HHZ, holds 3000 samples at 100 Hz" in line
    assert "holds 1500 samples at 50 Hz" in shortage(_stream(1500, 50.0))


def test_padding_reaches_one_window_without_a_step():
    longer = padded(_stream(3000))
    assert [trace.stats.npts for trace in longer] == [3001] * 3
    assert longer[0].data[-1] == pytest.approx(longer[0].data[:3000].mean())
    assert padded(_stream(1500, 50.0))[0].stats.npts == 1501
    assert padded(_stream(4000))[0].stats.npts == 4000


def test_empty_trace_is_refused():
    with pytest.raises(ValueError, match="holds no samples"):
        padded(obspy.Stream([obspy.Trace(np.array([]))]))


def test_annotate_says_that_a_stream_is_too_short_and_answers_a_padded_one(caplog):
    picker = Generator().eval()
    with caplog.at_level(logging.WARNING, logger="quakebook"):
        assert len(picker.annotate(_stream(3000))) == 0
        assert "shorter than a window of 3001 samples" in caplog.text
        caplog.clear()
        curves = picker.annotate(padded(_stream(3000)))
    assert len(curves) == 3 and "shorter than a window" not in caplog.text
