"""``quakebook uvcgan-s VERB``: the published scripts, with their options, files and folders."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .resize import FILTERS

SPLITS = ("train", "val", "test")


def parser() -> argparse.ArgumentParser:
    """All verbs; nothing heavy is imported."""
    top = argparse.ArgumentParser(
        prog="quakebook uvcgan-s", description="Train and apply decompositions as the authors' program does.",
        epilog="example: quakebook uvcgan-s train sphenix --epochs 2\nUVCGAN_S_DATA and UVCGAN_S_OUTDIR name the roots "
               "of data and models.", formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    _add_train(verbs)
    _add_translate(verbs)
    resized = _verb(verbs, "resize", "make a tree of images smaller", "quakebook uvcgan-s resize afhq small -s 256 256")
    resized.add_argument("source", type=Path)
    resized.add_argument("target", type=Path)
    resized.add_argument("-s", "--size", type=int, nargs=2, metavar=("W", "H"), required=True)
    resized.add_argument("-i", "--interpolation", choices=FILTERS, default="lanczos")
    fetched = _verb(verbs, "download", "fetch a data set or the published model, each compared with its checksum",
                    "quakebook uvcgan-s download afhq")
    fetched.add_argument("dataset", choices=("afhq", "sphenix", "model"),
                         help="model: the files of its record, into UVCGAN_S_OUTDIR/published")
    fetched.add_argument("--overwrite", action="store_true", help="replace what is there")
    shown = _verb(verbs, "print-model", "parameter counts of a model folder", "quakebook uvcgan-s print-model MODEL")
    shown.add_argument("model", type=Path)
    return top


def _add_train(verbs: Any) -> None:
    train = _verb(verbs, "train", "train a published task", "quakebook uvcgan-s train sphenix")
    train.add_argument("task", choices=("toy_mix_blur", "sphenix"))
    train.add_argument("--method", choices=("uvcgan-s", "uvcgan-v2"), default="uvcgan-s",
                       help="uvcgan-v2: the two-domain baseline of the toy")
    train.add_argument("--data", help="folder of the data below UVCGAN_S_DATA, or synthetic:PRESET")
    train.add_argument("--outdir", type=Path, help="default: UVCGAN_S_OUTDIR/TASK/METHOD")
    train.add_argument("--label", help="last part of the model folder's name; default: the task's")
    for name in ("epochs", "steps-per-epoch", "batch-size", "seed", "checkpoint"):
        train.add_argument(f"--{name}", type=int, help="default: as published")
    train.add_argument("--device", default="auto")
    train.add_argument("--capture", action="store_true", help="one CUDA graph a step")


def _add_translate(verbs: Any) -> None:
    verb = _verb(verbs, "translate", "apply a model to one domain of a split",
                 "quakebook uvcgan-s translate MODEL --split val --domain 2 --format ndarray")
    verb.add_argument("model", type=Path)
    verb.add_argument("--split", choices=SPLITS, default="test")
    verb.add_argument("--domain", type=int, choices=(0, 1, 2), default=0)
    verb.add_argument("--format", choices=("image", "ndarray"), required=True)
    verb.add_argument("--ext", nargs="+", default=["png"], help="kinds of pictures, each image in every kind")
    verb.add_argument("--label")
    verb.add_argument("--batch-size", type=int, default=1)
    verb.add_argument("-n", type=int, help="images; rounded up to whole batches")
    verb.add_argument("--epoch", type=int, help="a checkpoint's epoch, -1 = the last; default: final weights")
    verb.add_argument("--model-state", choices=("eval", "train"), default="eval")
    verb.add_argument("--device", default="auto")


def _verb(verbs: Any, name: str, help_: str, example: str) -> argparse.ArgumentParser:
    return verbs.add_parser(name, help=help_, description=help_, epilog=f"example: {example}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; 0 = done."""
    args = parser().parse_args(argv)
    from . import work

    return {"train": work.train, "translate": work.translate_verb, "resize": work.resize_verb,
            "download": work.download_verb, "print-model": work.print_model}[args.verb](args)
