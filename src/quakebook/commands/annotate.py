"""``quakebook annotate``: picks of continuous data, in one go or in chunks that many workers share."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakebook.commands import annotate_chunks, pickers, waveforms
from quakebook.commands.chapters import UsageError
from quakebook.commands.parsers import add

if TYPE_CHECKING:
    import pandas as pd

EXECUTORS = ("local", "dask")
EXAMPLES = """examples:
  quakebook annotate bluedisc:hybrid-42 day.mseed --picks picks.csv
  quakebook annotate PhaseNet:models/mine archive/ --out work/ --picks quakeml --inventory stations.xml
  quakebook annotate bluedisc:hybrid-42 s3://scedc-pds/continuous_waveforms/2024/ --out work/ --executor dask
  quakebook annotate --out work/            (another worker on the same chunks)"""


def add_verbs(verbs: argparse._SubParsersAction) -> None:
    sub = add(verbs, "annotate", annotate, "pick phases in continuous data", "")
    sub.epilog = EXAMPLES
    sub.add_argument("model", nargs="?", metavar="MODEL", help=pickers.HELP)
    sub.add_argument("input", nargs="*", metavar="INPUT", help=waveforms.HELP)
    sub.add_argument("--picks", default=None, help="file (.csv, .parquet, .xml), or csv, parquet or quakeml alone")
    sub.add_argument("--probabilities", type=Path, help="miniSEED file for the probability curves")
    sub.add_argument("--out", type=Path, help="folder for the plan, claims and picks of chunks: a stopped run goes on, "
                     "and several workers may be started on it")
    sub.add_argument("--device", help="cpu or cuda (default: cuda where there is one)")
    sub.add_argument("--precision", choices=("float32", "bf16"), default="float32")
    sub.add_argument("--resample", choices=("correct", "seisbench"), default="correct",
                     help="seisbench: everything as SeisBench's annotate does it (default: correct)")
    sub.add_argument("--threshold", action="append", default=[], metavar="PHASE=HEIGHT",
                     help="lowest height of a pick, for example P=0.3 (default: the model's)")
    sub.add_argument("--overlap", type=float, help="of windows: samples, or a share below 1 (default: the model's)")
    sub.add_argument("--stacking", choices=("avg", "max"), help="where windows overlap (default: the model's)")
    sub.add_argument("--inventory", type=Path, help="StationXML with responses: adds velocity (m/s), displacement (m)")
    sub.add_argument("--channel", action="append", default=[], metavar="NET.STA.LOC.CHA", help="with wildcards")
    sub.add_argument("--start", help="UTC, for example 2024-01-01T00:00:00")
    sub.add_argument("--end")
    sub.add_argument("--hours", type=float, default=24.0, help="length of a chunk (default: 24)")
    sub.add_argument("--chunk", action="append", default=[], metavar="NAME", help="only this chunk of --out")
    sub.add_argument("--plan-only", action="store_true", help="write the plan, print the names of its chunks, and stop")
    sub.add_argument("--executor", choices=EXECUTORS, default="local")
    sub.add_argument("--workers", type=int, default=1, help="processes of the executor (default: 1)")
    sub.add_argument("--scheduler", help="address of a running Dask scheduler")


def annotate(args: argparse.Namespace) -> int:
    """Plan, work, collect; 1 when a chunk failed."""
    _check(args)
    if args.out is None:
        return _at_once(args)
    from quakebook.picking.chunks import Plan, collect, failures, missing

    if args.model is not None:
        annotate_chunks.save_plan(args)
    plan = Plan.load(args.out)
    if args.plan_only:
        print(*plan.names(), sep="\n")
        return 0
    annotate_chunks.work(args)
    summary = collect(args.out)
    if summary is None:
        left = missing(args.out)
        for name, why in failures(args.out).items():
            print(f"{name} failed: {why}")
        print(f"{len(left)} of {len(plan.chunks)} chunks are not done; the same command goes on")
        return 0 if args.chunk and not set(args.chunk) & set(left) else 1
    print(json.dumps(summary["picks"]), args.out / summary["file"], sep="\n")
    if args.picks:
        from quakebook.picking.chunks.files import read_picks

        _write(read_picks(args.out / summary["file"]), args.picks, plan.settings)
    return 0


def _check(args: argparse.Namespace) -> None:
    if args.model is None and (args.out is None or not (args.out / "plan.json").is_file()):
        raise UsageError("name a MODEL and an INPUT, or with --out a folder that holds a plan")
    if args.model is not None and not args.input:
        raise UsageError("name an INPUT: " + waveforms.HELP)
    if args.out is not None and args.probabilities:
        raise UsageError("--probabilities goes without --out: a year of curves is larger than the data")
    if args.out is None and (args.chunk or args.plan_only or args.executor != "local"):
        raise UsageError("--chunk, --plan-only and --executor need --out")
    if args.workers < 1:
        raise UsageError(f"--workers must be at least 1; found {args.workers}")


def _at_once(args: argparse.Namespace) -> int:
    """Without a folder: chunk after chunk in memory, picks and curves written at the end."""
    from quakebook.picking.continuous import table

    plan = annotate_chunks.plan(args)
    annotator = annotate_chunks.annotator_of(json.dumps(plan.settings, sort_keys=True), args.device,
                                             args.probabilities is not None)
    parts, curves = [], []
    for chunk, result in _results(annotator, plan.chunks):
        parts.append(table.inside(result.picks, chunk.begin, chunk.end))
        if args.probabilities is not None:
            curves.append(_owned(result, chunk))
    picks = table.join(parts)
    _write(picks, args.picks or "csv", plan.settings)
    if args.probabilities is not None:
        _write_curves(curves, args.probabilities)
    print(json.dumps(picks["phase"].value_counts().sort_index().to_dict()))
    return 0


def _results(annotator: Any, chunks: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Chunks and their annotations; the next chunk is read while one is computed."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: annotator.prepare(waveforms.read_chunk(chunks[0])))
        for k, chunk in enumerate(chunks):
            prepared = waiting.result()
            if k + 1 < len(chunks):
                waiting = pool.submit(lambda chunk=chunks[k + 1]: annotator.prepare(waveforms.read_chunk(chunk)))
            yield chunk, annotator.run(prepared)


def _owned(result: Any, chunk: Any) -> Any:
    from obspy import Stream, UTCDateTime

    stream = Stream(result.traces)
    last = UTCDateTime(chunk.end)
    return stream.slice(UTCDateTime(chunk.begin), last - min((t.stats.delta for t in stream), default=0))


def _write_curves(parts: list[Any], path: Path) -> None:
    from obspy import Stream

    from quakebook.picking.chunks.files import whole

    stream = Stream([trace for part in parts for trace in part])
    for trace in stream:  # miniSEED knows five letters a station and three a channel
        trace.stats.channel = f"PR{trace.stats.channel.rpartition('_')[2][:1]}"
        trace.data = trace.data.astype("float32")
    with whole(path) as part:
        stream.write(str(part), format="MSEED")
    print(path)


def _write(picks: pd.DataFrame, word: str, settings: dict[str, Any]) -> None:
    from quakebook import __version__
    from quakebook.picking.export.tables import write_picks

    print(write_picks(picks, word, {"model": settings["class"], "identity": settings["identity"],
                                    "version": __version__}))
