"""The chapter's figures: results in, `matplotlib.figure.Figure` out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from quakebook.training.runs import Run


def all_figures(run: Run) -> dict[str, Figure]:
    """Every figure that one run gives: curves, code use, ranks of the true target, hidden spans, kinds of windows."""
    from ..api import settings_of
    from ..data.splits import load
    from ..experiment import objective_of
    from .masks import ranks, spans
    from .training_curves import codebook, curves
    from .windows import kinds

    settings, held = settings_of(run), run.read_arrays("held_out")
    book = settings.network.codebooks * settings.network.codes
    pool = load(settings.data, "dev")
    name = settings.network.quantiser
    return {"curves": curves({name: run.read_arrays("history")}, book), "codebook": codebook({name: held["usage"]}),
            "ranks": ranks(held["rank"], held["depth"], name), "spans": spans(objective_of(settings.objective).mask),
            "windows": kinds(pool, settings.data.samples)}
