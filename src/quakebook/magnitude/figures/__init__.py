"""Figures of the magnitude chapter: results in, figure out. One module a family."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from quakebook.magnitude.scoring.predict import MagnitudePredictions
from quakebook.magnitude.scoring.predict_picks import PhasePredictions

from .comparison import amplitude_ablation, bias_against_magnitude, comparison_bars, protocol
from .data import generator_sample, magnitude_histogram
from .frames import record_frames
from .magnitude import distribution_comparison, four_panels, prediction_examples, prediction_scatter, six_panels
from .phases import phase_example, real_records, residual_histograms
from .training import schedule_figure, training_history
from .tuning import study_analysis

__all__ = ["all_figures", "amplitude_ablation", "bias_against_magnitude", "comparison_bars", "distribution_comparison",
           "evaluation_figures", "four_panels", "generator_sample", "magnitude_histogram", "phase_example",
           "prediction_examples", "prediction_scatter", "protocol", "real_records", "record_frames",
           "residual_histograms", "schedule_figure", "six_panels", "study_analysis", "training_history"]


def evaluation_figures(tree: dict[str, Any], found: MagnitudePredictions | PhasePredictions) -> dict[str, Figure]:
    """Figures of one evaluation under the published file names."""
    title = f"{tree['title']}, {tree['data']}"
    if isinstance(found, PhasePredictions):
        drawn = {"phase_residuals": residual_histograms({tree["title"]: found.picks}, tree["threshold"])}
        if len(found.examples["waveforms"]):
            drawn["phase_example"] = phase_example(found.examples["waveforms"][0], found.examples["label"][0],
                                                   found.examples["curves"][0], title)
        return drawn
    event = found.is_event
    true, predicted = found.true[event], found.values(tree["readout"])[event]
    drawn = {"magnitude_distribution_comparison": distribution_comparison(true, predicted, title),
             "prediction_scatter": prediction_scatter(true, predicted, title),
             "evaluation_4_panels": four_panels(true, predicted, title),
             "evaluation_6_panels": six_panels(true, predicted, found.examples, title)}
    if found.examples:
        drawn["prediction_examples"] = prediction_examples(found.examples, title)
    return drawn


def all_figures(run: Any) -> dict[str, Figure]:
    """Every figure of a run: its history and its evaluation."""
    from quakebook.magnitude.api import score_checkpoint, settings_of
    from quakebook.magnitude.data.splits import load_splits
    from quakebook.magnitude.networks.checkpoint import load
    from quakebook.magnitude.scoring.history import load_history

    config = settings_of(run)
    history, _ = load_history(str(Path(run.path) / "training_history.pt"))
    tree, found = score_checkpoint(load(Path(run.path) / "model_best.pt"), load_splits(config.data), config.evaluation)
    return {"training_history": training_history(history["train_loss"], history["val_loss"]),
            **evaluation_figures(tree, found)}
