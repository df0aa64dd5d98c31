"""Numbers, tables and sentences of the page on earthquakes in noise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from quakebook.training import recorded

from ..data import spectrograms as task
from ..recorded import CHAPTER
from ..studies import extraction, picks
from ..studies import spectrograms as study
from .seeds import ONE_SEED, cell

#: Mixtures that the page makes itself.
LIVE = {"smoke": 8, "quick": 60, "paper": 400}


def live(preset: str) -> task.Mixtures:
    """Mixtures of the test split."""
    if preset not in LIVE:
        raise ValueError(f"there is no preset {preset!r}; known: {', '.join(LIVE)}")
    return task.mixtures("test", LIVE[preset])


def results(where: Path | None = None) -> dict[str, list[dict[str, float]]]:
    """Method -> metrics of every recorded seed."""
    names = recorded.names(CHAPTER, where)
    read = {method: [recorded.read(CHAPTER, name, where).metrics for name in names
                     if name.rpartition("-")[0] == f"seismic-{method}"] for method in study.METHODS}
    return {method: rows for method, rows in read.items() if rows}


def gains(rows: Mapping[str, list[dict[str, float]]], classical: Mapping[str, Mapping[str, float]]
          ) -> dict[str, list[float]]:
    """Title -> mean gain in dB of every seed, then of the filters computed live."""
    learned = {study.METHODS[name][0]: [row["test_gain_db"] for row in seeds] for name, seeds in rows.items()}
    return learned | {name: [row["gain_db"]] for name, row in classical.items()}


def table(rows: Mapping[str, list[dict[str, float]]], classical: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Gain and errors of all methods; learned ones: mean over seeds ± half their range, on the recorded mixtures."""
    lines = []
    for name, seeds in rows.items():
        line = {"method": study.METHODS[name][0], "seeds": str(len(seeds))}
        for key, title in (("test_gain_db", "gain (dB)"), ("test_error", "error of both"),
                           ("test_error_a1", "of signal")):
            line[title] = cell(seeds, key, 2)
        lines.append(line)
    for name, row in classical.items():
        lines.append({"method": name, "seeds": "–", "gain (dB)": f"{row['gain_db']:.2f}",
                      "error of both": f"{row['error']:.2f}" if "error" in row else "–",
                      "of signal": f"{row['error_a1']:.2f}" if "error_a1" in row else "–"})
    return pd.DataFrame(lines)


def pick_table(mixtures: task.Mixtures, picker: picks.Picker = picks.sta_lta,
               extracted: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """What a picker finds in waveforms by title: by default mixtures, filtered ones, and the signal alone."""
    waves = extracted or {extraction.TITLES[key]: wave for key, wave in extraction.extract(mixtures, {}).items()}
    scores = picks.compare(waves, mixtures.p_s, picker, task.RATE_HZ)
    rows = [{"waveform": name, "found": f"{100 * score.found:.0f} %", "false": f"{100 * score.false:.0f} %",
             "median error (s)": f"{score.median_error_s:+.2f}".replace("+nan", "–"),
             "spread (s)": f"{score.spread_s:.2f}".replace("nan", "–")}
            for name, score in scores.items()]
    return pd.DataFrame(rows)


def example(where: Path | None = None, row: int = 0) -> tuple[dict[str, NDArray], float] | None:
    """Waveforms of one recorded mixture, its parts and what the full method extracts; None where there is none."""
    name = next((name for name in recorded.names(CHAPTER, where) if name.startswith("seismic-full-")), None)
    if name is None:
        return None
    kept = recorded.read(CHAPTER, name, where).arrays
    waves = {title: kept[key][row] for title, key in (("mixture", "mixture"), ("extracted", "extracted"),
                                                      ("true signal", "true_signal"))}
    return waves, float(kept["p_s"][row])


def live_example(mixtures: task.Mixtures, row: int = 0) -> tuple[dict[str, NDArray], float]:
    """The same without any training: the signal by spectral subtraction."""
    magnitude = task.magnitudes(mixtures.mixture)
    signal = study.spectral_subtraction(magnitude, mixtures.p_s)[1]
    estimate = task.waveforms_of(signal, mixtures.mixture)
    return {"mixture": mixtures.mixture[row].numpy(), "spectral subtraction": estimate[row].numpy(),
            "true signal": mixtures.signal[row].numpy()}, float(mixtures.p_s[row])


def metrics(rows: Mapping[str, list[dict[str, float]]], classical: Mapping[str, Mapping[str, float]]
            ) -> dict[str, float]:
    """Differences of the gain for the claims, for the least favourable pair of seeds: full minus another method."""
    if "full" not in rows:
        return {}
    worst = min(row["test_gain_db"] for row in rows["full"])
    made = {f"seismic.full_minus_{name}.gain_db": worst - max(row["test_gain_db"] for row in seeds)
            for name, seeds in rows.items() if name != "full"}
    return made | {f"seismic.full_minus_{name.replace(' ', '_').replace('-', '_')}.gain_db": worst - row["gain_db"]
                   for name, row in classical.items() if name != "true magnitudes"}


def sentence(rows: Mapping[str, list[dict[str, float]]], classical: Mapping[str, Mapping[str, float]]) -> str:
    """What wins how many decibels, as far as it is recorded."""
    filters = {name: row["gain_db"] for name, row in classical.items() if name != "true magnitudes"}
    best = max(filters, key=filters.get)
    begin = f"The best filter without training ({best}) wins {filters[best]:.1f} dB."
    if "full" not in rows:
        return f"{begin} No training is recorded yet."
    full = [row["test_gain_db"] for row in rows["full"]]
    if len(full) < 2:
        verdict = f"trained once ({ONE_SEED})"
    elif min(full) > filters[best]:
        verdict = "more than it with every seed"
    elif max(full) < filters[best]:
        verdict = "less than it with every seed"
    else:
        verdict = "not told apart from it by the seeds: undecided"
    return f"{begin} The full method wins {np.mean(full):.1f} dB, {verdict}."


def cross_terms(mixtures: task.Mixtures) -> str:
    """Why the mixing network cannot beat the plain sum on magnitudes."""
    gap = study.sum_gap(mixtures)
    return (f"Magnitudes do not add up: the sum of both parts exceeds the mixture in {100 * gap['share_above']:.0f} % "
            f"of all places; the mean difference is {gap['gap']:.2f} in units of the noise. It depends on the phases "
            "of both parts, which no magnitude shows, so no network that sees magnitudes alone can predict it.")
