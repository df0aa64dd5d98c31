"""Losses epoch by epoch: kept for every model, early stopping, and the printed analysis of `plot_history`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

#: Thresholds of the published analysis.
CONVERGED, LARGE_GAP, SMALL_GAP = 1e-3, 0.1, 0.05


def load_history(pattern: str, say: Callable[[str], None] | None = None) -> tuple[dict[str, Any], str]:
    """History file (wildcards allowed, newest export) and its path; `say` is told which of several was taken."""
    from quakebook.magnitude.networks.checkpoint_path import CheckpointError, resolve_path
    from quakebook.magnitude.networks.published_keys import renamed_history

    path = resolve_path(pattern, say)
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise CheckpointError(f"{path} is not a readable training history: {type(error).__name__}") from error
    content = renamed_history(content) if isinstance(content, Mapping) else {}
    if "val_loss" not in content:
        raise CheckpointError(f"{path} is no training history (a file written as training_history_<stamp>.pt)")
    return content, str(path)


def analyse(train: list[float], dev: list[float]) -> list[str]:
    """Trend, convergence and train-dev gap in words."""
    if not dev:
        return ["no finished epoch"]
    lines = [f"epochs: {len(dev)}; best dev loss {min(dev):.5f} in epoch {dev.index(min(dev)) + 1}"]
    if len(dev) >= 3:
        first, second = dev[-2] - dev[-3], dev[-1] - dev[-2]
        trend = "falling" if first < 0 and second < 0 else "rising" if first > 0 and second > 0 else "mixed"
        converged = abs(first) < CONVERGED and abs(second) < CONVERGED
        lines.append(f"trend of the last three dev losses: {trend}")
        lines.append("converged: both changes below 0.001" if converged else "not converged")
    gap = abs(dev[-1] - train[-1])
    size = "large" if gap > LARGE_GAP else "small" if gap < SMALL_GAP else "moderate"
    lines.append(f"train-dev gap: {gap:.4f} ({size})")
    return lines
