"""Numbers of the two experiments without a model: what is reported, compared with the paper and put in a table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from quakebook.bluedisc.figures.mean_target import PUBLISHED_GAUSSIAN, PUBLISHED_POINTWISE, final_heights
from quakebook.bluedisc.studies import landscape
from quakebook.bluedisc.studies.landscape import DOT_TIMES_S, Surface
from quakebook.bluedisc.studies.mean_target import mean_target_peak
from quakebook.bluedisc.studies.moving_targets import SEED, Simulation

Grid = Mapping[tuple[float, float, int], Simulation]

#: How many seeds a preset runs beside the published one.
OTHER_SEEDS = {"smoke": 1, "quick": 7, "paper": 31}


def seeds(preset: str) -> list[int]:
    """The published seed, and others, for a preset."""
    if preset not in OTHER_SEEDS:
        raise ValueError(f"unknown preset {preset!r}; there are {', '.join(OTHER_SEEDS)}")
    return [SEED, *range(OTHER_SEEDS[preset])]


def cells_of(grid: Grid, seed: int = SEED) -> dict[tuple[float, float], Simulation]:
    """One seed of a grid: (scale_s, skew) -> Simulation."""
    return {(scale, skew): result for (scale, skew, s), result in grid.items() if s == seed}


def simulation_metrics(grid: Grid) -> dict[str, float]:
    """Final heights of the published seed, their mean and spread, and what holds on every seed."""
    metrics: dict[str, float] = {}
    for (scale, skew), result in cells_of(grid).items():
        cell = f"s{scale:g}.skew{skew:g}"
        metrics[f"simulation.pointwise_peak.{cell}"] = result.pointwise_peak
        metrics[f"simulation.gaussian_height.{cell}"] = float(result.gaussian_height[-1])
        for name, values in zip(("pointwise_peak", "gaussian_height"), final_heights(grid, scale, skew), strict=True):
            metrics[f"simulation.{name}_mean.{cell}"] = float(values.mean())
            metrics[f"simulation.{name}_std.{cell}"] = float(values.std())
    return metrics | _on_every_seed(grid)


def _on_every_seed(grid: Grid) -> dict[str, float]:
    results = list(grid.values())
    narrow = [abs(r.pointwise_peak_time_s) for r in results if r.scale_s <= 0.3]
    late = [r.pointwise_peak_time_s for r in results if (r.scale_s, r.skew) == (0.5, -10)]
    return {
        "simulation.falls_with_scale": np.mean(_falling(grid)),
        "simulation.gaussian_above_pointwise": np.mean([r.gaussian_height[-1] > r.pointwise_peak for r in results]),
        "simulation.pointwise_time_worst_s": max(narrow),
        "simulation.gaussian_time_worst_s": max(abs(float(r.gaussian_position_s[-1])) for r in results),
        "simulation.late_smallest_s": min(late),
        "simulation.late_largest_s": max(late),
        "simulation.floor": np.mean([r.pointwise[-1].min() for r in results]),
        "simulation.theory_gap": max(_gap_to_theory(grid)),
    }


def _falling(grid: Grid) -> list[bool]:
    rows = sorted({(skew, seed) for _, skew, seed in grid})
    scales = sorted({scale for scale, _, _ in grid})
    paths = [[value(grid[scale, skew, seed]) for scale in scales] for skew, seed in rows
             for value in (lambda r: r.pointwise_peak, lambda r: r.gaussian_height[-1])]
    return [bool(np.all(np.diff(path) < 0)) for path in paths]


def _gap_to_theory(grid: Grid) -> list[float]:
    """Distance of the mean point-wise peak from the mean target, where the steps suffice to reach it."""
    return [abs(final_heights(grid, scale, skew)[0].mean() - mean_target_peak(scale, skew)[1])
            for scale, skew in cells_of(grid) if scale >= 0.2]


def landscape_metrics(pointwise: Surface, whole: Surface) -> dict[str, float]:
    """Facts of both surfaces: basins, ridge, minima, level crossings, arrows."""
    return {f"landscape.{key}": float(value) for key, value in (_pointwise(pointwise) | _whole(whole)).items()}


def _pointwise(surface: Surface) -> dict[str, float]:
    loss, time_s, height = surface
    best, flank = loss.min(axis=0), np.abs(time_s) > 1.2
    label = landscape.label_curve(time_s).clip(height[0], height[-1])
    arrow = landscape.pointwise_pull(surface, DOT_TIMES_S, landscape.prediction_curve(DOT_TIMES_S))
    return {"half_height_loss": loss[len(height) // 2].max(), "label_basin": loss[-1, len(time_s) // 2],
            "flank_basin": loss[0, flank].max(), "maximum": loss.max(), "ridge_loss": best.max(),
            "ridge_time_s": abs(time_s[best.argmax()]),
            "best_height_error": np.abs(height[loss.argmin(axis=0)] - label).max(),
            "arrow_at_label": arrow[0], "arrow_up_smallest": arrow[:2].min(), "arrow_between": abs(arrow[2]),
            "arrow_down_weakest": arrow[3:].max()}


def _whole(surface: Surface) -> dict[str, float]:
    loss, position_s, height = surface
    row, middle = loss[len(height) // 2], len(position_s) // 2
    padded = np.pad(loss, 1, constant_values=np.inf)
    n, m = loss.shape
    around = [padded[1 + i:1 + i + n, 1 + j:1 + j + m] for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    minima = np.argwhere(np.all([loss < neighbour for neighbour in around], axis=0))
    shift_s, rise = landscape.gaussian_pull(surface, landscape.PREDICTION_TIME_S, landscape.PREDICTION_HEIGHT)
    low = minima[0] if len(minima) else (0, 0)
    return {"whole_minima": len(minima), "whole_minimum_position_s": round(float(position_s[low[1]]), 9),
            "whole_minimum_height": height[low[0]],
            "whole_crossing_0.2_s": np.interp(0.2, row[middle:], position_s[middle:]),
            "whole_crossing_1.0_s": np.interp(1.0, row[middle:], position_s[middle:]),
            "whole_plateau": row[0], "whole_arrow_s": shift_s, "whole_arrow_height": abs(rise)}


def table(grid: Grid) -> pd.DataFrame:
    """Final heights: one row for each prediction and cell, with the paper's value, ours, its spread, and theory."""
    rows = []
    for name, published, column in (("point-wise", PUBLISHED_POINTWISE, 0), ("Gaussian", PUBLISHED_GAUSSIAN, 1)):
        for scale, skew in sorted(cells_of(grid), key=lambda cell: (-cell[1], cell[0])):
            one = {key: result for key, result in grid.items() if key == (scale, skew, SEED)}
            values = final_heights(grid, scale, skew)[column]
            printed = published.get(skew, {}).get(scale)
            rows.append({"prediction": name, "skew": f"{skew:g}", "scale (s)": f"{scale:g}",
                         "paper": "–" if printed is None else f"{printed:.2f}",
                         f"seed {SEED}": f"{final_heights(one, scale, skew)[column][0]:.3f}",
                         "mean ± std": f"{values.mean():.3f} ± {values.std():.3f}",
                         "mean target": "–" if column else f"{mean_target_peak(scale, skew)[1]:.3f}"})
    return pd.DataFrame(rows)


