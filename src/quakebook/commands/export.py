"""``quakebook export``: a picker for SeisBench or Hugging Face, picks for associators and catalogues."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakebook.commands import pickers
from quakebook.commands.chapters import UsageError
from quakebook.commands.parsers import add

if TYPE_CHECKING:
    from torch import Tensor

MODELS, TABLES = ("seisbench", "huggingface"), ("gamma", "pyocto", "quakeml", "csv", "parquet")


def add_verbs(verbs: argparse._SubParsersAction) -> None:
    sub = add(verbs, "export", export, "write a picker or picks for other tools", "")
    sub.epilog = ("examples:\n  quakebook export bluedisc:hybrid-42 --to seisbench models/\n"
                  "  quakebook export picks.parquet --to gamma picks_gamma.csv")
    sub.add_argument("what", metavar="RUN|PICKS", help="picker (as for annotate), or a file of picks")
    sub.add_argument("to", metavar="DIR|FILE", type=Path)
    sub.add_argument("--to", dest="form", required=True, choices=(*MODELS, *TABLES))
    sub.add_argument("--name", help="name of the model's files (default: the run's)")
    sub.add_argument("--version", help="SeisBench's version string: files NAME.json.vVERSION and NAME.pt.vVERSION")
    sub.add_argument("--threshold", action="append", default=[], metavar="PHASE=HEIGHT",
                     help="instead of the best on the dev split (needed for a model without a run)")
    sub.add_argument("--windows", type=int, default=2000, help="dev windows for the thresholds (default: 2000)")


def export(args: argparse.Namespace) -> int:
    """Write the files and print their names."""
    if args.form in MODELS:
        print(*_model(args), sep="\n")
        return 0
    if Path(args.what).suffix not in (".csv", ".parquet", ".xml", ".quakeml", ".qml") or not Path(args.what).is_file():
        raise UsageError(f"--to {args.form} takes a file of picks (.csv, .parquet, .xml); found {args.what}")
    print(_picks(Path(args.what), args.to, args.form))
    return 0


def _picks(source: Path, target: Path, form: str) -> Path:
    from quakebook.picking.chunks.files import whole
    from quakebook.picking.export import tables

    picks = tables.load_picks(source)
    if form not in ("gamma", "pyocto"):
        if tables.kind_of(target)[0] != form:
            raise UsageError(f"--to {form} does not fit the ending of {target}")
        return tables.write_picks(picks, target)
    table = tables.for_gamma(picks) if form == "gamma" else tables.for_pyocto(picks)
    with whole(target) as part:
        table.to_csv(part, index=False, date_format="%Y-%m-%dT%H:%M:%S.%f")
    return target


def _model(args: argparse.Namespace) -> list[Path]:
    from quakebook.picking.chunks.files import whole
    from quakebook.picking.export.card import model_card
    from quakebook.picking.export.model import plain, save_model

    picker = pickers.load_picker(args.what)
    model = plain(picker.model, picker.activation)
    rows = _thresholds(args, picker, model)
    heights = {phase: row["threshold"] for phase, row in rows.items()}
    name = args.name or picker.name
    facts = picker.facts | {"made by": f"quakebook export {args.what} --to {args.form}", "weights": picker.identity}
    facts |= {f"{phase} on the dev split": f"precision {row['precision']:.3f}, recall {row['recall']:.3f} at "
              f"{row['threshold']:.2f}" for phase, row in rows.items()}
    files = save_model(model, args.to / name, heights, json.dumps(facts, indent=1, default=str), args.version)
    if args.form == "huggingface":
        from safetensors.torch import save_file

        with whole(args.to / "model.safetensors") as part:
            save_file({key: value.contiguous() for key, value in model.state_dict().items()}, part)
        with whole(args.to / "README.md") as part:
            part.write_text(model_card(name, type(model).__name__, facts, rows, metrics_of(picker)), encoding="utf-8")
        files += [args.to / "model.safetensors", args.to / "README.md"]
    return files


def _thresholds(args: argparse.Namespace, picker: pickers.Picker, model: Any) -> dict[str, dict[str, float]]:
    """Thresholds of the exported model: those that were given, else the best on the dev split."""
    from quakebook.commands.annotate_chunks import thresholds_of
    from quakebook.picking.continuous.rules import phases_of
    from quakebook.picking.export.thresholds import thresholds_on

    nothing = float("nan")
    given = {phase: {"threshold": height, "precision": nothing, "recall": nothing, "f1": nothing, "labels": 0.0}
             for phase, height in thresholds_of(args.threshold).items()}
    if set(phases_of(model)) <= set(given):
        return given
    windows, picks = dev_windows(picker, args.windows)
    return thresholds_on(model, windows, picks) | given


def dev_windows(picker: pickers.Picker, count: int) -> tuple[Tensor, dict[str, Tensor]]:
    """Fixed windows of the dev split of a run's own data, and their picks.

    Returns
    -------
    Tensor, shape (n, 3, samples), and for each phase a Tensor, shape (n, k), in samples; NaN = none
    """
    if picker.run is not None and picker.run.paper == "magnitude":
        return _dev_of_magnitude(picker.run, picker.model, count)
    if picker.recorded or (picker.run is not None and picker.run.paper == "bluedisc"):
        return _dev_of_bluedisc(picker, count)
    raise UsageError(f"{picker.name} has no run, and so no dev split: give --threshold P=... --threshold S=...")


def _dev_of_bluedisc(picker: pickers.Picker, count: int) -> tuple[Tensor, dict[str, Tensor]]:
    import torch

    from quakebook.bluedisc.api import settings_of
    from quakebook.bluedisc.data.splits import load
    from quakebook.bluedisc.data.windows import Samples
    from quakebook.bluedisc.settings import DataConfig

    if picker.recorded:
        from quakebook.bluedisc.recorded import read
        from quakebook.training.config import from_dict

        facts = read.read(picker.recorded).facts
        data = from_dict(DataConfig, (facts.get("settings") or facts["config"])["data"])
    else:
        data = settings_of(picker.run).data
    samples = Samples(load(data, "dev", limit=count))
    chosen = torch.arange(min(count, len(samples)))
    batch = samples.cut(chosen, samples.fixed_starts()[chosen])
    return batch.x, batch.picks


def _dev_of_magnitude(run: Any, model: Any, count: int) -> tuple[Tensor, dict[str, Tensor]]:
    from quakebook.magnitude.api import settings_of
    from quakebook.magnitude.data.splits import load_splits
    from quakebook.magnitude.data.windows import phase_starts, windows_of_length

    data = load_splits(settings_of(run).data).dev
    start = phase_starts(data.name, data.picks_p, data.picks_s, data.npts, model.in_samples)[:count]
    windows = windows_of_length(data.waveforms[:count], start, model.in_samples)
    return windows.float(), {phase: table[:count] - start[:, None]
                             for phase, table in (("P", data.picks_p), ("S", data.picks_s))}


def metrics_of(picker: pickers.Picker) -> dict[str, list[float]]:
    """Metrics of a training and of its siblings, which differ from it in the seed only."""
    if picker.recorded:
        from quakebook.bluedisc.recorded import read

        kind = picker.recorded.rpartition("-")[0]
        siblings = [read.plain_metrics(name, read.read(name).facts) for name in read.names()
                    if name.rpartition("-")[0] == kind]
    elif picker.run is not None:
        siblings = [run.record.get("metrics", {}) for run in _siblings(picker.run)]
    else:
        siblings = []
    shared = set.intersection(*(set(metrics) for metrics in siblings)) if siblings else set()
    return {name: [metrics[name] for metrics in siblings] for name in sorted(shared)
            if isinstance(siblings[0][name], (int, float))}


def _siblings(run: Any) -> list[Any]:
    from quakebook.training.runs import Run

    def seedless(config: dict[str, Any]) -> dict[str, Any]:
        training = {key: value for key, value in config.get("training", {}).items() if key != "seed"}
        return config | {"training": training}

    runs = [Run(path.parent) for path in sorted(run.path.parent.glob("*/record.json"))]
    return [other for other in runs if other.finished and seedless(other.config) == seedless(run.config)]
