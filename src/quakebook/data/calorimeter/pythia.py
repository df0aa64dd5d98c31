"""Pythia 8 dijets, where the optional package ``pythia8mc`` is installed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from quakebook.data.calorimeter.detector import COLUMNS, ROWS, Particles, towers
from quakebook.data.errors import DataError

ENERGY_GEV = 200.0
ETA_CUT = 1.4


def available() -> bool:
    """Whether ``pythia8mc`` can be imported."""
    try:
        _module()
    except DataError:
        return False
    return True


def dijets(count: int, *, seed: int = 1, hard_min_gev: float = 25.0, device: str | torch.device = "cpu") -> Tensor:
    """Towers of hard proton-proton collisions at 200 GeV.

    Parameters
    ----------
    count, seed : int
    hard_min_gev : float
        Smallest transverse momentum of the hard scattering, GeV.
    device : str or torch.device

    Returns
    -------
    Tensor, shape (count, 24, 64), float32
        GeV.
    """
    settings = ("Beams:idA = 2212", "Beams:idB = 2212", "HardQCD:all = on", f"PhaseSpace:pTHatMin = {hard_min_gev}")
    return _towers(_start(settings, seed), count, seed, device)


def _module() -> Any:
    try:
        import pythia8mc
    except ImportError as error:
        raise DataError("events of a real generator need the package pythia8mc: pip install 'pythia8mc<8.318' "
                        "--only-binary :all: (8.318 has no wheel)") from error
    return pythia8mc


def _start(settings: tuple[str, ...], seed: int) -> Any:
    if not 0 <= seed < 900_000_000:
        raise DataError(f"`seed` must lie in 0 to 899999999; found {seed}")
    pythia = _module().Pythia("", False)
    for line in (*settings, f"Beams:eCM = {ENERGY_GEV}", "Random:setSeed = on", f"Random:seed = {seed or 1}",
                 "Print:quiet = on"):
        if not pythia.readString(line):
            raise DataError(f"Pythia does not know the setting {line!r}")
    if not pythia.init():
        raise DataError("Pythia could not start with its settings")
    return pythia


def _towers(pythia: Any, count: int, seed: int, device: str | torch.device) -> Tensor:
    generator = torch.Generator(device).manual_seed(seed)
    images = torch.zeros((count, ROWS, COLUMNS), device=device)
    for row, columns in zip(range(count), _events(pythia), strict=False):
        pt_gev, eta, phi, kind = (torch.from_numpy(column).to(device) for column in columns)
        event, pt_gev, phi = torch.zeros_like(kind), pt_gev.float(), phi.float()
        particles = Particles(event, pt_gev, eta.float(), phi, kind)
        images[row] = towers(particles, 1, generator)[0]
    return images


def _events(pythia: Any) -> Iterator[tuple[np.ndarray, ...]]:
    """Final particles of accepted events: momentum, pseudorapidity, azimuth, kind."""
    failures = 0
    while failures < 100:
        if not pythia.next():
            failures += 1
            continue
        rows = [(p.pT(), p.eta(), p.phi() % (2 * math.pi), 0 if p.id() == 22 else 1 if p.isCharged() else 2)
                for p in pythia.event if p.isFinal() and p.isVisible() and p.pT() > 0.01 and abs(p.eta()) < ETA_CUT]
        table = np.array(rows, dtype=np.float64).reshape(-1, 4)
        yield table[:, 0], table[:, 1], table[:, 2], table[:, 3].astype(np.int64)
    raise DataError("Pythia failed a hundred times; its settings do not give events")
