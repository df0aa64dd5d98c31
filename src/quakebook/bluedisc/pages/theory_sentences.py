"""Sentences of the page without a model that compare: each is made from the optimised curves."""

from __future__ import annotations

from quakebook.bluedisc.studies.mean_target import mean_target_peak

from .without_a_model import Grid, cells_of, final_heights

#: A mean height this close to the mean target lies on its line.
ON_THE_LINE = 0.05


def theory_sentence(grid: Grid) -> str:
    """Which cells end on the mean target, and whether the Gaussian ends higher than the point-wise prediction."""
    cells = cells_of(grid)
    gaps = {cell: abs(float(final_heights(grid, *cell)[0].mean()) - mean_target_peak(*cell)[1]) for cell in cells}
    off = [f"{scale:g} s, skew {skew:g}" for (scale, skew), gap in gaps.items() if gap > ON_THE_LINE]
    heights = {cell: final_heights(grid, *cell) for cell in cells}
    higher = sum(float(heights[cell][1].mean()) > float(heights[cell][0].mean()) for cell in cells)
    return (f"Of {len(cells)} combinations {len(cells) - len(off)} end within {ON_THE_LINE:g} of the mean target"
            f"{'; farther away: ' + ', '.join(off) if off else ''}. The Gaussian ends higher than the point-wise "
            f"prediction in {higher} of them.")
