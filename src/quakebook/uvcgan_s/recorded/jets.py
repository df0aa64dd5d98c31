"""Recorded jet comparisons: what an entry measures, and reading back what lies in ``book/recorded/uvcgan_s``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from numpy.typing import NDArray

from quakebook.project import find_project
from quakebook.training import arrays as stored

from ..studies import jet_numbers, jet_results
from ..studies.jet_results import Results
from ..studies.methods import LEARNED, Separate

CLASSICAL_NAME = "jets-classical"
EVENTS = 4000

Measured = tuple[dict[str, float], dict[str, NDArray]]


def measure_classical(events: int = EVENTS) -> Measured:
    """Metrics and arrays of the methods without training, for the entry ``jets-classical``."""
    return _measured(jet_results.measure(classical=jet_results.CLASSICAL, events=events))


def measure_learned(method: str, separate: Separate, events: int = EVENTS) -> Measured:
    """Metrics and arrays of one trained separation, for an entry ``jets-METHOD-SEED``.

    Parameters
    ----------
    method : {"full", "identity", "regression", "paired"}
    separate : callable
        Mixtures (n, 1, 24, 64) in GeV, float32 on the CPU -> background and signal of that shape, on any device.
    events : int
        Mixtures of each set, the same ones for every method.
    """
    if method not in LEARNED:
        raise ValueError(f"there is no learned method {method!r}; known: {', '.join(LEARNED)}")
    return _measured(jet_results.measure({method: separate}, events=events))


def _measured(results: Results) -> Measured:
    return jet_numbers.numbers(results), jet_results.to_arrays(results)


def folder() -> Path:
    """``book/recorded/uvcgan_s`` of the project."""
    return find_project().recorded / "uvcgan_s"


def classical(where: Path | None = None) -> Results | None:
    """Recorded methods without training; None where they are not recorded."""
    path = (where or folder()) / f"{CLASSICAL_NAME}.h5"
    return jet_results.from_arrays(stored.read(path)) if path.is_file() else None


def learned(where: Path | None = None) -> dict[str, list[Results]]:
    """Recorded trainings: method -> results of its seeds, by seed; methods without a recorded training are absent."""
    where, results = where or folder(), {}
    for method in LEARNED:
        files = [p for p in where.glob(f"jets-{method}-*.h5") if re.fullmatch(rf"jets-{method}-\d+", p.stem)]
        files.sort(key=lambda path: int(path.stem.rpartition("-")[2]))
        read = [jet_results.from_arrays(stored.read(path)) for path in files]
        if usable := [result for result in read if "val" in result and method in result["val"].matched]:
            results[method] = usable
    return results


@dataclass(frozen=True)
class Snapshots:
    """One event through training: mixture and truth (24, 64), and step -> extracted background and signal; GeV."""

    mixture: NDArray
    truth: tuple[NDArray, NDArray]
    steps: dict[int, tuple[NDArray, NDArray]]


def snapshots(method: str = "full", where: Path | None = None) -> Snapshots | None:
    """What a recorded training kept of one event; None where it kept nothing.

    An entry keeps it as the arrays ``track:steps`` (k,), ``track:background`` and ``track:signal`` (k, 24, 64),
    ``track:true_background`` and ``track:true_signal`` (24, 64).
    """
    for path in sorted((where or folder()).glob(f"jets-{method}-*.h5")):
        content = stored.read(path)
        if "track:steps" in content:
            parts = zip(content["track:background"], content["track:signal"], strict=True)
            steps = dict(zip((int(step) for step in content["track:steps"]), parts, strict=True))
            truth = content["track:true_background"], content["track:true_signal"]
            return Snapshots(truth[0] + truth[1], truth, steps)
    return None
