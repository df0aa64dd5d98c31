"""A toy parton shower with hadrons, for many jets at once: ordered in angle, with a smallest transverse momentum."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from quakebook.data.calorimeter.detector import Particles, choose_kinds, normal, uniform

ALPHA_S, K_MIN_GEV, THETA_MAX = 0.30, 0.8, 0.9
GLUON, QUARK = 3.0, 4.0 / 3.0
JET_PHOTONS = 0.36


@dataclass(frozen=True)
class Partons:
    """Partons of many jets, flat: which jet, momentum (GeV), direction, colour factor, largest angle left."""

    jet: Tensor
    pt_gev: Tensor
    eta: Tensor
    phi: Tensor
    colour: Tensor
    theta: Tensor

    def __getitem__(self, rows: Tensor) -> Partons:
        return Partons(*(getattr(self, name)[rows] for name in _FIELDS))


_FIELDS = ("jet", "pt_gev", "eta", "phi", "colour", "theta")


def start(jet: Tensor, pt_gev: Tensor, eta: Tensor, phi: Tensor, colour: Tensor) -> Partons:
    """Partons before any emission, with the whole cone of 0.9 open."""
    return Partons(jet, pt_gev, eta, phi, colour, torch.full_like(pt_gev, THETA_MAX))


def shower(partons: Partons, generator: torch.Generator) -> Partons:
    """Let partons radiate until no emission is left.

    Emissions have the rate 2 alpha_s C / pi dln(theta) dz / z with z from k_min / (p theta) to 1/2. With
    L = ln(p theta / (2 k_min)) the chance of none between L0 and L1 is exp(-alpha_s C (L0^2 - L1^2) / pi), so the next
    angle is drawn in closed form. Both branches radiate on below that angle, the emitted one as a gluon; momentum
    across the direction is conserved.
    """
    done = []
    while len(partons.pt_gev):
        room = torch.log(partons.pt_gev * partons.theta / (2 * K_MIN_GEV)).clamp(min=0)
        waiting = -torch.log1p(-uniform(room, generator)) * math.pi / (ALPHA_S * partons.colour)
        radiates = room.square() > waiting
        done.append(partons[~radiates])
        partons = _split(partons[radiates], (room.square() - waiting)[radiates].sqrt(), generator)
    return _join(done)


def _split(partons: Partons, room: Tensor, generator: torch.Generator) -> Partons:
    """One emission of each parton, at the angle where `room` is left."""
    angle = 2 * K_MIN_GEV / partons.pt_gev * room.exp()
    z = 0.5 * torch.exp(-room * uniform(room, generator))
    turn = 2 * math.pi * uniform(room, generator)
    d_eta, d_phi = angle * turn.cos(), angle * turn.sin()
    hard = Partons(partons.jet, partons.pt_gev * (1 - z), partons.eta - z * d_eta, partons.phi - z * d_phi,
                   partons.colour, angle)
    soft = Partons(partons.jet, partons.pt_gev * z, partons.eta + (1 - z) * d_eta, partons.phi + (1 - z) * d_phi,
                   torch.full_like(z, GLUON), angle)
    return _join([hard, soft])


def _join(groups: list[Partons]) -> Partons:
    return Partons(*(torch.cat([getattr(group, name) for group in groups]) for name in _FIELDS))


def hadrons(partons: Partons, generator: torch.Generator) -> Particles:
    """Hadrons and photons of each parton: 1 + Poisson(0.5 + 0.75 ln(1 + p)), sharing its momentum evenly at random.

    Directions spread by a Gaussian of 0.35 GeV over the hadron's momentum, at most 0.5. In the result `event` is the
    number of the jet.
    """
    mean = 0.5 + 0.75 * torch.log1p(partons.pt_gev)
    count = 1 + torch.poisson(mean, generator=generator).long()
    parent = torch.repeat_interleave(torch.arange(len(count), device=count.device), count)
    weight = -torch.log1p(-uniform(parent, generator))
    total = torch.zeros_like(partons.pt_gev).index_add_(0, parent, weight)
    pt_gev = (partons.pt_gev[parent] * weight / total[parent]).clamp(min=1e-4)
    spread = (0.35 / pt_gev).clamp(max=0.5)
    eta = partons.eta[parent] + spread * normal(pt_gev, generator)
    phi = partons.phi[parent] + spread * normal(pt_gev, generator)
    return Particles(partons.jet[parent], pt_gev, eta, phi, choose_kinds(pt_gev, JET_PHOTONS, generator))
