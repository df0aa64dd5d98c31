"""What codes stand for: how the two books are used together, and what a code tells of the kind of window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import mutual_info_score

from ..data.windows import Pool, cut, standardise
from ..objective.pretraining import GP2Vec


@dataclass(frozen=True)
class Told:
    """Mutual information in bits of one book's code and the class of its window, and the bound that chance keeps to."""

    bits: float
    bound: float

    @property
    def tells(self) -> bool:
        """Whether the codes tell more than 95 % of the permutations."""
        return self.bits > self.bound


@torch.no_grad()
def codes_of(model: GP2Vec, pool: Pool, samples: int, batch_size: int = 64) -> np.ndarray:
    """Codes (n, T, G) of the fixed windows of a pool, chosen without noise."""
    start, parts = pool.fixed_starts(samples), []
    for rows in torch.arange(len(pool), device=pool.waveforms.device).split(batch_size):
        windows = standardise(cut(pool.waveforms, rows, start[rows], samples))
        parts.append(model.codes(windows, normalize=False).cpu())
    return torch.cat(parts).numpy()


def joint_use(codes: np.ndarray, most: int = 40) -> np.ndarray:
    """Share of frames of each pair of codes, (most, most): the most frequent codes of the first two books, in order.

    Parameters
    ----------
    codes : ndarray of int, shape (n, T, G)
    """
    if codes.shape[-1] < 2:
        raise ValueError(f"pairs of codes need two books; found {codes.shape[-1]}")
    first, second = (codes[..., g].ravel() for g in (0, 1))
    size = int(codes.max()) + 1
    table = np.zeros((size, size))
    np.add.at(table, (first, second), 1 / len(first))
    order = [np.argsort(-table.sum(1 - axis), kind="stable")[:most] for axis in (0, 1)]
    return table[np.ix_(*order)]


def tells(codes: np.ndarray, label: np.ndarray, draws: int = 100, seed: int = 0) -> Told:
    """What one book's codes (n, T) tell of the classes (n,) of their windows.

    The bound is the 95 % quantile over permutations of the classes among the windows: frames of one window share their
    class and are not independent, so that even codes that mean nothing have some information.
    """
    generator = np.random.default_rng(seed)
    frames = codes.shape[1]

    def bits(classes: np.ndarray) -> float:
        return float(mutual_info_score(np.repeat(classes, frames), codes.ravel()) / np.log(2))

    return Told(bits(label), float(np.quantile([bits(generator.permutation(label)) for _ in range(draws)], 0.95)))
