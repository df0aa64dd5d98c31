"""Synthetic and real mixtures beside each other, and picks on both: tables and sentences from recorded results."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from quakebook.training import recorded

from ..data import spectrograms as task
from ..recorded import CHAPTER
from ..recorded.extraction import NAMES
from ..recorded.seismic_weights import separators
from ..studies import extraction, picks
from ..studies.extraction import FILTERS, TITLES

PICKERS = {"trigger": "trigger", "phasenet": "PhaseNet"}


@dataclass(frozen=True)
class Extracted:
    """Recorded extraction from one kind of mixtures.

    Attributes
    ----------
    kind : {"synthetic", "real"}
    metrics : dict
        Without the kind in front.
    examples : dict of ndarray, shape (1, samples)
        Waveforms of the first mixture by method.
    p_s : float
        Its P.
    """

    kind: str
    metrics: dict[str, float]
    examples: dict[str, NDArray]
    p_s: float

    @property
    def methods(self) -> list[str]:
        """Methods whose gain was measured, in the order of the tables."""
        return [key for key in TITLES if f"{key}.gain_db" in self.metrics]


def results(where: Path | None = None) -> dict[str, Extracted]:
    """Kind -> what is recorded of it; kinds without a recorded result are absent."""
    found = {}
    for kind, name in NAMES.items():
        if name in recorded.names(CHAPTER, where):
            result = recorded.read(CHAPTER, name, where)
            metrics = {key.removeprefix(f"seismic_{kind}."): value for key, value in result.metrics.items()}
            examples = {key.removeprefix("example:"): values for key, values in result.arrays.items()
                        if key.startswith("example:")}
            found[kind] = Extracted(kind, metrics, examples, float(result.arrays["p_s"][0]))
    return found


def gains(found: Mapping[str, Extracted]) -> dict[str, dict[str, tuple[float, float]]]:
    """Title -> kind -> mean gain and half the width of its interval, dB."""
    rows: dict[str, dict[str, tuple[float, float]]] = {}
    for key, title in TITLES.items():
        values = {kind: (each.metrics[f"{key}.gain_db"], each.metrics[f"{key}.gain_db.half"])
                  for kind, each in found.items() if key in each.methods}
        rows |= {title: values} if values else {}
    return rows


def pick_table(found: Mapping[str, Extracted], picker: str = "phasenet") -> pd.DataFrame:
    """What one picker finds in each kind of waveform: share found / share false / median error (s)."""
    rows = []
    for key, title in TITLES.items():
        row = {"waveform": title}
        for kind, each in found.items():
            if f"{key}.{picker}.found" in each.metrics:
                found_, false, error = (each.metrics[f"{key}.{picker}.{word}"]
                                        for word in ("found", "false", "median_error_s"))
                late = "–" if math.isnan(error) else f"{error:+.2f}"
                row[kind] = f"{100 * found_:.0f} % / {100 * false:.0f} % / {late}"
        rows += [row] if len(row) > 1 else []
    return pd.DataFrame(rows)


def example(found: Mapping[str, Extracted], kind: str) -> tuple[dict[str, NDArray], float] | None:
    """Waveforms of one mixture by title, and its P; None where none is recorded."""
    if kind not in found:
        return None
    kept = found[kind].examples
    shown = [key for key in ("mixture", "spectral_subtraction", "full", "signal") if key in kept]
    return {TITLES[key]: kept[key][0] for key in shown}, found[kind].p_s


def evaluated_here(mixtures: task.Mixtures, where: Path | None = None) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Recorded generators and filters on mixtures of this page: their gain (dB), and the waveforms by title."""
    waves = extraction.extract(mixtures, separators(where))
    rows = [{"method": TITLES[key], "gain (dB)": f"{values.mean():.2f}", "worst tenth (dB)": f"{worst(values):.2f}"}
            for key, values in extraction.gains_db(mixtures, waves).items()]
    return pd.DataFrame(rows), {TITLES[key]: wave for key, wave in waves.items()}


def worst(values: NDArray) -> float:
    """The gain that nine of ten mixtures exceed."""
    return float(pd.Series(values).quantile(0.1))


def sentence(found: Mapping[str, Extracted]) -> str:
    """What is left of the gain on real records, and whether the full method wins over the best filter there."""
    if "real" not in found:
        return "Nothing is recorded on real records: the Northern California sample was not on the machine."
    each = found["real"]
    count = f"{each.metrics['mixtures']:.0f} mixtures with {each.metrics['earthquakes']:.0f} real earthquakes"
    if "full" not in each.methods:
        return f"On {count} no trained separation was measured."
    best = max(FILTERS, key=lambda key: each.metrics[f"{key}.gain_db"])
    text = (f"On {count} the full method, trained on synthetic records only, wins "
            f"{each.metrics['full.gain_db']:.1f} dB")
    text += f" ({found['synthetic'].metrics['full.gain_db']:.1f} dB on synthetic ones)" if "synthetic" in found else ""
    return (f"{text}; the best filter ({FILTERS[best]}) wins {each.metrics[f'{best}.gain_db']:.1f} dB: "
            f"{_ordering(each.metrics, f'full_minus_{best}.gain_db', 'more', 'less')}.")


def pick_sentence(each: Extracted, picker: str = "phasenet") -> str:
    """What the full method does to the picks of one picker on one kind of mixtures: how many, and how exact."""
    keys = [f"{key}.{picker}.found" for key in ("mixture", "full", "signal")]
    if any(key not in each.metrics for key in keys):
        return f"The {PICKERS[picker]} was not tried on {each.kind} mixtures."
    before, after, alone = (100 * each.metrics[key] for key in keys)
    order = _ordering(each.metrics, f"full_minus_mixture.{picker}.found", "more after it", "fewer after it")
    exact = [each.metrics[f"{key}.{picker}.spread_s"] for key in ("mixture", "full")]
    return (f"On {each.kind} mixtures the {PICKERS[picker]} finds {before:.0f} % of the P within {picks.TOLERANCE_S} s "
            f"as they are and {after:.0f} % after the full method ({order}); in the signal alone it is {alone:.0f} %. "
            f"The errors of those found spread by {exact[0]:.2f} s before and {exact[1]:.2f} s after.")


def _ordering(metrics: Mapping[str, float], key: str, above: str, below: str) -> str:
    """Which side of zero a difference lies on; undecided inside its interval."""
    value, half = metrics[key], metrics[f"{key}.half"]
    if abs(value) <= half:
        return "not told apart, undecided"
    return above if value > 0 else below
