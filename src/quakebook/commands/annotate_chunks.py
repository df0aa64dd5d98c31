"""The plan of an annotation, and the workers that go through it: here, in processes, or under Dask."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from quakebook.commands import pickers, waveforms
from quakebook.commands.chapters import UsageError


def options_of(args: argparse.Namespace) -> dict[str, Any]:
    """Options of `quakebook.picking.annotate` that decide about the picks."""
    wishes: dict[str, Any] = {"resample": args.resample, "precision": args.precision, "overlap": args.overlap,
                              "stacking": args.stacking}
    wishes |= {f"{phase}_threshold": height for phase, height in thresholds_of(args.threshold).items()}
    return {key: value for key, value in wishes.items() if value is not None}


def thresholds_of(words: list[str]) -> dict[str, float]:
    """Heights from words ``PHASE=HEIGHT``."""
    heights = {}
    for word in words:
        phase, equals, height = word.partition("=")
        try:
            heights[phase] = float(height)
        except ValueError:
            equals = ""
        if not (equals and phase and 0 < heights[phase] <= 1):
            raise UsageError(f"--threshold is written PHASE=HEIGHT, a height between 0 and 1; found {word!r}")
    return heights


def plan(args: argparse.Namespace) -> Any:
    """The plan of the wishes; the model and the options are checked here, before any work."""
    from quakebook.picking.chunks import cut
    from quakebook.picking.continuous.rules import rules_of

    picker, options = pickers.load_picker(args.model), options_of(args)
    try:
        rules_of(picker.model, **options)
    except ValueError as error:
        raise UsageError(str(error)) from error
    settings = {"model": _absolute(args.model), "class": type(picker.model).__name__, "identity": picker.identity,
                "options": options}
    if args.inventory:
        from quakebook.data.checksums import sha256

        settings |= {"inventory": str(args.inventory.resolve()), "inventory_sha256": sha256(args.inventory)}
    table = waveforms.manifest_of(args.input, args.channel, args.start, args.end)
    window_s = picker.model.in_samples / (picker.model.sampling_rate or 100)
    return cut(table, settings, args.hours, margin_s=max(60.0, 3 * window_s))


def save_plan(args: argparse.Namespace) -> None:
    """Write the plan of the wishes into ``--out``."""
    from quakebook.picking.chunks.plan import PlanError

    try:
        plan(args).save(args.out)
    except PlanError as error:
        raise UsageError(str(error)) from error


def _absolute(word: str) -> str:
    """The same model from another working folder."""
    kind, colon, path = word.rpartition(":")
    near = Path(path).expanduser()
    return f"{kind}{colon}{near.resolve()}" if near.parent != Path(".") or near.exists() else word


@lru_cache(maxsize=2)
def annotator_of(settings: str, device: str | None, probabilities: bool = False) -> Any:
    """The model of a plan, loaded once in a process."""
    import torch
    from obspy import read_inventory

    from quakebook.picking.continuous.annotation import Annotator

    facts = json.loads(settings)
    picker = pickers.load_picker(facts["model"])
    if picker.identity != facts["identity"]:
        raise ValueError(f"{facts['model']} is no longer the model of the plan (weights {picker.identity}, planned "
                         f"{facts['identity']})")
    inventory = read_inventory(facts["inventory"]) if facts.get("inventory") else None
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    return Annotator(picker.model, device=device, inventory=inventory, probabilities=probabilities, **facts["options"])


def do_chunks(folder: str, device: str | None, names: list[str] | None = None,
              tell: Callable[[str], None] = print) -> dict[str, Any]:
    """One worker's share of a plan: every chunk that nobody else has claimed."""
    from quakebook.picking import chunks

    annotator = annotator_of(json.dumps(chunks.Plan.load(folder).settings, sort_keys=True), device)
    progress = chunks.work(folder, lambda chunk: annotator.prepare(waveforms.read_chunk(chunk)),
                    lambda prepared: annotator.run(prepared).picks, names, tell)
    return vars(progress)


def work(args: argparse.Namespace) -> None:
    names = args.chunk or None
    if args.executor == "local" and args.workers == 1:
        do_chunks(str(args.out), args.device, names)
    elif args.executor == "local":
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        with ProcessPoolExecutor(args.workers, get_context("spawn")) as pool:
            for future in [pool.submit(do_chunks, str(args.out), args.device, names) for _ in range(args.workers)]:
                future.result()
    else:
        _dask(args, names)


def _dask(args: argparse.Namespace, names: list[str] | None) -> None:
    """One Dask task a chunk; the claims hold there as well, so that other workers may help."""
    try:
        from distributed import Client, LocalCluster, as_completed
    except ImportError as error:
        raise UsageError("--executor dask needs the extra: pip install 'quakebook[distributed]'") from error
    from quakebook.picking.chunks import missing

    with Client(args.scheduler) if args.scheduler else Client(LocalCluster(
            n_workers=args.workers, threads_per_worker=1, dashboard_address=None)) as client:
        tasks = client.map(_one, names or missing(args.out), folder=str(args.out), device=args.device, pure=False)
        for _, result in as_completed(tasks, with_results=True):
            for name in result["done"]:
                print(f"{name}: done", flush=True)


def _one(name: str, folder: str, device: str | None) -> dict[str, Any]:
    return do_chunks(folder, device, [name], lambda line: None)
