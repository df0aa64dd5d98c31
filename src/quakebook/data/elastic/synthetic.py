"""The embedded three-dimensional elastic model: folds, a thrust, a fault, an unconformity, channels, rock physics."""

from __future__ import annotations

import numpy as np

from . import rock_physics
from .channels import CHANNELS, inside
from .model import ElasticModel
from .structure import YOUNG_RATE, Grid, is_young, old_age, smooth_noise

QUICK_SHAPE, QUICK_DT_S = (48, 48, 160), 0.002
PAPER_SHAPE, PAPER_DT_S = (200, 200, 360), 0.001
VP_RANGE, RHO_RANGE, VS_MIN, MIN_VP_VS = (1800.0, 6200.0), (1.85, 2.95), 500.0, 1.45


def make(shape: tuple[int, int, int] = QUICK_SHAPE, dt_s: float = QUICK_DT_S, seed: int = 0) -> ElasticModel:
    """Build the model.

    Parameters
    ----------
    shape : (inlines, crosslines, samples)
        At least 8 x 8 x 32.
    dt_s : float
        Two-way time step.
    seed : int
        The same seed gives the same model.

    Returns
    -------
    ElasticModel
        With parts ``layer`` (int16, layers counted from the top of each sequence; the young ones first) and
        ``channel`` (int8, 0 outside, else 1 + position in `CHANNELS`), and ``plain_vp``, Vp before the channels.
    """
    if len(shape) != 3 or min(shape[:2]) < 8 or shape[2] < 32:
        raise ValueError(f"`shape` must be (inlines, crosslines, samples), at least (8, 8, 32); found {tuple(shape)}")
    rng = np.random.default_rng(seed)
    grid = Grid.of(tuple(shape), dt_s)
    relief = smooth_noise(shape[:2], tuple(n / 8 for n in shape[:2]), rng)[..., None]
    young = is_young(grid, relief)
    age = np.where(young, YOUNG_RATE * grid.t_ms, old_age(grid, relief))
    layer, tables = _layers(age, young, grid.span_ms, rng)
    volumes = [table[layer] for table in tables]
    plain_vp = volumes[0].astype(np.float32)
    channel = np.zeros(shape, np.int8)
    for number, one in enumerate(CHANNELS, start=1):
        mask = inside(one, grid, age, young)
        channel[mask] = number
        volumes = [np.where(mask, factor * v, v) for factor, v in zip(one.factors, volumes, strict=True)]
    vp, vs, rho = _clip(*_texture(volumes, rng))
    return ElasticModel(vp, vs, rho, dt_s, f"synthetic, seed {seed}",
                        parts={"layer": layer.astype(np.int16), "channel": channel, "plain_vp": plain_vp})


def _layers(age: np.ndarray, young: np.ndarray, span_ms: float, rng: np.random.Generator
            ) -> tuple[np.ndarray, list[np.ndarray]]:
    """Layer number of every sample, and Vp, Vs, density by layer number; each sequence has its own layers."""
    numbers, tables = np.zeros(age.shape, np.int64), []
    first = 0
    for sequence in (True, False):
        ages = age[young == sequence]
        low, high = float(ages.min()), float(ages.max())
        bounds = low + np.cumsum(_thicknesses(high - low, rng))
        numbers[young == sequence] = first + np.searchsorted(bounds, ages, side="right")
        tables.append(_rocks(np.concatenate([[low], bounds]) / span_ms, rng))
        first += len(bounds) + 1
    return numbers, [np.concatenate(column) for column in zip(*tables, strict=True)]


def _thicknesses(total_ms: float, rng: np.random.Generator) -> np.ndarray:
    """Lognormal, median 15 ms, sigma 0.6, at least 4 ms; enough to fill the range."""
    found: list[float] = []
    while sum(found) < total_ms:
        found.append(max(4.0, float(rng.lognormal(np.log(15.0), 0.6))))
    return np.array(found)


def _rocks(depth: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vp, Vs (m/s) and density (g/cm3) of layers at relative depth; scatter per layer makes three parameters of one."""
    n = len(depth)
    lithology = rng.choice(len(rock_physics.LITHOLOGIES), size=n, p=rock_physics.PROBABILITIES)
    vp = 2350.0 + 1750.0 * np.clip(depth, 0.0, None) ** 0.9 + rng.normal(0.0, 230.0, n)
    vp = np.clip(vp + np.array(rock_physics.VP_OFFSET_M_S)[lithology], 1900.0, 5900.0)
    vs = rock_physics.castagna_vs(vp, lithology) * (1 + rng.normal(0.0, 0.035, n))
    offset = np.array(rock_physics.DENSITY_OFFSET)[lithology]
    rho = rock_physics.gardner_density(vp) * (1 + offset + rng.normal(0.0, 0.022, n))
    return vp, vs, rho


def _texture(volumes: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Smoothed noise: 1.2 % on Vp, 1.2 % on Vs (70 % shared with Vp), 0.6 % on density (60 % shared)."""
    shape = volumes[0].shape
    common = smooth_noise(shape, (2.5, 2.5, 1.2), rng)
    out = [volumes[0] * (1 + 0.012 * common)]
    for volume, size, shared in ((volumes[1], 0.012, 0.7), (volumes[2], 0.006, 0.6)):
        own = smooth_noise(shape, (2.5, 2.5, 1.2), rng)
        out.append(volume * (1 + size * (shared * common + np.sqrt(1 - shared**2) * own)))
    return out


def _clip(vp: np.ndarray, vs: np.ndarray, rho: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    vp = np.clip(vp, *VP_RANGE)
    return vp, np.clip(vs, VS_MIN, vp / (MIN_VP_VS * (1 + 1e-6))), np.clip(rho, *RHO_RANGE)
