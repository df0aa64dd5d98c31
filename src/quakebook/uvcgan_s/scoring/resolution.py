"""Jets of a subtracted image against true jets: scale, resolution, position, efficiency, fakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .clustering import delta_phi
from .jets import ETA_AXIS_MAX, Jets

#: Bins of the true (or subtracted) transverse momentum: fine for figures, coarse for tables, GeV.
FINE_BINS = np.arange(14.0, 51.0, 2.0)
COARSE_BINS = np.array([14.0, 20.0, 30.0, 50.0])
MATCH_SHARE = 0.75


@dataclass(frozen=True)
class Matched:
    """True jets of many events beside the subtracted jets that belong to them.

    Parameters
    ----------
    radius : float
    true_pt, true_eta : ndarray, shape (n_true,)
    pt, delta_eta : ndarray, shape (n_true,)
        Momentum of the subtracted jet and its distance in pseudorapidity; NaN where there is none.
    all_pt : ndarray, shape (n_subtracted,)
        All subtracted jets.
    is_fake : ndarray, shape (n_subtracted,), bool
        Subtracted jets without a true one.
    events : int
    """

    radius: float
    true_pt: NDArray
    true_eta: NDArray
    pt: NDArray
    delta_eta: NDArray
    all_pt: NDArray
    is_fake: NDArray
    events: int

    @property
    def response(self) -> NDArray:
        """Subtracted over true momentum; NaN where there is no match."""
        return self.pt / self.true_pt


def pairs(truth: Jets, jets: Jets, radius: float) -> list[tuple[int, int]]:
    """One-to-one pairs of true and subtracted jets nearer than 0.75 R, the closest pair first."""
    distance = np.hypot(truth.eta[:, None] - jets.eta, delta_phi(truth.phi[:, None], jets.phi))
    result = []
    while distance.size and distance.min() < MATCH_SHARE * radius:
        i, j = np.unravel_index(int(distance.argmin()), distance.shape)
        result.append((int(i), int(j)))
        distance[i, :], distance[:, j] = np.inf, np.inf
    return result


def match(truth: Sequence[Jets], jets: Sequence[Jets], radius: float, eta_max: float = ETA_AXIS_MAX) -> Matched:
    """Match the jets of all events.

    All jets take part in the matching; counted on either side are jets whose own axis lies within `eta_max`.
    So a true jet at the edge of the acceptance may find its partner just outside, and is not lost for that.
    """
    if len(truth) != len(jets):
        raise ValueError(f"`truth` and `jets` must be of the same events; found {len(truth)} and {len(jets)}")
    columns: list[list[NDArray]] = [[] for _ in range(6)]
    for true, found in zip(truth, jets, strict=True):
        pt, shift, fake = np.full(len(true), np.nan), np.full(len(true), np.nan), np.ones(len(found), dtype=bool)
        for i, j in pairs(true, found, radius):
            pt[i], shift[i], fake[j] = found.pt_gev[j], found.eta[j] - true.eta[i], False
        inside, own = np.abs(true.eta) < eta_max, np.abs(found.eta) < eta_max
        rows = (true.pt_gev[inside], true.eta[inside], pt[inside], shift[inside], found.pt_gev[own], fake[own])
        for column, values in zip(columns, rows, strict=True):
            column.append(values)
    joined = [np.concatenate([np.zeros(0), *column]) for column in columns]
    return Matched(radius, *joined[:5], joined[5].astype(bool), len(truth))


@dataclass(frozen=True)
class Curves:
    """Numbers in bins of momentum; NaN where a bin holds too few jets.

    Parameters
    ----------
    edges : ndarray, shape (k + 1,)
        GeV.
    scale, resolution, position, efficiency, fake_rate : ndarray, shape (k,)
        Mean and standard deviation of the response; RMS of the distance in pseudorapidity; share of true jets with a
        match; share of subtracted jets without one (in bins of their own momentum).
    scale_error, resolution_error, efficiency_error, fake_error : ndarray, shape (k,)
        Standard errors from the number of jets.
    jets : ndarray, shape (k,)
        Matched jets.
    """

    edges: NDArray
    scale: NDArray
    resolution: NDArray
    position: NDArray
    efficiency: NDArray
    fake_rate: NDArray
    scale_error: NDArray
    resolution_error: NDArray
    efficiency_error: NDArray
    fake_error: NDArray
    jets: NDArray

    @property
    def centres(self) -> NDArray:
        return (self.edges[1:] + self.edges[:-1]) / 2


def curves(matched: Matched, edges: NDArray = FINE_BINS, least: int = 5) -> Curves:
    """Scale, resolution, position, efficiency and fake rate in bins; bins with fewer than `least` jets are NaN."""
    rows = []
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        true = (matched.true_pt >= low) & (matched.true_pt < high)
        hit = true & np.isfinite(matched.pt)
        own = (matched.all_pt >= low) & (matched.all_pt < high)
        mean, spread = _moments(matched.response[hit], least)
        position = np.sqrt(np.mean(matched.delta_eta[hit] ** 2)) if hit.sum() >= least else np.nan
        efficiency, efficiency_error = _share(hit.sum(), true.sum(), least)
        fakes, fake_error = _share((own & matched.is_fake).sum(), own.sum(), least)
        n = max(int(hit.sum()), 1)
        rows.append((mean, spread, position, efficiency, fakes, spread / np.sqrt(n),
                     spread / np.sqrt(2 * max(n - 1, 1)), efficiency_error, fake_error, hit.sum()))
    return Curves(np.asarray(edges, dtype=float), *np.array(rows, dtype=float).T)


def _moments(response: NDArray, least: int) -> tuple[float, float]:
    if len(response) < least:
        return float("nan"), float("nan")
    return float(response.mean()), float(response.std())


def joined(parts: Sequence[Matched]) -> Matched:
    """Matches of several blocks of events as one."""
    names = ("true_pt", "true_eta", "pt", "delta_eta", "all_pt", "is_fake")
    columns = (np.concatenate([getattr(part, name) for part in parts]) for name in names)
    return Matched(parts[0].radius, *columns, sum(part.events for part in parts))


def _share(part: int, whole: int, least: int) -> tuple[float, float]:
    if whole < least:
        return float("nan"), float("nan")
    share = part / whole
    return float(share), float(np.sqrt(share * (1 - share) / whole))


def position_rms(matched: Matched, low: float = 20.0, high: float = 50.0) -> float:
    """RMS of the distance in pseudorapidity of matched jets with a true momentum in a range, GeV."""
    chosen = matched.delta_eta[(matched.true_pt >= low) & (matched.true_pt < high) & np.isfinite(matched.pt)]
    return float(np.sqrt(np.mean(chosen**2))) if len(chosen) else float("nan")
