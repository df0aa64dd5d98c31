"""Jets from the package ``fastjet``, all events in one call."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .clustering import Algorithm, four_momenta
from .jet_arrays import Jets, sorted_jets, tower_coordinates


@cache
def have_fastjet() -> bool:
    """Whether the package ``fastjet`` can be imported."""
    try:
        import fastjet  # noqa: F401
    except ImportError:
        return False
    return True


def cluster(values: NDArray, radius: float, algorithm: Algorithm, min_pt_gev: float) -> list[Jets]:
    """Jets of all events, (n, 1536) towers in GeV.

    The library returns members as positions among the towers above zero of each event.
    """
    import awkward
    import fastjet

    if not len(values):
        return []
    eta, phi = tower_coordinates()
    keep = values > 0
    counts = keep.sum(1)
    momenta = four_momenta(values, eta, phi)[keep]
    names = ("px", "py", "pz", "E")
    events = awkward.unflatten(awkward.zip({name: momenta[:, k] for k, name in enumerate(names)},
                                           with_name="Momentum4D"), counts)
    kind = {"antikt": fastjet.antikt_algorithm, "kt": fastjet.kt_algorithm,
            "cambridge": fastjet.cambridge_algorithm}[algorithm]
    filled = np.flatnonzero(counts)
    results: list[Jets] = [sorted_jets(np.zeros((0, 4)), [], min_pt_gev)] * len(values)
    with _no_banner():
        sequence = fastjet.ClusterSequence(events[filled], fastjet.JetDefinition(kind, radius)) if len(filled) else None
    if sequence is None:
        return results
    indices = awkward.to_list(sequence.constituent_index(min_pt_gev))
    for event, groups in zip(filled, indices, strict=True):
        towers = np.flatnonzero(keep[event])
        members = [np.sort(towers[group]) for group in groups]
        four = four_momenta(values[event], eta, phi)
        results[event] = sorted_jets(np.array([four[m].sum(0) for m in members]).reshape(-1, 4), members, min_pt_gev)
    return results


@contextmanager
def _no_banner() -> Iterator[None]:
    """Keep the banner, which the library writes to the process's standard output, out of pages and result files."""
    sys.stdout.flush()
    saved, null = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 1)
        yield
    finally:
        os.dup2(saved, 1)
        os.close(saved)
        os.close(null)
