"""Bytes of SEG-Y, revision 1, written here by hand: no library made these files."""

import struct

import numpy as np
import pytest

from quakebook.data.elastic.files.segy import read_segy, write_segy
from quakebook.data.elastic.model import ModelError

TRACES = np.array([[1.0, 2.0, -3.0], [4.0, 5.0, 6.0]], np.float32)


def content(code=5, number="f", order=">", extended=0, interval=4000, values=TRACES, places=((7, 3), (7, 4))):
    """A file: 3200 bytes of text, 400 of the binary header, traces of 240 bytes of header and their samples."""
    binary = bytearray(400)
    struct.pack_into(f"{order}h", binary, 16, interval)  # bytes 3217-3218
    struct.pack_into(f"{order}h", binary, 20, values.shape[1])  # 3221-3222
    struct.pack_into(f"{order}h", binary, 24, code)  # 3225-3226
    struct.pack_into(f"{order}h", binary, 304, extended)  # 3505-3506
    out = bytes(3200) + bytes(binary) + bytes(3200 * extended)
    for trace, (inline, crossline) in zip(values, places, strict=True):
        head = bytearray(240)
        struct.pack_into(f"{order}h", head, 114, len(trace))
        struct.pack_into(f"{order}ii", head, 188, inline, crossline)  # bytes 189-192, 193-196
        samples = trace if number in "fd" else map(int, trace)
        out += bytes(head) + struct.pack(f"{order}{len(trace)}{number}", *samples)
    return out


@pytest.mark.parametrize(("code", "number", "order"), [
    (5, "f", ">"), (5, "f", "<"), (2, "i", ">"), (3, "h", ">"), (8, "b", ">"), (6, "d", ">")])
def test_formats_of_samples(tmp_path, code, number, order):
    """IEEE float, whole numbers of 4, 2 and 1 bytes, double: 240 bytes and the samples, else the file is cut off."""
    path = tmp_path / "x.sgy"
    path.write_bytes(content(code, number, order))
    if code != 6:  # segyio 1.9 reads no doubles: there the length is all that is judged
        traces, step = read_segy(path)
        assert np.array_equal(traces, TRACES) and step == 4.0
    path.write_bytes(content(code, number, order)[:-1])
    each = 240 + 3 * struct.calcsize(number)
    with pytest.raises(ModelError, match=f"cut off, {2 * each - 1} bytes .* multiple of {each} bytes a trace .1 whole"):
        read_segy(path)


def test_extended_headers_are_skipped(tmp_path):
    path = tmp_path / "x.sgy"
    path.write_bytes(content(extended=1))
    assert np.array_equal(read_segy(path)[0], TRACES)
    path.write_bytes(content(extended=1)[: 3600 + 3200 + 100])
    with pytest.raises(ModelError, match="cut off, 100 bytes of traces are not a multiple of 252"):
        read_segy(path)
    path.write_bytes(content()[:3599])
    with pytest.raises(ModelError, match="3599 bytes are too few for a SEG-Y header of 3600"):
        read_segy(path)


def test_inlines_and_crosslines_make_a_cube(tmp_path):
    values = np.arange(12, dtype=np.float32).reshape(4, 3)
    path = tmp_path / "x.sgy"
    path.write_bytes(content(values=values, places=((9, 5), (7, 5), (9, 2), (7, 2))))
    assert np.array_equal(read_segy(path)[0], values[[[3, 1], [2, 0]]])
    path.write_bytes(content(values=values, places=((1, 5), (2, 6), (3, 7), (4, 8))))  # a line across the grid
    assert np.array_equal(read_segy(path)[0], values)


def test_written_bytes(tmp_path):
    """Interval in microseconds, format 5, sorted by inline (2); lines are counted from 1."""
    cube = np.arange(12, dtype=np.float32).reshape(2, 2, 3)
    raw = write_segy(tmp_path / "x.sgy", cube, 2.0).read_bytes()
    assert len(raw) == 3600 + 4 * (240 + 12)
    assert struct.unpack_from(">h", raw, 3216)[0] == 2000 and struct.unpack_from(">h", raw, 3220)[0] == 3
    assert struct.unpack_from(">h", raw, 3224)[0] == 5
    places = [struct.unpack_from(">ii", raw, 3600 + 252 * k + 188) for k in range(4)]
    assert places == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert struct.unpack_from(">3f", raw, 3600 + 252 + 240) == (3, 4, 5)
