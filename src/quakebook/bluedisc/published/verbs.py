"""``quakebook bluedisc VERB``: the published scripts' options on the run store."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quakebook.data.downloading import add_option

SPLITS = ("track", "train", "dev", "test")


def parser() -> argparse.ArgumentParser:
    """All verbs; nothing heavy is imported."""
    top = argparse.ArgumentParser(
        prog="quakebook bluedisc", description="Train, apply and look at BlueDisc pickers.",
        epilog="example: quakebook bluedisc train --label N --dataset synthetic:picker --data-weight 4000 preset=quick",
        formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_train(verbs)
    infer = _verb(verbs, "infer", "write waveforms, labels and predictions of a split",
                  "quakebook bluedisc infer --run-id 3f2a --data-split test")
    _run(infer)
    _dataset(infer, help="another data set than the run's")
    infer.add_argument("--step", type=int, help="step of the checkpoint; default and only kept: the last")
    infer.add_argument("--epoch", type=int, help="not kept: runs count steps")
    infer.add_argument("--device", default="auto")
    infer.add_argument("--batch-size", type=int, default=1000)
    infer.add_argument("--data-split", choices=SPLITS, default="test")
    evaluate = _verb(verbs, "evaluate", "match inferred picks with labels and print the statistics",
                     "quakebook bluedisc evaluate --run-id 3f2a --data-split test")
    _run(evaluate)
    evaluate.add_argument("--max-step", type=int, help="count of prediction files")
    evaluate.add_argument("--data-split", choices=SPLITS, default="test")
    report = _verb(verbs, "report", "keep the numbers of long BCE and hybrid runs where the claims find them",
                   "quakebook bluedisc report --run-id 3f2a --run-id2 91bc")
    report.add_argument("--run-id", required=True, help="BCE run: identity (or its beginning) or folder")
    report.add_argument("--run-id2", required=True, help="hybrid run")
    _add_plots(verbs)
    return top


def _add_train(verbs: Any) -> None:
    train = _verb(verbs, "train", "train a picker (hybrid with --data-weight, BCE without)",
                  "quakebook bluedisc train --label N --dataset InstanceCounts --data-weight 4000")
    train.add_argument("--label", choices=("N", "D"), required=True, help="third channel: noise or detection")
    _dataset(train, required=True)
    train.add_argument("--g-lr", type=float)
    train.add_argument("--d-lr", type=float)
    train.add_argument("--data-weight", type=float, help="absent: BCE only; 0: GAN only; published hybrid: 4000")
    train.add_argument("--sample-size", type=int, help="tracked dev windows")
    train.add_argument("--batch-size", type=int)
    train.add_argument("--max-steps", type=int)
    train.add_argument("--device", help="auto, cpu, cuda, mps")
    train.add_argument("--seed", type=int)
    train.add_argument("overrides", nargs="*", metavar="key=value", help="any other setting, or preset=NAME")


def _add_plots(verbs: Any) -> None:
    runs = _verb(verbs, "plot-runs", "runs compared on tracked windows",
                 "quakebook bluedisc plot-runs --run-id 3f2a --run-id2 91bc")
    _run(runs)
    runs.add_argument("--run-id2")
    runs.add_argument("--run-id3")
    runs.add_argument("--batch", type=int, default=0, help="published option; tracked windows are one batch")
    runs.add_argument("--min-steps", type=int, default=0)
    runs.add_argument("--max-steps", type=int, help="latest step to draw; default: the last")
    runs.add_argument("--animation", action="store_true", help="a film over the kept steps (mp4; gif without ffmpeg)")
    shape = _verb(verbs, "plot-shape", "curves at several steps",
                  "quakebook bluedisc plot-shape --run-id 3f2a --steps 500 1000 2000")
    _run(shape)
    shape.add_argument("--batch", type=int, default=0, help="published option; tracked windows are one batch")
    shape.add_argument("--steps", type=int, nargs="+", required=True)
    shape.add_argument("--time-range", type=float, nargs=2, metavar=("A", "B"))
    time = _verb(verbs, "plot-time", "one window through training", "quakebook bluedisc plot-time --run-id 3f2a")
    _run(time)
    time.add_argument("--max-steps", type=int, help="latest step to draw")
    peak = _verb(verbs, "plot-peak", "error and height of all peaks",
                 "quakebook bluedisc plot-peak --run-id 3f2a --compare-run-id 91bc")
    _run(peak)
    peak.add_argument("--compare-run-id")
    peak.add_argument("--compare-run-id-2")
    peak.add_argument("--max-step", type=int, help="count of prediction files, 1000 windows each; default: all")
    peak.add_argument("--data-split", choices=SPLITS, default="test")
    phase = _verb(verbs, "plot-phase", "one event aligned on P and on S",
                  "quakebook bluedisc plot-phase --dataset synthetic:default --source-index 0")
    _dataset(phase, default="synthetic:default")
    phase.add_argument("--source-index", type=int, default=20, help="0 is the source with most records")
    phase.add_argument("--records", type=int, default=2000, help="records to look through")
    for verb in (runs, shape, time):
        verb.add_argument("--sample-ids", default=None, help="tracked windows, e.g. 0,2; default: all (time: 0)")
    for verb in (runs, shape):
        verb.add_argument("--data-split", choices=("track",), default="track")
    for verb in (runs, shape, time, peak, phase):
        verb.add_argument("--save-dir", type=Path, default=Path("figures"))


def _verb(verbs: Any, name: str, help_: str, example: str) -> argparse.ArgumentParser:
    return verbs.add_parser(name, help=help_, description=help_, epilog=f"example: {example}")


def _dataset(verb: argparse.ArgumentParser, **more: Any) -> None:
    """``--dataset`` and, beside it, ``--download``."""
    verb.add_argument("--dataset", **{"help": "SeisBench name, folder, or synthetic:PRESET", **more})
    add_option(verb)


def _run(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--run-id", required=True, help="identity (or its beginning) or folder of a run")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; 0 = done."""
    args = parser().parse_args(argv)
    if getattr(args, "download", False) and args.dataset:
        from quakebook.data.downloading import fetch

        fetch(args.dataset)
    if args.verb.startswith("plot-"):
        from . import plot_verbs

        return plot_verbs.draw(args)
    return {"train": _train, "infer": _infer, "evaluate": _evaluate, "report": _report}[args.verb](args)


