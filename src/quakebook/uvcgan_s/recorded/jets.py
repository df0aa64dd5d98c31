"""Recorded jet comparisons: what an entry measures, and reading back what lies in ``book/recorded/uvcgan_s``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from quakebook.training import recorded
from quakebook.training.recorded import Outcome

from ..scoring.translate import Separate
from ..studies import jet_numbers, jet_results
from ..studies.jet_results import Results
from ..studies.methods import LEARNED
from . import CHAPTER

CLASSICAL_NAME = "jets-classical"
EVENTS = 4000


def make_classical(events: int = EVENTS) -> Outcome:
    """The methods without training, for the entry ``jets-classical``."""
    return _outcome(jet_results.measure(classical=jet_results.CLASSICAL, events=events))


def make_learned(method: str, separate: Separate, *, events: int = EVENTS, arrays: Mapping[str, Any] | None = None,
                 **more: Any) -> Outcome:
    """One trained separation, for an entry ``jets-METHOD-SEED``.

    Parameters
    ----------
    method : {"full", "identity", "regression", "paired"}
    separate : callable
        Mixtures (n, 1, 24, 64) in GeV, float32 on the CPU -> background and signal of that shape, on any device.
    events : int
        Mixtures of each set, the same ones for every method.
    arrays : mapping, optional
        More arrays to keep, for example those of `Snapshots`.
    **more
        Further fields of `Outcome`: settings, run, facts, weights.
    """
    if method not in LEARNED:
        raise ValueError(f"there is no learned method {method!r}; known: {', '.join(LEARNED)}")
    return _outcome(jet_results.measure({method: separate}, events=events), arrays, **more)


def _outcome(results: Results, arrays: Mapping[str, Any] | None = None, **more: Any) -> Outcome:
    """Metrics lose their first word, so that no claim is answered by a single seed: the page answers for all."""
    metrics = {key.removeprefix("jets."): value for key, value in jet_numbers.numbers(results).items()}
    return Outcome(metrics, {**jet_results.to_arrays(results), **(arrays or {})}, **more)


def classical(where: Path | None = None) -> Results | None:
    """Recorded methods without training; None where they are not recorded."""
    if CLASSICAL_NAME not in recorded.names(CHAPTER, where):
        return None
    return jet_results.from_arrays(recorded.read(CHAPTER, CLASSICAL_NAME, where).arrays)


def seeds(method: str, where: Path | None = None) -> list[str]:
    """Names of the recorded trainings of a method, by seed: of full length, or, where there are none, short ones."""
    for kind in ("", "short-"):
        pattern = re.compile(rf"jets-{kind}{method}-(\d+)")
        names = [name for name in recorded.names(CHAPTER, where) if pattern.fullmatch(name)]
        if names:
            return sorted(names, key=lambda name: int(pattern.fullmatch(name)[1]))
    return []


def lengths(where: Path | None = None) -> dict[str, str]:
    """Method -> how long its recorded trainings were: steps, steps before the critics joined, seconds."""
    said = {}
    for method in LEARNED:
        kept = [recorded.read(CHAPTER, name, where).facts for name in seeds(method, where)]
        if kept and kept[0]["settings"]:
            training, objective = (kept[0]["settings"][node] for node in ("training", "objective"))
            warm = f", {objective['warm_steps']:,} of them without critics" if objective["warm_steps"] else ""
            said[method] = (f"{training['steps']:,} steps{warm}, {max(facts['seconds'] for facts in kept):.0f} s with "
                            "its evaluation")
    return said


def learned(where: Path | None = None) -> dict[str, list[Results]]:
    """Recorded trainings: method -> results of its seeds; methods without a recorded training are absent."""
    results = {}
    for method in LEARNED:
        read = [jet_results.from_arrays(recorded.read(CHAPTER, name, where).arrays) for name in seeds(method, where)]
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
    for name in seeds(method, where):
        content = recorded.read(CHAPTER, name, where).arrays
        if "track:steps" in content:
            parts = zip(content["track:background"], content["track:signal"], strict=True)
            steps = dict(zip((int(step) for step in content["track:steps"]), parts, strict=True))
            truth = content["track:true_background"], content["track:true_signal"]
            return Snapshots(truth[0] + truth[1], truth, steps)
    return None
