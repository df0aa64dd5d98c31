"""Let SeisBench open a data set, and say what is wrong where it cannot."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .components import settle
from .errors import DataError
from .inspection import read_metadata
from .rates import COLUMN, wrong_rates

if TYPE_CHECKING:
    from seisbench.data import WaveformDataset


def opened(factory: Any, kwargs: dict[str, Any], what: str, folders: Sequence[Path]) -> WaveformDataset:
    """A data set made by a class of SeisBench, its components settled.

    Parameters
    ----------
    factory : type
    kwargs : dict
        For `factory`.
    what : str
        Name for messages.
    folders : sequence of Path
        Where its tables lie.

    Raises
    ------
    DataError
        SeisBench cannot open it; the message names file, column and row where our own reading finds them.
    """
    try:
        with warnings.catch_warnings():
            # SeisBench 0.12 resets an index in place, which pandas 3.1 announces to give up
            warnings.filterwarnings("ignore", "The inplace keyword", DeprecationWarning)
            dataset = factory(**kwargs)
    except TypeError:
        raise
    except Exception as error:  # SeisBench, pandas and h5py each have their own kinds of error here
        raise DataError(f"cannot open {what}: {_reason(error, folders)}") from error
    for note in settle(dataset, what):
        logging.getLogger("quakebook").warning(note)
    return dataset


def _reason(error: Exception, folders: Sequence[Path]) -> str:
    """What our own reading of the tables finds wrong, with file, column and row; else what SeisBench said."""
    for folder in folders:
        try:
            metadata = read_metadata(folder)
        except DataError as found:
            return str(found)
        if COLUMN in metadata and (problem := wrong_rates(metadata)):
            return f"{folder}: {problem}"
    return f"its tables lack the column {error}" if isinstance(error, KeyError) else str(error)
