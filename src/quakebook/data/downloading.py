"""The option ``--download``, said the same on every verb that names a data set, and what it does."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "let SeisBench fetch a named data set that is not on disk (some are hundreds of gigabytes; never done unasked)"


def add_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--download`` to a verb."""
    parser.add_argument("--download", action="store_true", help=HELP)


def fetch(name: str) -> None:
    """Bring a SeisBench data set to disk; folders and synthetic records need nothing.

    Raises
    ------
    DataError
        A name that SeisBench does not know, or a download that failed.
    """
    from .catalogue import SYNTHETIC, known_datasets, open_dataset

    if name.startswith(SYNTHETIC) or Path(name).is_dir():
        return
    if name not in known_datasets():
        open_dataset(name)  # raises with the known names
    open_dataset(name, download=True)
