"""Gaps, overlaps and bridges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from obspy import Stream, Trace, UTCDateTime

from quakebook.data.archive import DamagedError
from quakebook.data.archive.motion.merging import assemble, bridge, runs

START = UTCDateTime(2023, 3, 1)
DAY_NS = 86_400 * 10**9


def piece(values, at_s=0.0, rate=100.0, channel="HHZ"):
    return Trace(np.asarray(values, np.int32), {"network": "CI", "station": "A", "channel": channel,
                                                "sampling_rate": rate, "starttime": START + at_s})


def test_a_long_gap_stays_and_a_short_one_is_bridged():
    stream = Stream([piece(np.full(1000, 4)), piece(np.full(1000, 8), 10.5), piece(np.full(1000, 8), 25.0)])
    channel, = assemble(stream, START.ns, START.ns + DAY_NS, max_gap_s=1.0)
    assert len(channel.samples) == 3500 and channel.start_ns == START.ns
    np.testing.assert_allclose(channel.samples[[999, 1050]], [4, 8])
    assert (np.diff(channel.samples[999:1051]) > 0).all()
    assert runs(np.isnan(channel.samples)).tolist() == [[2050, 2500]]
    assert channel.missing == pytest.approx(500 / 3500)


def test_the_input_stays_as_it_was():
    stream = Stream([piece(np.arange(100)), piece(np.arange(100), 2.0)])
    assemble(stream, START.ns, START.ns + DAY_NS)
    assert len(stream) == 2 and stream[0].data.dtype == np.int32


def test_equal_overlaps_join_and_different_ones_are_missing():
    same = Stream([piece(np.arange(200)), piece(np.arange(100, 300), 1.0)])
    assert np.array_equal(assemble(same, START.ns, START.ns + DAY_NS)[0].samples, np.arange(300))
    other = Stream([piece(np.arange(2000)), piece(np.arange(2000), 10.0)])
    channel, = assemble(other, START.ns, START.ns + DAY_NS)
    assert runs(np.isnan(channel.samples)).tolist() == [[1000, 2000]]


def test_the_day_ends_before_midnight():
    stream = Stream([piece(np.arange(300), 86_400 - 1.0), piece(np.arange(300), 86_400 - 1.0, channel="HHN")])
    for channel in assemble(stream, START.ns, START.ns + DAY_NS):
        assert channel.end_ns < START.ns + DAY_NS and len(channel.samples) == 100
    tomorrow = assemble(stream, START.ns + DAY_NS, START.ns + 2 * DAY_NS)
    assert [len(channel.samples) for channel in tomorrow] == [200, 200]
    assert assemble(stream, START.ns + 2 * DAY_NS, START.ns + 3 * DAY_NS) == []


def test_a_change_of_rate_is_refused():
    with pytest.raises(DamagedError, match=r"pieces of CI.A..HHZ do not fit together"):
        assemble(Stream([piece(np.arange(100)), piece(np.arange(100), 5.0, rate=50.0)]), START.ns, START.ns + DAY_NS)


@given(some.lists(some.booleans(), max_size=40), some.integers(0, 5))
def test_bridges_fill_inner_short_runs_only(mask, longest):
    values = np.where(mask, np.nan, np.arange(len(mask), dtype=float))
    out = bridge(values, longest)
    for begin, stop in runs(np.array(mask, bool)):
        filled = begin > 0 and stop < len(mask) and stop - begin <= longest
        if filled:
            np.testing.assert_allclose(out[begin:stop], np.arange(begin, stop))
        else:
            assert np.isnan(out[begin:stop]).all()
    assert np.array_equal(out[~np.array(mask, bool)], values[~np.array(mask, bool)])


@pytest.mark.parametrize(("seconds", "missing"), [(1.0, 0), (1.01, 101)])
def test_a_second_is_bridged_unless_asked_otherwise(seconds, missing):
    stream = Stream([piece(np.full(1000, 4)), piece(np.full(1000, 8), 10.0 + seconds)])
    channel, = assemble(stream, START.ns, START.ns + DAY_NS)
    assert np.isnan(channel.samples).sum() == missing