def training_overrides(args: argparse.Namespace) -> list[str]:
    """``key=value`` settings that the published options mean."""
    weight = args.data_weight
    mode = "bce" if weight is None else "hybrid" if weight else "gan"
    made = [f"objective.label={args.label}", f"objective.mode={mode}", f"data.name={args.dataset}"]
    if weight:
        made.append(f"objective.data_weight={weight}")
    for key, value in (("optimiser.lr", args.g_lr), ("optimiser.discriminator_lr", args.d_lr),
                       ("evaluation.followed", args.sample_size), ("data.batch_size", args.batch_size),
                       ("training.steps", args.max_steps), ("training.device", args.device),
                       ("training.seed", args.seed)):
        if value is not None:
            made.append(f"{key}={value}")
    return [*made, *args.overrides]


def _train(args: argparse.Namespace) -> int:
    from quakebook.bluedisc.api import train
    from quakebook.bluedisc.data.splits import is_synthetic
    from quakebook.bluedisc.settings import config

    settings = config(*training_overrides(args))
    if not is_synthetic(settings.data.name):
        print(f"at most {settings.data.records:,} training and {settings.data.dev_records:,} dev records are "
              "read, whole and into memory (data.records, data.dev_records; 0 = all)")
    print(f"{settings.objective.mode}, {settings.training.steps} steps of {settings.data.batch_size} windows from "
          f"{settings.data.name}; Ctrl-C leaves a run that the same command goes on with")
    run = train(settings)
    for key, value in run.record["metrics"].items():
        if not key.startswith("final."):
            print(f"{key:16s} {value:10.3f}" if value is not None else f"{key:16s}       none")
    print(run.path)
    return 0


def _infer(args: argparse.Namespace) -> int:
    from quakebook.bluedisc.api import open_run

    from .files import infer

    run = open_run(args.run_id)
    last = run.config["training"]["steps"]
    if args.epoch is not None or args.step not in (None, last):
        asked = f"epoch {args.epoch}" if args.epoch is not None else f"step {args.step}"
        raise ValueError(f"{asked} was not kept; run {run.id} keeps the generator of step {last}")
    count = infer(run, args.data_split, args.batch_size, args.dataset, args.device)
    print(f"{count} windows of split {args.data_split}\n{run.path / args.data_split}")
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    from quakebook.bluedisc.api import open_run

    from .files import evaluate_files, file_statistics

    run = open_run(args.run_id)
    path = evaluate_files(run, args.data_split, args.max_step)
    for line in file_statistics(path, run.config["evaluation"]):
        print(line)
    print(path)
    return 0


def _report(args: argparse.Namespace) -> int:
    from quakebook.bluedisc.api import open_run
    from quakebook.bluedisc.recorded import long_runs

    print(long_runs.write(open_run(args.run_id), open_run(args.run_id2)))
    return 0
