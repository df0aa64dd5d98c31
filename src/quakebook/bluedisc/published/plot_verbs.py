"""The plot verbs of ``quakebook bluedisc``: runs in, picture files out."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from quakebook.bluedisc.api import open_run, settings_of
from quakebook.bluedisc.scoring.followed import Track, followed

from .files import FILE_WINDOWS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from quakebook.training.runs import Run


def draw(args: argparse.Namespace) -> int:
    """Make the figures of one verb and print their paths."""
    if getattr(args, "batch", 0):
        raise ValueError(f"--batch {args.batch} was not kept; the tracked windows of a run are one batch, 0")
    made = {"plot-runs": _runs, "plot-shape": _shape, "plot-time": _time, "plot-peak": _peak,
            "plot-phase": _phase}[args.verb](args)
    for path in made:
        print(path)
    return 0


def _samples(text: str | None, track: Track, default: list[int] | None = None) -> list[int]:
    if text is None:
        return default if default is not None else list(range(len(track.names)))
    try:
        chosen = [int(word) for word in text.split(",")]
    except ValueError:
        raise ValueError(f"--sample-ids must be numbers separated by commas; found {text!r}") from None
    if bad := [k for k in chosen if not 0 <= k < len(track.names)]:
        raise ValueError(f"no tracked window {bad}; the run tracked {len(track.names)}: 0 to {len(track.names) - 1}")
    return chosen


def _name(run: Run) -> str:
    return f"{run.config['objective']['mode']}, seed {run.config['training']['seed']}"


def _named(runs: list[Run]) -> dict[str, Run]:
    """Runs by mode and seed, and by the beginning of their identity where these agree."""
    names = [_name(run) for run in runs]
    return {name if names.count(name) == 1 else f"{name} ({run.id[:6]})": run
            for name, run in zip(names, runs, strict=True)}


def _same_windows(tracks: dict[str, Track], labels: dict[str, str]) -> None:
    """Refuse runs that followed other windows or have another third channel: one waveform and one label are drawn."""
    if len(set(labels.values())) > 1:
        found = ", ".join(f"{name!r} has {label}" for name, label in labels.items())
        raise ValueError(f"runs are compared with the same third channel; {found}")
    (name, first), *others = tracks.items()
    for other, track in others:
        if track.names != first.names or not np.array_equal(track.label[:, :2], first.label[:, :2]):
            raise ValueError(f"{other!r} followed {track.names[:3]}, {name!r} followed {first.names[:3]}: runs are "
                             "compared on the same windows (same data set, dev records and number of tracked windows)")


def _save(fig: Figure, args: argparse.Namespace, name: str, run: Run | None = None) -> Path:
    import matplotlib.pyplot as plt

    from quakebook.plots import save

    path = save(fig, args.save_dir / f"{name}.png", run=run,
                seed=run.config["training"]["seed"] if run is not None else None)
    plt.close(fig)
    return path


def _runs(args: argparse.Namespace) -> list[Path]:
    from quakebook.bluedisc.figures.animation import animate
    from quakebook.bluedisc.figures.curves import runs_compared
    from quakebook.picking.waveform_panels import channels_of

    opened = [open_run(name) for name in (args.run_id, args.run_id2, args.run_id3) if name]
    named = _named(opened)
    tracks = {name: followed(run) for name, run in named.items()}
    _same_windows(tracks, {name: run.config["objective"]["label"] for name, run in named.items()})
    channels = channels_of(opened[0].config["objective"]["label"])
    first = next(iter(tracks.values()))
    common = sorted(set.intersection(*(set(track.step.tolist()) for track in tracks.values())))
    steps = [s for s in common if args.min_steps <= s <= (s if args.max_steps is None else args.max_steps)]
    if not steps:
        raise ValueError(f"no kept step between {args.min_steps} and {args.max_steps}; kept by all: {common}")
    made = []
    for k in _samples(args.sample_ids, first):
        if args.animation:
            path = args.save_dir / f"runs_{k:03d}.{'mp4' if shutil.which('ffmpeg') else 'gif'}"
            made.append(animate({name: track.between(steps[0], steps[-1]) for name, track in tracks.items()}, k, path,
                                channels=channels))
            continue
        title = f"{opened[0].config['data']['name']}, {first.names[k]}, confidence 0.7, step {steps[-1]}"
        fig = runs_compared(first.waveform[k], first.label[k],
                            {name: track.at(steps[-1])[k] for name, track in tracks.items()}, title,
                            channels)
        made.append(_save(fig, args, f"runs_{k:03d}_{steps[-1]:07d}", opened[0]))
    return made


def _shape(args: argparse.Namespace) -> list[Path]:
    from quakebook.bluedisc.figures.curves import shape_over_steps
    from quakebook.picking.waveform_panels import channels_of

    run = open_run(args.run_id)
    track, made = followed(run), []
    for k in _samples(args.sample_ids, track):
        fig = shape_over_steps(track.waveform[k], track.label[k], {step: track.at(step)[k] for step in args.steps},
                               tuple(args.time_range) if args.time_range else None, _name(run),
                               channels_of(run.config["objective"]["label"]))
        made.append(_save(fig, args, f"shape_{k:03d}", run))
    return made


def _time(args: argparse.Namespace) -> list[Path]:
    from quakebook.bluedisc.figures.history import time_history

    run = open_run(args.run_id)
    track = followed(run)
    track, made = track.between(0, int(track.step[-1]) if args.max_steps is None else args.max_steps), []
    for k in _samples(args.sample_ids, track, [0]):
        fig = time_history(track.waveform[k], track.label[k], {_name(run): (track.step, track.prediction[:, k])})
        made.append(_save(fig, args, f"time_{k:03d}", run))
    return made


def _peak(args: argparse.Namespace) -> list[Path]:
    from quakebook.bluedisc.api import evaluate_split
    from quakebook.bluedisc.figures.peaks import peak_statistics

    runs = [open_run(name) for name in (args.run_id, args.compare_run_id, args.compare_run_id_2) if name]
    if args.max_step is not None and args.max_step < 1:
        raise ValueError(f"--max-step counts prediction files and must be at least 1; found {args.max_step}")
    limit = FILE_WINDOWS * (args.max_step or 0)
    peaks = {name: evaluate_split(run, args.data_split, limit).peaks for name, run in _named(runs).items()}
    for name, phases in peaks.items():
        for phase, found in phases.items():
            error = found.error_samples[found.error_samples == found.error_samples] / 100
            print(f"{name} {phase}: {len(error)} matches, error mean {error.mean():.3f} s, std {error.std():.3f} s, "
                  f"max {abs(error).max():.2f} s; height mean {found.height.mean():.3f}" if len(error) else
                  f"{name} {phase}: no matches")
    return [_save(peak_statistics(peaks, settings_of(runs[0]).evaluation), args, "peak", runs[0])]


def _phase(args: argparse.Namespace) -> list[Path]:
    from quakebook.bluedisc.data.splits import is_synthetic, preset_of
    from quakebook.bluedisc.figures.onset_delay import phase_alignment
    from quakebook.bluedisc.studies.onset_delay import choose_source
    from quakebook.data import load_records

    if is_synthetic(args.dataset):
        from quakebook.data import synthetic

        records = synthetic.make(preset_of(args.dataset), args.records, 0, stations_per_event=30, noise_fraction=0.0)
    else:
        records = load_records(args.dataset, limit=args.records)
    source = choose_source(records, args.source_index)
    return [_save(phase_alignment(records, source), args, f"phase_{args.source_index:03d}")]
