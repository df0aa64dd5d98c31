"""The chapter's figures: results in, `matplotlib.figure.Figure` out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from quakebook.training.runs import Run


def all_figures(run: Run) -> dict[str, Figure]:
    """Every figure that one run gives: curves at the last step, shape over steps, time history, peaks, ceiling."""
    from quakebook.bluedisc.api import settings_of
    from quakebook.bluedisc.scoring.followed import followed
    from quakebook.bluedisc.scoring.peaks import PHASES, Peaks
    from quakebook.picking.waveform_panels import channels_of

    from .architecture import architecture
    from .ceiling import ceiling_over_steps
    from .curves import runs_compared, shape_over_steps
    from .history import time_history
    from .peaks import heights_of_precise, peak_statistics

    track, values = followed(run), run.read_arrays("evaluation")
    settings = settings_of(run).evaluation
    peaks = {phase: Peaks.from_arrays(values, phase) for phase in PHASES}
    name, channels = run.config["objective"]["mode"], channels_of(run.config["objective"]["label"])
    last = int(track.step[-1])
    shown = {step: track.at(step)[0] for step in track.spaced(5)}
    title = f"{run.config['data']['name']}, {track.names[0]}, confidence 0.7, step {last}"
    return {"architecture": architecture(),
            "runs": runs_compared(track.waveform[0], track.label[0], {name: track.at(last)[0]}, title, channels),
            "shape": shape_over_steps(track.waveform[0], track.label[0], shown, title=name, channels=channels),
            "time": time_history(track.waveform[0], track.label[0], {name: (track.step, track.prediction[:, 0])}),
            "peak": peak_statistics({name: peaks}, settings), "heights": heights_of_precise({name: [peaks]}, settings),
            "ceiling": ceiling_over_steps([(name, run.read_arrays("history"), track)])}
