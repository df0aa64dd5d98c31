"""Do the axes of a model stand in their order? Samples come last; Fortran, Julia and MATLAB often write them first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from quakebook.data.elastic.model import ModelError

#: Arrays of a container that give the time or depth of each sample.
SAMPLE_AXES = ("t", "time", "twt", "z")
#: Rocks lie in layers and grow faster with depth: the profile over the samples explains most of a section's variance
#: (0.66 to 0.95 in the embedded models and Marmousi2, rising with a correlation above 0.8), that over the traces little
#: (below 0.12). A profile of fewer traces says nothing, and a thinned one says as much as a long one.
MOST, LITTLE, RISING, FEWEST, THINNED = 0.5, 0.2, 0.8, 8, 200


def check_lengths(where: str, lengths: Mapping[str, int], shape: tuple[int, ...]) -> None:
    """Refuse a model whose file gives times or depths of as many samples as another axis than the last one has.

    Raises
    ------
    ModelError
        Names the file, both arrays and their shapes.
    """
    for name, length in lengths.items():
        if length != shape[-1] and length in shape:
            raise ModelError(f"{where}: `{name}` holds {length} values, so that samples lie on axis "
                             f"{shape.index(length)} of `vp`, whose shape is {shape}; they must lie on the last axis: "
                             "(traces, samples) or (inlines, crosslines, samples)")


def doubts(where: str, arrays: Mapping[str, np.ndarray]) -> list[str]:
    """One line where values grow along another axis than that of the samples; nothing is transposed.

    Parameters
    ----------
    where : str
        The file.
    arrays : mapping of str to ndarray
        Properties of shape (traces, samples) or (inlines, crosslines, samples), in any unit.
    """
    found = {name: axis for name, values in arrays.items() if (axis := _grows_along(values)) is not None}
    if not found:
        return []
    first = next(iter(found))
    return [f"{where}: {', '.join(f'`{name}`' for name in found)} of shape {arrays[first].shape} grow along axis "
            f"{found[first]} and hardly along the last one, where samples are expected: (traces, samples) or (inlines, "
            "crosslines, samples). Exchanged axes are suspected; they are read as they stand"]


def _grows_along(values: np.ndarray) -> int | None:
    """The axis of traces along which values grow as they should along the samples, if there is one."""
    thin = values[tuple(slice(None, None, -(-n // THINNED)) for n in values.shape)].astype(np.float64)
    if not np.ptp(thin) > 0 or _profile(thin, thin.ndim - 1)[0] > LITTLE:
        return None
    for axis in range(thin.ndim - 1):
        if thin.shape[axis] >= FEWEST:
            share, correlation = _profile(thin, axis)
            if share >= MOST and correlation >= RISING:
                return axis
    return None


def _profile(values: np.ndarray, axis: int) -> tuple[float, float]:
    """Share of the variance that the means along an axis explain, and how these rise (their correlation with it)."""
    means = values.mean(axis=tuple(k for k in range(values.ndim) if k != axis))
    if len(means) < 2 or not np.ptp(means) > 0:
        return 0.0, 0.0
    return float(means.var() / values.var()), float(np.corrcoef(np.arange(len(means)), means)[0, 1])
