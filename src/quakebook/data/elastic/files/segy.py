"""SEG-Y through segyio, with the length of the file checked first: a cut file is an error, not a shorter one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import numpy as np

from quakebook.data.elastic.model import ModelError

TEXT_BYTES, BINARY_BYTES, TRACE_HEADER_BYTES = 3200, 400, 240
BYTES_PER_SAMPLE = {1: 4, 2: 4, 3: 2, 5: 4, 6: 8, 8: 1}
INLINE, CROSSLINE = 189, 193  #: bytes of the trace header, SEG-Y revision 1
Order = Literal["big", "little"]


def read_segy(path: str | Path) -> tuple[np.ndarray, float]:
    """Read all traces, of a line or of a cube.

    Inlines and crosslines stand in bytes 189 and 193 of the trace headers. Where both have several values, their
    traces must fill the grid, in any order; else the file is one line. Little-endian files are read as well.

    Returns
    -------
    traces : ndarray, shape (traces, samples) or (inlines, crosslines, samples), float32
    step : float
        Sample interval as the header gives it, divided by 1000: ms for seismic data, or the depth step of models that
        store it there.

    Raises
    ------
    ModelError
        No file, cut off, not SEG-Y, or traces that do not fill their grid.
    """
    import segyio

    path = Path(path)
    if not path.is_file():
        raise ModelError(f"{path}: no such file")
    order = _check_length(path)
    try:
        with segyio.open(str(path), ignore_geometry=True, endian=order) as file:
            traces = file.trace.raw[:].astype(np.float32)
            places = (np.asarray(file.attributes(INLINE)[:]), np.asarray(file.attributes(CROSSLINE)[:]))
            step = float(file.bin[segyio.BinField.Interval]) / 1000.0
    except (RuntimeError, OSError, ValueError) as error:
        raise ModelError(f"{path}: not readable as SEG-Y ({error})") from error
    return _on_grid(path, traces, *places), step


def _on_grid(path: Path, traces: np.ndarray, inlines: np.ndarray, crosslines: np.ndarray) -> np.ndarray:
    """A cube where the headers make a grid, else the traces as they come."""
    rows, columns = np.unique(inlines), np.unique(crosslines)
    if min(len(rows), len(columns)) < 2 or len(rows) == len(columns) == len(traces):
        return traces
    number = np.searchsorted(rows, inlines) * len(columns) + np.searchsorted(columns, crosslines)
    if len(traces) != len(rows) * len(columns) or len(np.unique(number)) != len(traces):
        raise ModelError(f"{path}: {len(traces)} traces do not fill the grid of {len(rows)} inlines x {len(columns)} "
                         "crosslines that their headers (bytes 189 and 193) name, once each")
    cube = np.empty_like(traces)
    cube[number] = traces
    return cube.reshape(len(rows), len(columns), -1)


def _check_length(path: Path) -> Order:
    """Byte order of a file whose length fits its header."""
    size = path.stat().st_size
    header_bytes = TEXT_BYTES + BINARY_BYTES
    if size < header_bytes:
        raise ModelError(f"{path}: {size} bytes are too few for a SEG-Y header of {header_bytes}")
    with path.open("rb") as file:
        file.seek(TEXT_BYTES)
        binary = file.read(BINARY_BYTES)
    order: Order = "big"
    samples, code = _format(binary, "big")
    if (samples == 0 or code not in BYTES_PER_SAMPLE) and _format(binary, "little")[1] in BYTES_PER_SAMPLE:
        order = "little"
        samples, code = _format(binary, "little")
    if samples == 0 or code not in BYTES_PER_SAMPLE:
        raise ModelError(f"{path}: not a SEG-Y file ({samples} samples a trace, sample format {code})")
    extended = int.from_bytes(binary[304:306], order, signed=True)
    per_trace = TRACE_HEADER_BYTES + samples * BYTES_PER_SAMPLE[code]
    body = size - header_bytes - TEXT_BYTES * max(extended, 0)
    if body <= 0 or body % per_trace:
        raise ModelError(f"{path}: cut off, {body} bytes of traces are not a multiple of {per_trace} bytes a trace "
                         f"({body // per_trace} whole traces of {samples} samples)")
    return order


def _format(binary: bytes, order: Order) -> tuple[int, int]:
    """Samples per trace and sample format of a binary header."""
    return int.from_bytes(binary[20:22], order), int.from_bytes(binary[24:26], order)


def write_segy(path: str | Path, traces: np.ndarray, step: float, order: Order = "big") -> Path:
    """Write traces (n, samples), or a cube (inlines, crosslines, samples), as IEEE float SEG-Y.

    `step` as in `read_segy`; a cube gets its inlines and crosslines, counted from 1, into the headers.
    """
    import segyio

    path = Path(path)
    traces = np.ascontiguousarray(traces, dtype=np.float32)
    grid = traces.shape[:-1] if traces.ndim == 3 else (len(traces), 1)
    spec: Any = segyio.spec()
    spec.sorting, spec.format, spec.endian = 2, int(segyio.SegySampleFormat.IEEE_FLOAT_4_BYTE), order
    spec.samples = np.arange(traces.shape[-1]) * step
    spec.ilines, spec.xlines = np.arange(1, grid[0] + 1), np.arange(1, grid[1] + 1)
    with segyio.create(str(path), spec) as file:
        for k, trace in enumerate(traces.reshape(-1, traces.shape[-1])):
            row, column = divmod(k, grid[1])
            file.header[k] = {INLINE: row + 1, CROSSLINE: column + 1}
            file.trace[k] = trace
        file.bin.update({segyio.BinField.Interval: int(round(step * 1000))})
    return path
