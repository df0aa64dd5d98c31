"""Record headers against ObsPy's own reading."""

import io
import struct

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime

from quakebook.data.archive import DamagedError
from quakebook.data.archive.objects.headers import _rate, ends, information, samples_expected, scan, spans


def written(*traces, **options):
    file = io.BytesIO()
    Stream(list(traces)).write(file, format="MSEED", **{"reclen": 512, "encoding": "STEIM2"} | options)
    return file.getvalue()


def trace(channel="HHZ", n=5000, rate=100.0, start="2023-03-01T12:34:56.789", **header):
    data = np.random.default_rng(1).integers(-500, 500, n).astype(np.int32)
    return Trace(data, {"network": "CI", "station": "GPA00", "channel": channel, "sampling_rate": rate,
                        "starttime": UTCDateTime(start), **header})


@pytest.mark.parametrize("rate", [100.0, 40.0, 200.0, 0.1, 1.0, 250.0])
@pytest.mark.parametrize("byteorder", [">", "<"])
def test_ends_are_exact(rate, byteorder):
    one = trace(rate=rate)
    content = written(one, byteorder=byteorder)
    span = ends(content[:4096], content[-512:], "x")
    assert abs(span.start_ns - one.stats.starttime.ns) < 100_000  # headers keep tenths of milliseconds
    assert abs(span.end_ns - one.stats.endtime.ns) < 100_000
    assert (span.samples, span.sampling_rate_hz, span.record_length) == (5000, rate, 512)
    assert spans(content, "x")[0].samples == 5000
    assert scan(content, "x")["sampling_rate_hz"].iloc[0] == pytest.approx(rate)


def test_samples_of_each_channel_with_a_gap():
    content = written(trace(), trace(start="2023-03-01T13:00:00", n=700), trace("HHN", n=123, location="10"))
    assert samples_expected(content, "x") == {"CI.GPA00..HHZ": 5700, "CI.GPA00.10.HHN": 123}
    found = {span.channel: span for span in spans(content, "x")}
    assert found["HHZ"].end_ns == UTCDateTime("2023-03-01T13:00:06.99").ns
    assert found["HHZ"].samples == round((found["HHZ"].end_ns - found["HHZ"].start_ns) * 1e-7) + 1


def test_record_times_are_obspys():
    content = written(trace())
    table = scan(content, "x")
    for number, row in table.iterrows():
        record = information(content[512 * number : 512 * (number + 1)], "x")
        assert record["starttime"].ns == row["start_ns"]
        assert record["npts"] == row["samples"]


def test_cut_off_inside_a_record():
    content = written(trace())
    with pytest.raises(DamagedError, match=r"x is cut off: \d+ bytes are \d+ records of 512 bytes and 412 bytes more"):
        scan(content[:-100], "x")


@pytest.mark.parametrize("content", [b"", b"short", b"\0" * 4096, b"<html>not here</html>" * 300])
def test_what_is_no_miniseed(content):
    with pytest.raises(DamagedError, match="no miniSEED record"):
        scan(content, "x")


def test_several_channels_do_not_pass_for_one():
    content = written(trace("HHN"), trace("HHZ"))
    with pytest.raises(DamagedError, match="holds several channels"):
        ends(content[:4096], content[-512:], "x")


@pytest.mark.parametrize(("factor", "multiplier", "rate"), [
    (33, 10, 330.0), (3306, -10, 330.6), (-60, 1, 1 / 60), (1, -10, 0.1), (-10, 1, 0.1), (-1, -10, 0.1), (1, 1, 1.0)])
def test_rates_of_the_seed_manual(factor, multiplier, rate):
    """Chapter 8: how 330, 330.6, 1 / 60 and 0.1 samples a second are written."""
    assert _rate(np.array([float(factor)]), np.array([float(multiplier)]))[0] == pytest.approx(rate, rel=1e-12)


def second_record(patches):
    """Two records; bytes of the second changed: offset (SEED manual, fixed header) to (format, number)."""
    content = bytearray(written(trace(n=400)))
    assert len(content) >= 1024
    for offset, (form, number) in patches.items():
        struct.pack_into(form, content, 512 + offset, number)
    return bytes(content[:1024])


@pytest.mark.parametrize(("flag", "correction", "late_ns"), [
    (0, 0, 0), (0, 25, 2_500_000), (2, 25, 0), (1, -7, -700_000)])
def test_corrections_of_the_time(flag, correction, late_ns):
    """In tenths of milliseconds, bytes 40 to 43; bit 1 of the activity flags, byte 36, says that it is applied."""
    plain = scan(second_record({}), "x")["start_ns"].iloc[1]
    content = second_record({36: (">B", flag), 40: (">i", correction)})
    assert scan(content, "x")["start_ns"].iloc[1] - plain == late_ns
    assert information(content[512:], "x")["starttime"].ns - information(second_record({})[512:], "x")[
        "starttime"].ns == late_ns


@pytest.mark.parametrize(("year", "day", "date"), [
    (1900, 1, "1900-01-01"), (2100, 365, "2100-12-31"), (2024, 366, "2024-12-31"), (1970, 1, "1970-01-01")])
def test_dates(year, day, date):
    content = second_record({20: (">H", year), 22: (">H", day), 24: (">B", 1), 25: (">B", 2), 26: (">B", 3),
                             28: (">H", 4567)})
    expected = np.datetime64(f"{date}T01:02:03.4567", "ns").astype(np.int64)
    assert scan(content, "x")["start_ns"].iloc[1] == expected
