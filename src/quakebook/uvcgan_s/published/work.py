"""What the published verbs do."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from quakebook.training.config import ConfigError

from .roots import data_root, out_root


def train(args: argparse.Namespace) -> int:
    """Train into a published model folder; the same command goes on with an interrupted training."""
    from . import configs, model_folder
    from .meaning import settings_of

    whole = configs.published(args.task, args.method, args.data, epochs=args.epochs, batch_size=args.batch_size,
                              steps_per_epoch=args.steps_per_epoch, seed=args.seed)
    label, place, every = configs.PLACES[args.task, args.method]
    folder = model_folder.folder_of(args.outdir or out_root() / place, whole, args.label or label)
    settings = settings_of(whole, args.device, args.capture)
    settings = replace(settings, data=replace(settings.data, name=located(settings.data.name)))
    domains = _domains(settings.data, "train"), _domains(settings.data, "val")
    model_folder.claim(folder, whole, args.label or label)
    print(f"{settings.training.steps:,} steps of {settings.data.batch_size}; Ctrl-C leaves a training that the same "
          "command goes on with")
    _fit(settings, domains, folder, whole["steps_per_epoch"], every if args.checkpoint is None else args.checkpoint)
    print(folder)
    return 0


def _fit(settings: Any, domains: tuple[Any, Any], folder: Path, epoch_steps: int, checkpoint: int) -> None:
    from quakebook.training import loop, runs

    from ..api import MODULES, PAPER
    from .training import PublishedExperiment

    def work(run: Any) -> None:
        experiment = PublishedExperiment(settings, *domains, folder, epoch_steps, checkpoint)
        loop.fit(experiment, settings.training, run)

    runs.obtain(PAPER, settings, f"{domains[0].fingerprint} {folder.resolve()} {checkpoint}",
                [*MODULES, "quakebook.uvcgan_s.published.training"], work, root=folder / "runs")


def located(name: str) -> str:
    """A data path below the data root; synthetic data and absolute paths as they are.

    Raises
    ------
    ConfigError
        No such folder; the message says which variable to set.
    """
    if name.startswith("synthetic:"):
        return name
    path = data_root() / name
    if not path.is_dir():
        raise ConfigError(f"there is no data in {path}; set UVCGAN_S_DATA, fetch it with quakebook uvcgan-s download, "
                          "or train on --data synthetic:small")
    return str(path)


def _domains(data: Any, split: str) -> Any:
    from ..data.load import load

    return load(data, "dev" if split == "val" else split)


def translate_verb(args: argparse.Namespace) -> int:
    """Translate one domain of one split; prints the folder."""
    from quakebook.training.devices import data_device

    from ..settings import DataConfig
    from . import translate

    _refuse(args)
    model = translate.Model(args.model, args.epoch, args.model_state, data_device(args.device))
    name = located(model.config["data"]["datasets"][0]["dataset"]["path"])
    _refuse_split(name, args.split)
    opened = _domains(DataConfig(name=name, records=0, dev_records=0), args.split)
    sources = (opened.a1, opened.b) if model.baseline else (opened.a0, opened.a1, opened.b)
    if args.domain >= len(sources) or sources[args.domain] is None:
        raise ConfigError(f"split {args.split} has no images of domain {args.domain}")
    domain = 2 if model.baseline and args.domain == 1 else args.domain
    print(translate.translate(model, sources[args.domain], domain, args.split, args.format, ext=args.ext,
                              label=args.label, batch_size=args.batch_size, count=args.n))
    return 0


def _refuse(args: argparse.Namespace) -> None:
    """Refuse numbers out of range and kinds of pictures that cannot be written, before anything is read."""
    from PIL import Image

    for option, value, least in (("--batch-size", args.batch_size, 1), ("-n", args.n, 1), ("--epoch", args.epoch, -1)):
        if value is not None and value < least:
            raise ConfigError(f"{option} must be at least {least}; found {value}")
    writable = {ext.removeprefix(".") for ext, kind in Image.registered_extensions().items() if kind in Image.SAVE}
    if unknown := [ext for ext in args.ext if ext not in writable]:
        raise ConfigError(f"--ext {' '.join(unknown)}: no such kind of picture can be written; for instance png, tif")


def _refuse_split(name: str, split: str) -> None:
    """Refuse a split that a data folder lacks, so that no folder of results bears its name."""
    folder = Path(name)
    if not name.startswith("synthetic:") and not (folder / split).is_dir():
        there = sorted(path.name for path in folder.iterdir() if path.is_dir())
        raise ConfigError(f"{folder} has no split {split}; it has {', '.join(there) or 'none'}")


def resize_verb(args: argparse.Namespace) -> int:
    """Resize a tree of images."""
    from .resize import resize

    print(f"{resize(args.source, args.target, tuple(args.size), args.interpolation)} images\n{args.target}")
    return 0


def download_verb(args: argparse.Namespace) -> int:
    """Fetch a data set below the data root, or the published model below the output root."""
    from quakebook.data.calorimeter.download import download, download_model

    if args.dataset == "model":
        print(*download_model(out_root() / "published", overwrite=args.overwrite), sep="\n")
        return 0
    print(download(args.dataset, folder=data_root(), overwrite=args.overwrite))
    return 0


def print_model(args: argparse.Namespace) -> int:
    """Networks and parameter counts of a model folder."""
    from .translate import Model, sizes

    model = Model(args.model)
    for name, count in sizes(model).items():
        print(f"{name:8s} {count:12,d} parameters")
    return 0
