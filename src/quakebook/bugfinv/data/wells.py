"""Where the wells stand, and which traces stay blind."""

from __future__ import annotations

import numpy as np

from quakebook.training.config import ConfigError

EDGE = 3  #: traces kept off the edges of a volume


def training_wells(inlines: int, crosslines: int, n_wells: int) -> np.ndarray:
    """Trace numbers of the training wells, rising.

    A line (one inline): linspace(0, N - 1, n) truncated, as in the Nash code. A volume: a regular grid (6 x 4 for 24),
    kept 3 traces off the edges.
    """
    total = inlines * crosslines
    if not 1 <= n_wells < total:
        raise ConfigError(f"`data.n_wells` must lie between 1 and {total - 1}: of {total} traces one at least has to "
                          f"stay blind; found {n_wells}")
    if inlines == 1:
        return np.unique(np.linspace(0, total - 1, n_wells).astype(int))
    long = min(k for k in range(1, n_wells + 1) if n_wells % k == 0 and k * k >= n_wells)
    rows, columns = _spread(inlines, long), _spread(crosslines, n_wells // long)
    return np.unique((rows[:, None] * crosslines + columns[None, :]).ravel())


def validation_wells(inlines: int, crosslines: int, n: int = 13) -> np.ndarray:
    """linspace(0, N - 1, 13) truncated, as in the Nash code; shares traces with the training wells of a line."""
    return np.unique(np.linspace(0, inlines * crosslines - 1, n).astype(int))


def unlabelled(inlines: int, crosslines: int, wells: np.ndarray, n: int) -> np.ndarray:
    """Traces of the seismic term: 1500..1600 of a long line (Nash code); else `n` blind traces spread evenly."""
    if inlines == 1 and crosslines > 1600:
        return np.arange(1500, 1601)
    blind = np.setdiff1d(np.arange(inlines * crosslines), wells)
    return blind[np.unique(np.linspace(0, len(blind) - 1, min(n, len(blind))).astype(int))]


def blind_wells(inlines: int, crosslines: int, wells: np.ndarray, n: int = 3) -> np.ndarray:
    """`n` traces as far from every well as possible, one after the other."""
    total = inlines * crosslines
    at = np.stack(np.divmod(np.arange(total), crosslines), axis=1).astype(float)
    nearest = np.linalg.norm(at[:, None] - at[wells][None], axis=2).min(axis=1)
    border = min(inlines, crosslines) // 8 if inlines > 1 else 0
    inner = ((at[:, 0] >= border) & (at[:, 0] < inlines - border) & (at[:, 1] >= border)
             & (at[:, 1] < crosslines - border))
    found = []
    for _ in range(n):
        pick = int(np.argmax(np.where(inner, nearest, -1.0)))
        found.append(pick)
        nearest = np.minimum(nearest, np.linalg.norm(at - at[pick], axis=1))
    return np.array(found)


def _spread(size: int, n: int) -> np.ndarray:
    edge = EDGE if size > 2 * EDGE + n else 0
    return np.linspace(edge, size - 1 - edge, n).round().astype(int) if n > 1 else np.array([size // 2])
