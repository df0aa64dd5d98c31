"""Background events: the many soft particles of a central heavy-ion collision, with flow and a few minijets."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from quakebook.data.calorimeter.detector import Particles, choose_kinds, join, normal, towers, uniform
from quakebook.data.calorimeter.shower import GLUON, hadrons, shower, start

ETA_RANGE = 1.4
PARTICLES, PHOTONS = 3300.0, 0.40
MINIJETS, MINIJET_MAX_GEV = 8.0, 12.0


@dataclass(frozen=True)
class Collisions:
    """Properties of whole collisions, one entry an event.

    Parameters
    ----------
    centrality : Tensor
        0 to 1, standing for the most central 0 to 10 %.
    v2, v3 : Tensor
        Elliptic and triangular flow of a particle of 0.6 GeV.
    plane2, plane3 : Tensor
        Angles of their planes, radians.
    """

    centrality: Tensor
    v2: Tensor
    v3: Tensor
    plane2: Tensor
    plane3: Tensor


def collisions(n_events: int, generator: torch.Generator) -> Collisions:
    """Draw centrality, strength of the flow and event planes."""
    like = torch.empty(n_events, device=generator.device)
    centrality = uniform(like, generator)
    v2 = 0.06 * (0.25 + 0.75 * centrality) * (1 + 0.3 * normal(like, generator)).abs()
    v3 = 0.02 * (1 + 0.4 * normal(like, generator)).abs()
    plane2, plane3 = (2 * math.pi * uniform(like, generator) for _ in range(2))
    return Collisions(centrality, v2, v3, plane2, plane3)


def background_towers(n_events: int, generator: torch.Generator, drawn: Collisions | None = None) -> Tensor:
    """Tower energies of background events.

    Parameters
    ----------
    n_events : int
    generator : torch.Generator
        Its device is the device of the result.
    drawn : Collisions, optional
        Properties of the events; drawn where absent.

    Returns
    -------
    Tensor, shape (n_events, 24, 64), float32
        GeV.
    """
    drawn = drawn or collisions(n_events, generator)
    return towers(join([_bulk(drawn, generator), _minijets(n_events, generator)]), n_events, generator)


def _bulk(drawn: Collisions, generator: torch.Generator) -> Particles:
    """Soft particles whose azimuth follows 1 + 2 v_n cos n (phi - plane_n)."""
    wobble = 1 + 0.04 * normal(drawn.v2, generator)
    count = torch.poisson(PARTICLES * (1.15 - 0.42 * drawn.centrality) * wobble, generator=generator).long()
    event = torch.repeat_interleave(torch.arange(len(count), device=count.device), count)
    thirds = torch.rand((3, len(event)), generator=generator, device=count.device)
    pt_gev = (-0.155 * torch.log1p(-thirds).sum(0)).clamp(min=1e-4)  # Gamma with shape 3
    phi = flow(2 * math.pi * uniform(pt_gev, generator), pt_gev, event, drawn)
    eta = ETA_RANGE * (2 * uniform(pt_gev, generator) - 1)
    return Particles(event, pt_gev, eta, phi, choose_kinds(pt_gev, PHOTONS, generator))


def flow(phi: Tensor, pt_gev: Tensor, event: Tensor, drawn: Collisions) -> Tensor:
    """Move even azimuths so that they follow 1 + 2 v_n cos n (phi - plane_n); v_n grows with the momentum.

    phi - v2 sin 2 (phi - plane2) - 2/3 v3 sin 3 (phi - plane3), to first order in v_n.
    """
    weight = (pt_gev / 0.6).clamp(0.3, 2.5)
    turn2 = drawn.v2[event] * weight * torch.sin(2 * (phi - drawn.plane2[event]))
    turn3 = drawn.v3[event] * weight * torch.sin(3 * (phi - drawn.plane3[event]))
    return phi - turn2 - 2 / 3 * turn3


def _minijets(n_events: int, generator: torch.Generator) -> Particles:
    """Poisson(8) gluons an event of 2 GeV and more, falling like a Pareto law of power 4, each with its shower."""
    device = generator.device
    count = torch.poisson(torch.full((n_events,), MINIJETS, device=device), generator=generator).long()
    event = torch.repeat_interleave(torch.arange(n_events, device=device), count)
    like = torch.empty(event.shape, device=device)
    pt_gev = (2 * (1 - uniform(like, generator)) ** -0.25).clamp(max=MINIJET_MAX_GEV)
    eta = ETA_RANGE * (2 * uniform(like, generator) - 1)
    phi = 2 * math.pi * uniform(like, generator)
    jets = torch.arange(len(event), device=device)
    partons = shower(start(jets, pt_gev, eta, phi, torch.full_like(pt_gev, GLUON)), generator)
    fragments = hadrons(partons, generator)
    return replace(fragments, event=event[fragments.event])
