"""An elastic model on a regular grid: Vp, Vs and density, with what is known about their origin."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field

import numpy as np
import torch

from .checks import ANGLES_DEG, check_elastic

PROPERTIES = ("Vp", "Vs", "density")
UNITS = ("m/s", "m/s", "g/cm³")


class ModelError(ValueError):
    """A model file or array that cannot be what it is said to be."""


@dataclass(frozen=True)
class ElasticModel:
    """Vp and Vs in m/s, density in g/cm3, float32, shape (inlines, crosslines, samples), in two-way time.

    Attributes
    ----------
    vp, vs, rho : ndarray
    dt_s : float
    source : str
        "synthetic" with its seed, or the path of the files.
    notes : tuple of str
        What was detected or changed on the way: units, conversion to time, water removed, suspicious relations.
    parts : dict of str to ndarray
        Extra volumes of the same shape, such as ``layer`` and ``channel`` of the synthetic model.
    gathers : ndarray, shape (inlines, crosslines, 6, samples), optional
        Observed gathers, where the files hold them; they may be sampled r times more coarsely than the logs.
    initial : ndarray, shape (inlines, crosslines, 3, samples), optional
        Initial model, where the files hold one.
    wells : ndarray of int, shape (wells,), optional
        Trace numbers, inline after inline, where the files say where the wells are; given as (inline, crossline)
        counted from 0, they are turned into trace numbers.
    """

    vp: np.ndarray
    vs: np.ndarray
    rho: np.ndarray
    dt_s: float
    source: str
    notes: tuple[str, ...] = ()
    parts: dict[str, np.ndarray] = field(default_factory=dict)
    gathers: np.ndarray | None = None
    initial: np.ndarray | None = None
    wells: np.ndarray | None = None

    def __post_init__(self) -> None:
        for name in ("vp", "vs", "rho"):
            value = np.ascontiguousarray(getattr(self, name), dtype=np.float32)
            if value.ndim != 3:
                raise ModelError(f"`{name}` must have shape (inlines, crosslines, samples); found {value.shape}")
            object.__setattr__(self, name, value)
        if not (math.isfinite(self.dt_s) and self.dt_s > 0):
            raise ModelError(f"`dt_s` must be positive; found {self.dt_s}")
        try:
            check_elastic(*(torch.from_numpy(getattr(self, name)) for name in ("vp", "vs", "rho")))
        except ValueError as error:
            raise ModelError(f"{self.source}: {error}") from None
        if self.gathers is not None:
            _check_gathers(self.gathers, self.vp.shape, self.source)
        if self.initial is not None and (self.initial.shape != (*self.shape[:2], 3, self.shape[2])
                                         or not np.isfinite(self.initial).all()):
            raise ModelError(f"{self.source}: the initial model must be finite and of shape "
                             f"{(*self.shape[:2], 3, self.shape[2])}; found {self.initial.shape}")
        if self.wells is not None:
            object.__setattr__(self, "wells", _trace_numbers(self.wells, self.shape, self.source))

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.vp.shape

    @property
    def traces(self) -> np.ndarray:
        """All properties trace by trace, shape (inlines * crosslines, 3, samples)."""
        return np.stack([x.reshape(-1, self.shape[2]) for x in (self.vp, self.vs, self.rho)], axis=1)

    @property
    def fingerprint(self) -> str:
        """Hash of the contents."""
        digest = hashlib.sha256(f"{self.shape}{self.dt_s}".encode())
        for value in (self.vp, self.vs, self.rho):
            digest.update(value.tobytes())
        for value in (self.initial, self.wells):
            if value is not None:
                digest.update(np.ascontiguousarray(value).tobytes())
        if self.gathers is not None:
            digest.update(np.ascontiguousarray(self.gathers).tobytes())
        return digest.hexdigest()[:16]


def _check_gathers(gathers: np.ndarray, shape: tuple[int, int, int], source: str) -> None:
    angles = len(ANGLES_DEG)
    if gathers.ndim != 4 or gathers.shape[:3] != (*shape[:2], angles) or not gathers.shape[3] <= shape[2]:
        raise ModelError(f"{source}: `seismic` must have shape {(*shape[:2], angles, shape[2])}, or fewer samples; "
                         f"found {gathers.shape}")
    if not np.isfinite(gathers).all():
        raise ModelError(f"{source}: `seismic` holds NaN or infinite values")


def _trace_numbers(wells: np.ndarray, shape: tuple[int, int, int], source: str) -> np.ndarray:
    """Rising trace numbers from trace numbers or from (inline, crossline) pairs, checked."""
    wells, total = np.asarray(wells), shape[0] * shape[1]
    whole = np.issubdtype(wells.dtype, np.number) and bool((wells == np.floor(wells)).all())
    if not whole or wells.ndim not in (1, 2) or (wells.ndim == 2 and wells.shape[1] != 2) or not wells.size:
        raise ModelError(f"{source}: `wells` must be whole numbers of shape (wells,) or (wells, 2), traces or inlines "
                         f"and crosslines counted from 0; found {wells.dtype} of shape {wells.shape}")
    if wells.ndim == 2 and ((wells < 0).any() or (wells >= np.array(shape[:2])).any()):
        raise ModelError(f"{source}: `wells` must lie in {shape[0]} inlines x {shape[1]} crosslines, counted from 0")
    numbers, times = np.unique((wells if wells.ndim == 1 else wells[:, 0] * shape[1] + wells[:, 1]).astype(np.int64),
                               return_counts=True)
    if (times > 1).any():
        raise ModelError(f"{source}: `wells` must name each trace once; trace {numbers[times > 1][0]} stands there "
                         f"{times.max()} times")
    if numbers[0] < 0 or numbers[-1] >= total:
        raise ModelError(f"{source}: `wells` must be trace numbers from 0 to {total - 1}; found {numbers[0]} to "
                         f"{numbers[-1]}")
    return numbers
