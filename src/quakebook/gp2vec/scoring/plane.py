"""The plane in which features spread most, and how far groups or a number show in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler


@dataclass(frozen=True)
class Plane:
    """First two principal components (n, 2) and their shares of the variance (2,)."""

    points: np.ndarray
    share: np.ndarray


def principal_plane(pooled: np.ndarray) -> Plane:
    """Of pooled features (n, d)."""
    pca = PCA(2, random_state=0).fit(pooled)
    return Plane(pca.transform(pooled), pca.explained_variance_ratio_)


def silhouettes(pooled: np.ndarray, group: np.ndarray, draws: int = 20, seed: int = 0) -> tuple[float, float]:
    """Silhouette of groups (n,) in standardised features (n, d), and the largest of permuted groups.

    1: far apart; 0: mixed.
    """
    x, generator = StandardScaler().fit_transform(pooled), np.random.default_rng(seed)
    return (float(silhouette_score(x, group)),
            max(float(silhouette_score(x, generator.permutation(group))) for _ in range(draws)))


def rank_correlations(points: np.ndarray, value: np.ndarray, draws: int = 200,
                      seed: int = 0) -> tuple[float, float]:
    """Largest absolute rank correlation of an axis of `points` (n, 2) with `value` (n,), and of permuted values."""
    generator = np.random.default_rng(seed)

    def largest(values: np.ndarray) -> float:
        return max(abs(float(spearmanr(axis, values).statistic)) for axis in points.T)

    return largest(value), max(largest(generator.permutation(value)) for _ in range(draws))
