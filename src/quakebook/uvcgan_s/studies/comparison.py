"""Every method on the same mixtures: jets, their inside, cones and towers, block by block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quakebook.data.calorimeter.domains import Domains

from ..scoring.cone import cone_energies, cone_summary, leading_axes
from ..scoring.jets import RADII, Jets, find_jets
from ..scoring.resolution import Matched, match, pairs
from ..scoring.resolution import joined as join_matches
from ..scoring.substructure import Substructure, substructure
from ..scoring.substructure import joined as join_structures
from ..scoring.translate import Separate
from .methods import NAMES, Mixtures, Subtracted, subtract

BLOCK = 250
#: Jets whose inside is compared: radius, and range of the true momentum in GeV.
INSIDE_RADIUS, INSIDE_RANGE = 0.4, (20.0, 30.0)
#: Constituents at or below this are left out of the fragmentation variable, GeV.
XI_THRESHOLD_GEV = 0.05
TRUTH = "truth"
#: Methods whose jets have negative towers or no towers of their own, or hold the whole background: nothing is said
#: about the inside.
WITHOUT_INSIDE = ("area", "median", "mean_background", "mixture")


@dataclass(frozen=True)
class Comparison:
    """Results of many methods on one set of mixtures.

    Parameters
    ----------
    domain : str
        ``val`` (as in training) or ``quenched``.
    events : int
    matched : dict
        Method -> radius -> `Matched`.
    structure : dict
        Method, and ``truth`` -> `Substructure` of jets with R = 0.4 and a true momentum of 20 to 30 GeV.
    cones : dict
        Method, and ``truth`` -> energy in the leading cone of each event, GeV; NaN where the event has none.
    towers : dict
        Method -> mean absolute error of signal, of background, mean of signal + background - mixture, mean of the
        mixture; GeV a tower.
    """

    domain: str
    events: int
    matched: dict[str, dict[float, Matched]]
    structure: dict[str, Substructure]
    cones: dict[str, NDArray]
    towers: dict[str, NDArray]

    @property
    def methods(self) -> list[str]:
        """Methods in the order in which they are shown."""
        return [key for key in NAMES if key in self.matched]

    def cone_scores(self, method: str) -> dict[str, float]:
        """Slope, calibrated spread and bias of the cone energy."""
        return cone_summary(self.cones[method], self.cones[TRUTH])


def compare(domains: Domains, domain: str, methods: Sequence[str], *, separators: Mapping[str, Separate] | None = None,
            mean: NDArray | None = None, events: int | None = None, radii: Sequence[float] = RADII) -> Comparison:
    """Run methods on the mixtures of paired domains.

    Parameters
    ----------
    domains : Domains
        With known truth.
    domain : str
        Name of the set in metric names: ``val`` or ``quenched``.
    methods : sequence of str
        Keys of `methods.NAMES`.
    separators : mapping, optional
        Learned method -> function that separates mixtures.
    mean : ndarray, shape (24, 64), optional
        Mean background of the training set.
    events : int, optional
        How many of the mixtures; default all. Memory depends on a block of 250, not on this.
    radii : sequence of float
    """
    total = len(domains.mixture) if events is None else min(events, len(domains.mixture))
    blocks = []
    for first in range(0, total, BLOCK):
        rows = np.arange(first, min(first + BLOCK, total))
        signal = domains.truth(rows)[1][:, 0].cpu().numpy().astype(np.float64)
        mixtures = domains.mixture.read(rows)[:, 0].cpu().numpy().astype(np.float64)
        blocks.append(_block(mixtures, signal, methods, separators or {}, mean, radii))
    return _joined(blocks, domain, total, methods, radii)


def _block(mixtures: NDArray, signal: NDArray, methods: Sequence[str], separators: Mapping[str, Separate],
           mean: NDArray | None, radii: Sequence[float]) -> dict[str, dict]:
    truth = {radius: find_jets(signal, radius) for radius in {*radii, INSIDE_RADIUS}}
    axes = leading_axes(truth[INSIDE_RADIUS])
    kept = [_inside_range(jets) for jets in truth[INSIDE_RADIUS]]
    chosen = [jets.where(keep) for jets, keep in zip(truth[INSIDE_RADIUS], kept, strict=True)]
    result = {"matched": {}, "towers": {}, "cones": {TRUTH: cone_energies(signal, axes)},
              "structure": {TRUTH: substructure(signal, chosen, threshold_gev=XI_THRESHOLD_GEV)}}
    block = Mixtures(mixtures)
    for key in methods:
        made = subtract(key, block, mean=mean, separate=separators.get(key))
        jets = {radius: made.jets(radius) for radius in {*radii, INSIDE_RADIUS}}
        result["matched"][key] = {radius: match(truth[radius], jets[radius], radius) for radius in radii}
        if made.signal is None:
            continue
        result["cones"][key] = cone_energies(made.signal, axes)
        result["towers"][key] = _tower_errors(made, mixtures, signal)
        if key not in WITHOUT_INSIDE:
            partners = [_partners(true, found, keep) for true, found, keep in
                        zip(truth[INSIDE_RADIUS], jets[INSIDE_RADIUS], kept, strict=True)]
            result["structure"][key] = substructure(made.signal, partners, threshold_gev=XI_THRESHOLD_GEV)
    return result


def _inside_range(jets: Jets) -> NDArray:
    low, high = INSIDE_RANGE
    return (jets.pt_gev > low) & (jets.pt_gev < high) & (np.abs(jets.eta) < 0.6)


def _partners(truth: Jets, jets: Jets, keep: NDArray) -> Jets:
    """Subtracted jets that belong to the chosen true jets."""
    wanted = np.zeros(len(jets), dtype=bool)
    for i, j in pairs(truth, jets, INSIDE_RADIUS):
        wanted[j] = keep[i]
    return jets.where(wanted)


def _tower_errors(made: Subtracted, mixtures: NDArray, signal: NDArray) -> NDArray:
    """Sums over the block: error of signal, of background, signal + background - mixture, mixture; number of towers."""
    return np.array([np.abs(made.signal - signal).sum(), np.abs(made.background - (mixtures - signal)).sum(),
                     (made.signal + made.background - mixtures).sum(), mixtures.sum(), signal.size])


def _joined(blocks: list[dict], domain: str, total: int, methods: Sequence[str], radii: Sequence[float]) -> Comparison:
    matched = {key: {r: join_matches([b["matched"][key][r] for b in blocks]) for r in radii} for key in methods}
    structure = {key: join_structures([b["structure"][key] for b in blocks]) for key in blocks[0]["structure"]}
    cones = {key: np.concatenate([b["cones"][key] for b in blocks]) for key in blocks[0]["cones"]}
    sums = {key: np.sum([b["towers"][key] for b in blocks], 0) for key in blocks[0]["towers"]}
    return Comparison(domain, total, matched, structure, cones, {key: s[:-1] / s[-1] for key, s in sums.items()})
