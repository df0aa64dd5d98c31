"""SEG-Y through segyio, with the length of the file checked first: a cut file is an error, not a shorter one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from quakebook.data.elastic.model import ModelError

TEXT_BYTES, BINARY_BYTES, TRACE_HEADER_BYTES = 3200, 400, 240
BYTES_PER_SAMPLE = {1: 4, 2: 4, 3: 2, 5: 4, 6: 8, 8: 1}


def read_segy(path: str | Path) -> tuple[np.ndarray, float]:
    """Read all traces.

    Returns
    -------
    traces : ndarray, shape (traces, samples), float32
    step : float
        Sample interval as the header gives it, divided by 1000: ms for seismic data, or the depth step of models that
        store it there.
    """
    import segyio

    path = Path(path)
    if not path.is_file():
        raise ModelError(f"{path}: no such file")
    _check_length(path)
    try:
        with segyio.open(str(path), ignore_geometry=True) as file:
            return file.trace.raw[:].astype(np.float32), float(file.bin[segyio.BinField.Interval]) / 1000.0
    except (RuntimeError, OSError, ValueError) as error:
        raise ModelError(f"{path}: not readable as SEG-Y ({error})") from error


def _check_length(path: Path) -> None:
    size = path.stat().st_size
    header_bytes = TEXT_BYTES + BINARY_BYTES
    if size < header_bytes:
        raise ModelError(f"{path}: {size} bytes are too few for a SEG-Y header of {header_bytes}")
    with path.open("rb") as file:
        file.seek(TEXT_BYTES)
        binary = file.read(BINARY_BYTES)
    samples = int.from_bytes(binary[20:22], "big")
    code = int.from_bytes(binary[24:26], "big")
    extended = int.from_bytes(binary[304:306], "big", signed=True)
    if samples == 0 or code not in BYTES_PER_SAMPLE:
        raise ModelError(f"{path}: not a SEG-Y file ({samples} samples a trace, sample format {code})")
    per_trace = TRACE_HEADER_BYTES + samples * BYTES_PER_SAMPLE[code]
    body = size - header_bytes - TEXT_BYTES * max(extended, 0)
    if body <= 0 or body % per_trace:
        raise ModelError(f"{path}: cut off, {body} bytes of traces are not a multiple of {per_trace} bytes a trace "
                         f"({body // per_trace} whole traces of {samples} samples)")


def write_segy(path: str | Path, traces: np.ndarray, step: float) -> Path:
    """Write traces (n, samples) as IEEE float SEG-Y; `step` as in `read_segy`."""
    import segyio

    path = Path(path)
    traces = np.ascontiguousarray(traces, dtype=np.float32)
    segyio.tools.from_array2D(str(path), traces, dt=int(round(step * 1000)),
                              format=segyio.SegySampleFormat.IEEE_FLOAT_4_BYTE)
    return path
