"""Figures of the chapter: results in, Figure out."""

from __future__ import annotations

from typing import Any


def all_figures(run: Any) -> dict[str, Any]:
    """Every figure that a finished run allows, by name."""
    import torch

    from .gallery import gallery
    from .losses import learning_curves

    log = run.metrics()
    losses = {name: log[name] for name in log.columns if name not in ("step", "seconds") and log[name].notna().any()}
    figures = {}
    held_out = None
    if (run.path / "arrays" / "history.h5").is_file():
        history, shown = run.read_arrays("history"), run.read_arrays("shown")
        held_out = history["step"], history["error_a1"]
        first, second = torch.as_tensor(shown["parts"][-1]).chunk(2, dim=1)
        if first.shape[1] in (1, 3):
            figures["decomposition"] = gallery(torch.as_tensor(shown["mixture"]), first, second,
                                               torch.as_tensor(shown["true_a0"]), torch.as_tensor(shown["true_a1"]),
                                               names=("background", "signal"))
    return {"losses": learning_curves(log["step"], losses, held_out), **figures}
