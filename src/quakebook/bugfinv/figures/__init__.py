"""Figures of the inversion chapter, by family; each takes results and returns a Figure."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from . import cost, frames, inversion, model, ranking, scheme, shares, strategies, training, utility, waves

__all__ = ["all_figures", "cost", "frames", "inversion", "model", "ranking", "scheme", "shares", "strategies",
           "training", "utility", "waves"]


def all_figures(run: Any) -> dict[str, Figure]:
    """Every figure that one run can show, by name."""
    from quakebook.bugfinv import api

    cfg = api.settings_of(run)
    survey, elastic = api.survey_of(cfg.data), api.load_model(cfg.data)
    volumes, true = run.read_arrays("volumes"), survey.true.numpy()
    inline = survey.shape[0] // 2
    rows = slice(inline * survey.shape[1], (inline + 1) * survey.shape[1])
    found = {"utility_space": utility.utility_space(), "strategies": strategies.schematic(),
             "training_scheme": scheme.training_scheme(), "wavelets": waves.wavelet_spectra(),
             "sensitivity": waves.sensitivity(), "model_sections": model.sections(elastic)}
    if survey.shape[0] > 1:
        found["model_chair"] = model.chair(elastic)
    for heads in ("trained", "posterior"):
        if heads in volumes:
            found[f"section_{heads}"] = inversion.nine_panels(volumes[heads][rows], true[rows], survey.dt_s,
                                                              f"{training.LABELS[cfg.objective.method]}, {heads} heads")
    one = int(survey.blind[0])
    found["blind_well"] = inversion.blind_well(
        true[one], survey.initial[one].numpy(), {h: volumes[h][one] for h in ("trained", "posterior") if h in volumes},
        survey.dt_s, volumes["std"][one] if "std" in volumes else None)
    if "std" in volumes:
        found["uncertainty"] = inversion.uncertainty(volumes["std"], volumes["posterior"], true, survey.shape, inline,
                                                     survey.dt_s, survey.blind_traces())
        log = {name: column.to_numpy() for name, column in run.metrics().items()}
        found["losses"] = training.losses({cfg.objective.method: log})
        if "clamped" in log:
            found["conflict"] = training.conflict(log, log)
    return found
