"""The calorimeter: 24 x 64 towers, and how particles become tower energies."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

#: Towers: rows in pseudorapidity over -1.1 to 1.1, columns in azimuth over 0 to 2 pi (hadron calorimeter of sPHENIX).
ROWS, COLUMNS, ETA_MAX = 24, 64, 1.1
ETA_WIDTH, PHI_WIDTH = 2 * ETA_MAX / ROWS, 2 * math.pi / COLUMNS
TOWER_AREA = ETA_WIDTH * PHI_WIDTH

HADRON_RESPONSE = 0.9
FIELD_T, INNER_RADIUS_M = 1.4, 1.1
#: Charged particles below this transverse momentum curl up before they reach the calorimeter, GeV.
CURL_GEV = 0.15 * FIELD_T * INNER_RADIUS_M
PARTS = 6

#: Shower width (core, tail) in eta and phi and the share of parts in the core: photons, soft and hard hadrons.
PHOTON_WIDTH, SOFT_WIDTH, HARD_WIDTH = (0.015, 0.05), (0.045, 0.15), (0.08, 0.28)
PHOTON_CORE, SOFT_CORE, HARD_CORE = 0.7, 0.9, 0.7
HARD_HADRON_GEV = 1.0


@dataclass(frozen=True)
class Particles:
    """Particles of many events, flat.

    Parameters
    ----------
    event : Tensor, shape (n,), int64
        Number of the event a particle belongs to.
    pt_gev, eta, phi : Tensor, shape (n,)
        Transverse momentum in GeV, pseudorapidity, azimuth in radians (any branch).
    kind : Tensor, shape (n,), int64
        0 photon, 1 charged hadron, 2 neutral hadron.
    """

    event: Tensor
    pt_gev: Tensor
    eta: Tensor
    phi: Tensor
    kind: Tensor

    def __getitem__(self, rows: Tensor) -> Particles:
        return Particles(self.event[rows], self.pt_gev[rows], self.eta[rows], self.phi[rows], self.kind[rows])


def tower_eta() -> NDArray:
    """Pseudorapidity of the tower centres, shape (24,)."""
    return -ETA_MAX + (np.arange(ROWS) + 0.5) * ETA_WIDTH


def tower_phi() -> NDArray:
    """Azimuth of the tower centres in radians, shape (64,)."""
    return (np.arange(COLUMNS) + 0.5) * PHI_WIDTH


def join(groups: list[Particles]) -> Particles:
    """Several groups of particles as one."""
    return Particles(*(torch.cat([getattr(group, name) for group in groups])
                       for name in ("event", "pt_gev", "eta", "phi", "kind")))


def uniform(like: Tensor, generator: torch.Generator) -> Tensor:
    return torch.rand(like.shape, generator=generator, device=like.device)


def normal(like: Tensor, generator: torch.Generator) -> Tensor:
    return torch.randn(like.shape, generator=generator, device=like.device)


def choose_kinds(like: Tensor, photons: float, generator: torch.Generator, charged: float = 0.85) -> Tensor:
    """Kinds of particles: a share `photons` of photons, `charged` of the others charged hadrons, the rest neutral."""
    draw = uniform(like, generator)
    return (draw >= photons).long() + (draw >= photons + (1 - photons) * charged).long()


def towers(particles: Particles, n_events: int, generator: torch.Generator) -> Tensor:
    """Tower energies of the events, as a simple calorimeter would measure them.

    Hadrons answer with 0.9 of their energy. The energy is smeared with 0.65/sqrt(E) + 0.12 (in quadrature) for hadrons
    and 0.15/sqrt(E) for photons. Charged particles turn in azimuth by asin(0.15 B r / pT), with either sign, and are
    lost below 0.231 GeV. Six equal parts are displaced sideways each; parts beyond the edge in pseudorapidity are lost.

    Returns
    -------
    Tensor, shape (n_events, 24, 64), float32
        GeV, never negative.
    """
    particles = particles[(particles.kind != 1) | (particles.pt_gev > CURL_GEV)]
    image = torch.zeros(n_events * ROWS * COLUMNS, device=particles.pt_gev.device)
    if len(particles.pt_gev):
        photon = particles.kind == 0
        measured = _measured(particles.pt_gev, photon, generator)
        phi = particles.phi + _bend(particles, generator)
        core, tail, share = _widths(particles.pt_gev, photon)
        for _ in range(PARTS):
            width = torch.where(uniform(core, generator) < share, core, tail)
            row = torch.floor((particles.eta + width * normal(core, generator) + ETA_MAX) / ETA_WIDTH).long()
            column = torch.floor((phi + width * normal(core, generator)) / PHI_WIDTH).long() % COLUMNS
            inside = (row >= 0) & (row < ROWS)
            index = (particles.event * ROWS + row.clamp(0, ROWS - 1)) * COLUMNS + column
            image.index_add_(0, index, measured * inside)
    return image.view(n_events, ROWS, COLUMNS)


def _measured(pt_gev: Tensor, photon: Tensor, generator: torch.Generator) -> Tensor:
    """Energy of each of the six parts after response and smearing."""
    hadronic = torch.sqrt(0.65**2 / pt_gev + 0.12**2)
    spread = torch.where(photon, 0.15 / pt_gev.sqrt(), hadronic)
    response = torch.where(photon, 1.0, HADRON_RESPONSE)
    return pt_gev * response * (1 + spread * normal(pt_gev, generator)).clamp(min=0.05) / PARTS


def _bend(particles: Particles, generator: torch.Generator) -> Tensor:
    sign = torch.where(uniform(particles.pt_gev, generator) < 0.5, -1.0, 1.0)
    turn = torch.asin((CURL_GEV / particles.pt_gev).clamp(max=1.0))
    return torch.where(particles.kind == 1, sign * turn, 0.0)


def _widths(pt_gev: Tensor, photon: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Width of core and tail, and share of the parts in the core, for each particle."""
    hard = pt_gev > HARD_HADRON_GEV

    def pick(photons: float, soft: float, harder: float) -> Tensor:
        return torch.where(photon, photons, torch.where(hard, harder, soft))

    core, tail = (pick(PHOTON_WIDTH[k], SOFT_WIDTH[k], HARD_WIDTH[k]) for k in (0, 1))
    return core, tail, pick(PHOTON_CORE, SOFT_CORE, HARD_CORE)
