"""What a jet looks like inside: girth, mass, leading share, dispersion, fragmentation, soft drop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import wasserstein_distance

from .clustering import delta_phi, four_momenta, merges, rapidity
from .jets import Jets, as_images, tower_coordinates

#: Soft drop of the published evaluation (beta = 0), and the observables with their axis labels.
Z_CUT = 0.1
OBSERVABLES = {"z_g": "$z_g$", "r_g": "$r_g$", "girth": "girth $g$", "mass_gev": "mass (GeV)",
               "z_lead": r"$z_\mathrm{lead}$", "pt_d": "$p_T^D$", "xi": r"$\xi$"}


@dataclass(frozen=True)
class Substructure:
    """Observables of many jets.

    Parameters
    ----------
    values : dict
        Name -> ndarray, shape (n_jets,); z_g and r_g are NaN where soft drop finds no two prongs.
    xi : ndarray
        ln(jet pT / constituent pT) of every constituent of every jet.
    """

    values: dict[str, NDArray]
    xi: NDArray

    def of(self, name: str) -> NDArray:
        """Finite values of one observable."""
        values = self.xi if name == "xi" else self.values[name]
        return values[np.isfinite(values)]


def substructure(images: object, jets: Sequence[Jets], *, threshold_gev: float = 0.0) -> Substructure:
    """Observables of all jets of all events.

    girth = sum pT_i dR_i / pT; mass of the summed momenta; z_lead = max pT_i / pT; pT^D = sqrt(sum pT_i^2) /
    sum pT_i; z_g and r_g from soft drop with z_cut 0.1 and beta 0.

    Parameters
    ----------
    images : array or Tensor, shape (n, 24, 64)
        The images in which the jets were found, GeV.
    jets : sequence of Jets
        One an event.
    threshold_gev : float
        Constituents at or below this are left out of xi, whose tail they would fill.
    """
    eta, phi = tower_coordinates()
    rows, xi = [], [np.zeros(0)]
    for image, found in zip(as_images(images), jets, strict=True):
        for k, members in enumerate(found.members):
            pt_gev = image[members]
            distance = np.hypot(eta[members] - found.eta[k], delta_phi(phi[members], found.phi[k]))
            total = found.pt_gev[k]
            z_g, r_g = soft_drop(four_momenta(pt_gev, eta[members], phi[members]))
            rows.append((z_g, r_g, (pt_gev * distance).sum() / total, found.mass_gev[k], pt_gev.max() / total,
                         np.sqrt((pt_gev**2).sum()) / pt_gev.sum()))
            xi.append(np.log(total / pt_gev[pt_gev > threshold_gev]))
    table = np.array(rows, dtype=np.float64).reshape(-1, 6)
    names = ("z_g", "r_g", "girth", "mass_gev", "z_lead", "pt_d")
    return Substructure({name: table[:, k] for k, name in enumerate(names)}, np.concatenate(xi))


def joined(parts: Sequence[Substructure]) -> Substructure:
    """Observables of several blocks of events as one."""
    values = {name: np.concatenate([part.values[name] for part in parts]) for name in parts[0].values}
    return Substructure(values, np.concatenate([part.xi for part in parts]))


def soft_drop(momenta: NDArray, z_cut: float = Z_CUT) -> tuple[float, float]:
    """z_g and r_g of one jet: undo its Cambridge/Aachen clustering, follow the harder branch, stop at z > z_cut.

    Parameters
    ----------
    momenta : ndarray, shape (n, 4)
        px, py, pz, E of the constituents.
    z_cut : float

    Returns
    -------
    tuple of float
        Share of the softer branch in the transverse momentum, and distance of the two branches; NaN where no
        splitting passes.
    """
    current = {k: momenta[k] for k in range(len(momenta))}
    parents: dict[int, tuple[int, int]] = {}
    node = {k: k for k in current}
    for i, j in merges(momenta, 1.9, "cambridge"):
        if j < 0:
            continue
        number = len(momenta) + len(parents)
        parents[number] = (node[i], node[j])
        current[number] = current[node[i]] + current[node[j]]
        node[i] = number
    top = len(momenta) + len(parents) - 1
    while top in parents:
        first, second = sorted(parents[top], key=lambda k: -float(np.hypot(*current[k][:2])))
        pt = [float(np.hypot(*current[k][:2])) for k in (first, second)]
        share = pt[1] / (pt[0] + pt[1])
        if share > z_cut:
            return share, _distance(current[first], current[second])
        top = first
    return float("nan"), float("nan")


def _distance(first: NDArray, second: NDArray) -> float:
    turn = delta_phi(np.arctan2(first[1], first[0]), np.arctan2(second[1], second[0]))
    return float(np.hypot(rapidity(first) - rapidity(second), turn))


def distance_in_widths(values: NDArray, truth: NDArray) -> float:
    """First Wasserstein distance of two samples in units of the standard deviation of the truth."""
    if len(values) == 0 or len(truth) < 2 or truth.std() == 0:
        return float("nan")
    return float(wasserstein_distance(values, truth) / truth.std())
