"""Where the windows of a segment begin, and the windows themselves, as views of the segment."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

DAY_S = 86_400


def seisbench_starts(n_samples: int, window: int, stride: int) -> NDArray[np.int64]:
    """First samples as in SeisBench: every stride from the start of the segment, and a last one that ends with it.

    >>> seisbench_starts(10, 4, 3).tolist(), seisbench_starts(11, 4, 3).tolist(), seisbench_starts(3, 4, 3).tolist()
    ([0, 3, 6], [0, 3, 6, 7], [])
    """
    starts = np.arange(0, n_samples - window + 1, stride, dtype=np.int64)
    if len(starts) and starts[-1] + window < n_samples:
        starts = np.append(starts, n_samples - window)
    return starts


def clock_starts(n_samples: int, window: int, stride: int, first: int, day: int) -> NDArray[np.int64]:
    """First samples on a grid that begins anew at each midnight, and one window flush with each end of the segment.

    A part of a segment has, `window` samples away from its ends, the windows of the whole. A segment that begins at
    midnight and ends the same day has SeisBench's windows.

    Parameters
    ----------
    n_samples, window, stride : int
    first : int
        Number of the first sample of the segment, counted from a midnight (UTC).
    day : int
        Samples of a day.

    Returns
    -------
    ndarray of int64, rising; [0] for a segment that is shorter than the window

    Examples
    --------
    >>> clock_starts(20, 4, 3, first=2, day=10).tolist()  # grid 3 6 9 | 10 13 16 19 | 20 ..., counted from 2
    [0, 1, 4, 7, 8, 11, 14, 16]
    """
    if n_samples <= window:
        return np.zeros(1, dtype=np.int64)
    last = n_samples - window
    days = range(first // day, (first + last) // day + 1)
    grid = [np.arange(d * day, (d + 1) * day, stride, dtype=np.int64) - first for d in days]
    starts = np.concatenate(grid)
    starts = starts[(starts >= 0) & (starts <= last)]
    return np.unique(np.concatenate([[0], starts, [last]])).astype(np.int64)


def runs(starts: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Cut a rising list into stretches of one stride: (first index, index after the last, stride).

    >>> list(runs(np.array([0, 1, 4, 7, 8])))
    [(0, 2, 1), (2, 4, 3), (4, 5, 1)]
    """
    begin = 0
    while begin < len(starts):
        end = begin + 1
        step = int(starts[end] - starts[begin]) if end < len(starts) else 1
        while end < len(starts) and starts[end] - starts[end - 1] == step:
            end += 1
        yield begin, end, step
        begin = end


def strided(data: Tensor, start: int, count: int, stride: int, window: int) -> Tensor:
    """`count` windows of (component, samples) data as a view: shape (count, component, window), nothing is copied."""
    return data.as_strided((count, data.shape[0], window), (stride, data.stride(0), 1), data.storage_offset() + start)
