"""Verbs over data sets: make synthetic ones, describe any, verify checksums."""

from __future__ import annotations

import argparse
from pathlib import Path

from .parsers import add


def add_verbs(verbs: argparse._SubParsersAction) -> None:
    top = verbs.add_parser("data", help="make, describe or verify a data set",
                           description="Make, describe or verify a data set.",
                           epilog="example: quakebook data make --preset picker --n 2000 --seed 42 data/picker")
    inner = top.add_subparsers(dest="action", metavar="ACTION", required=True)
    sub = add(inner, "make", make, "write synthetic records as a SeisBench folder with checksums",
              "quakebook data make --preset picker --n 2000 --seed 42 data/picker")
    sub.add_argument("folder", type=Path)
    sub.add_argument("--preset", default="picker", help="kind of records (default: picker)")
    sub.add_argument("--n", type=int, default=1000, help="number of records (default: 1000)")
    sub.add_argument("--seed", type=int, default=42)
    sub.add_argument("--device", default="cpu", help="cpu or cuda")
    sub = add(inner, "info", info, "say what a data set holds", "quakebook data info InstanceCounts")
    sub.add_argument("name", metavar="NAME_OR_FOLDER")
    from quakebook.data.archive import verbs as archive

    archive.add_verbs(inner)
    sub = add(inner, "verify", verify, "look for faults in a folder, and compare it with its checksums",
              "quakebook data verify data/picker")
    sub.add_argument("folder", type=Path)
    sub = add(inner, "clean", clean, "remove copies of data sets from the cache; they are made again when needed",
              "quakebook data clean --unused-days 30")
    sub.add_argument("--unused-days", type=float, default=0.0, metavar="N",
                     help="only those that nobody has read for so long (default: all)")


def make(args: argparse.Namespace) -> int:
    """Make records and write them; an existing data set is not overwritten."""
    from quakebook.data import store, synthetic

    from .chapters import UsageError

    if args.n < 1:
        raise UsageError(f"--n must be at least 1; found {args.n}")
    if args.folder.exists() and any(args.folder.iterdir()):
        raise UsageError(f"{args.folder} is not empty; name a new folder")
    records = synthetic.make(args.preset, args.n, args.seed, device=args.device)
    print(store.write(records, args.folder))
    return 0


def info(args: argparse.Namespace) -> int:
    """Print what a data set holds, one fact a line."""
    from quakebook.data import catalogue, store

    for folder in catalogue.folders_of(args.name):
        print(*(f"{key:<28}{value}" for key, value in store.info(folder).items()), sep="\n")
    return 0


def verify(args: argparse.Namespace) -> int:
    """Print the faults of a folder; 1 when there are any."""
    from quakebook.data import store
    from quakebook.data.checksums import read_checksums

    folder = args.folder.expanduser()
    if faults := store.verify(folder):
        print(*faults, sep="\n")
        return 1
    print(f"{folder}: every file is as written" if read_checksums(folder) else
          f"{folder}: every trace can be read and no fault shows; there are no checksums to compare the files with")
    return 0


def clean(args: argparse.Namespace) -> int:
    """Remove the float32 copies of data sets, and say how much was freed."""
    from quakebook.data.archive import bigsets

    from .chapters import UsageError

    if not 0 <= args.unused_days < float("inf"):
        raise UsageError(f"--unused-days must be a number of days from 0; found {args.unused_days}")
    count, size = bigsets.remove_copies(86400 * args.unused_days)
    print(f"{count} copies of data sets removed from {bigsets.cache_folder()}, {size / 1e6:.1f} MB")
    return 0
