"""Signal events: two jets back to back and a soft event; quenched ones for a test outside the training distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from quakebook.data.calorimeter.detector import Particles, choose_kinds, join, normal, towers, uniform
from quakebook.data.calorimeter.shower import GLUON, JET_PHOTONS, QUARK, hadrons, shower, start

SOFT_ETA_MAX = 1.4
HARD_POWER, HARD_MAX_GEV, GLUON_SHARE = 8.0, 70.0, 0.45
VANISHING_GEV = 0.15


@dataclass(frozen=True)
class SignalPhysics:
    """What a signal event is drawn from.

    Parameters
    ----------
    hard_min_gev : float
        Lower edge of the hard transverse momentum, whose spectrum is p^-8 up to 70 GeV.
    soft_particles : float
        Mean number of particles of the soft event in abs(eta) < 1.4.
    quenched : bool
        Whether hadrons lose energy in a medium: each L Exp(1) (0.8 + 9.5 min(r, 0.6)) GeV at distance r from its jet's
        axis, with a path L of its jet between 0.2 and 1.8. Soft hadrons at wide angles are absorbed.
    path_follows_plane : bool
        Whether the path grows with the angle between jet and event plane instead of being drawn evenly.
    """

    hard_min_gev: float = 30.0
    soft_particles: float = 60.0
    quenched: bool = False
    path_follows_plane: bool = False


#: Jets as in proton collisions, and jets that crossed a medium.
VACUUM = SignalPhysics()
QUENCHED = SignalPhysics(hard_min_gev=36.0, soft_particles=8.0, quenched=True)


def signal_towers(n_events: int, generator: torch.Generator, physics: SignalPhysics = VACUUM,
                  plane: Tensor | None = None) -> Tensor:
    """Tower energies of signal events.

    Parameters
    ----------
    n_events : int
    generator : torch.Generator
        Its device is the device of the result.
    physics : SignalPhysics
    plane : Tensor, shape (n_events,), optional
        Angle of the event plane in radians, for `path_follows_plane`.

    Returns
    -------
    Tensor, shape (n_events, 24, 64), float32
        GeV.
    """
    pt_gev, eta, phi = _two_jets(n_events, generator, physics)
    colour = torch.where(uniform(pt_gev, generator) < GLUON_SHARE, GLUON, QUARK)
    jets = torch.arange(2 * n_events, device=pt_gev.device)
    fragments = hadrons(shower(start(jets, pt_gev, eta, phi, colour), generator), generator)
    if physics.quenched:
        fragments = _quench(fragments, eta, phi, _path(phi, generator, physics, plane), generator)
    fragments = replace(fragments, event=fragments.event // 2)
    return towers(join([fragments, _soft_event(n_events, generator, physics.soft_particles)]), n_events, generator)


def _two_jets(n_events: int, generator: torch.Generator, physics: SignalPhysics) -> tuple[Tensor, Tensor, Tensor]:
    """Momentum, pseudorapidity and azimuth of 2 n jets; jets 2i and 2i + 1 belong to event i."""
    like = torch.empty(n_events, device=generator.device)
    low, high = (edge ** (1 - HARD_POWER) for edge in (physics.hard_min_gev, HARD_MAX_GEV))
    hard = (low + uniform(like, generator) * (high - low)) ** (1 / (1 - HARD_POWER))
    boost = (0.45 * normal(like, generator)).clamp(-0.75, 0.75)
    half = 0.55 * normal(like, generator) / 2
    phi = 2 * math.pi * uniform(like, generator)
    opposite = phi + math.pi + 0.25 * normal(like, generator)
    recoil = (hard * (1 + 0.1 * normal(like, generator))).clamp(min=1.0)
    return (torch.stack([hard, recoil], 1).flatten(), torch.stack([boost + half, boost - half], 1).flatten(),
            torch.stack([phi, opposite], 1).flatten())


def _soft_event(n_events: int, generator: torch.Generator, mean: float) -> Particles:
    device = generator.device
    count = torch.poisson(torch.full((n_events,), mean, device=device), generator=generator).long()
    event = torch.repeat_interleave(torch.arange(n_events, device=device), count)
    shape = torch.full(event.shape, 1.8, device=device)
    pt_gev = 0.2 * torch._standard_gamma(shape, generator=generator)  # the public Gamma takes no generator
    eta = SOFT_ETA_MAX * (2 * uniform(pt_gev, generator) - 1)
    phi = 2 * math.pi * uniform(pt_gev, generator)
    return Particles(event, pt_gev.clamp(min=1e-4), eta, phi, choose_kinds(pt_gev, JET_PHOTONS, generator))


def _path(phi: Tensor, generator: torch.Generator, physics: SignalPhysics, plane: Tensor | None) -> Tensor:
    """Path of each jet through the medium, 0.2 to 1.8 in units of its mean."""
    if not physics.path_follows_plane:
        return 0.2 + 1.6 * uniform(phi, generator)
    if plane is None:
        raise ValueError("`path_follows_plane` needs the angle of the event plane of every event")
    return 1 - 0.8 * torch.cos(2 * (phi - plane.repeat_interleave(2)))


def _quench(fragments: Particles, eta: Tensor, phi: Tensor, path: Tensor, generator: torch.Generator) -> Particles:
    """Take energy from every hadron; those left with less than 0.15 GeV vanish."""
    jet = fragments.event
    distance = torch.hypot(fragments.eta - eta[jet], fragments.phi - phi[jet])
    loss = -torch.log1p(-uniform(distance, generator)) * path[jet] * (0.8 + 9.5 * distance.clamp(max=0.6))
    left = fragments.pt_gev - loss
    return replace(fragments, pt_gev=left)[left > VANISHING_GEV]
