"""What the page about real records shows: computed here where the records are present, else as recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from quakebook.bluedisc.recorded import read as recorded
from quakebook.bluedisc.recorded import real_records
from quakebook.bluedisc.recorded.read import KINDS
from quakebook.bluedisc.recorded.real_records import Shown
from quakebook.training import recorded_files

PICKERS = {"bce": "bce-42", "hybrid": "hybrid-42"}
SHARES = {"tp": "in time and over 0.7", "below": "in time and below 0.7", "precise": "in time, of any height"}


def shown(ncedc: str = "") -> Shown:
    """Both recorded pickers on ObsPy's record and on the sample; the recorded result where the sample is absent.

    Parameters
    ----------
    ncedc : str
        Folder of the sample; empty = look beside the checkout.
    """
    from quakebook.data import load_records

    sample = load_records(ncedc) if ncedc else real_records.northern_california()
    if sample is None and real_records.NAME in recorded_files.names(recorded.folder()):
        return real_records.read()
    generators = {name: recorded.generator(file) for name, file in PICKERS.items()}
    return real_records.apply(generators, sample)


def source_line(found: Shown) -> str:
    """Where the numbers come from, in one sentence."""
    count = found.facts["metrics"].get("real.records")
    kept = found.facts.get("finished")
    when = f"recorded on {kept[:10]}" if kept else "computed while this page ran"
    sample = "the Northern California sample is absent" if count is None else (
        f"{count:.0f} labelled records with three live components from Northern California")
    return f"Shown: ObsPy's bundled earthquake, and {sample}; {when}."


def table(found: Shown) -> pd.DataFrame:
    """One row per number, one column per picker; shares of the sample as counts."""
    numbers, rows = found.facts["metrics"], []

    def add(title: str, cell: Callable[[str], str]) -> None:
        rows.append({"": title, **{KINDS[name]: cell(name) for name in found.prediction}})

    for phase in "PS":
        add(f"ObsPy's record: highest {phase} value, and when",
            lambda name, phase=phase: f"{numbers[f'example.{name}.{phase}.height']:.2f} at "
                                      f"{numbers[f'example.{name}.{phase}.time_s']:.2f} s")
    if "real.records" in numbers:
        for phase in "PS":
            for key, title in SHARES.items():
                add(f"{phase} {title}", lambda name, phase=phase, key=key: _share(
                    numbers[f"real.{name}.{phase}.{key}"], numbers[f"real.{name}.{phase}.label_count"]))
            add(f"{phase} peaks in time: median height", lambda name, phase=phase: _number(
                numbers[f"real.{name}.{phase}.height_50"]))
            add(f"{phase} peaks over 0.7 that are in time", lambda name, phase=phase: _share(
                numbers[f"real.{name}.{phase}.precision"], numbers[f"real.{name}.{phase}.high_count"]))
    return pd.DataFrame(rows)


def _share(percent: float | None, whole: float) -> str:
    """Percent of a whole, as a count: few records deserve no percentages."""
    return "none" if percent is None or percent != percent else f"{round(percent * whole / 100)} of {whole:.0f}"


def _number(value: float | None) -> str:
    return "none" if value is None or value != value else f"{value:.2f}"


def metrics(found: Shown) -> dict[str, float]:
    """Numbers to report: all, and for S the hybrid minus BCE in height, picks over 0.7, picks in all, and precision."""
    numbers = {key: float("nan") if value is None else value for key, value in found.facts["metrics"].items()}
    if "real.hybrid.S.tp" in numbers:
        numbers["real.s_lift"] = _change(numbers, "S.height_50")
        numbers["real.s_over_change"] = _counts(numbers, "hybrid", "S.tp") - _counts(numbers, "bce", "S.tp")
        numbers["real.s_any_height_change"] = (_counts(numbers, "hybrid", "S.precise")
                                               - _counts(numbers, "bce", "S.precise"))
        for key in ("tp", "precise", "precision"):
            numbers[f"real.s_{key}_change"] = _change(numbers, f"S.{key}")
    return numbers


def _change(numbers: Mapping[str, float], key: str) -> float:
    """Hybrid minus BCE."""
    return numbers[f"real.hybrid.{key}"] - numbers[f"real.bce.{key}"]


def _counts(numbers: Mapping[str, float], picker: str, key: str) -> float:
    """A share of the labels as the whole number it stands for."""
    return float(round(numbers[f"real.{picker}.{key}"] * numbers[f"real.{picker}.{key[0]}.label_count"] / 100))


def directions_sentences(found: Shown) -> str:
    """What the sample says of both pickers, in each direction, as bullets; empty where the sample is absent."""
    numbers = metrics(found)
    if "real.s_lift" not in numbers:
        return ""
    labels = numbers["real.bce.S.label_count"]
    p_found = [f"{KINDS[name]} {_share(numbers[f'real.{name}.P.precise'], numbers[f'real.{name}.P.label_count'])}"
               for name in PICKERS]
    p_change = _counts(numbers, "hybrid", "P.precise") - _counts(numbers, "bce", "P.precise")
    lines = [f"P in time, at any height: {', '.join(p_found)}; from BCE to the hybrid it {_moves(p_change, '.0f')}.",
             f"S in time, median height: {_moves(numbers['real.s_lift'], '.2f')}.",
             f"S in time and over 0.7, of {labels:.0f} labels: {_moves(numbers['real.s_over_change'], '.0f')}.",
             f"S in time, at any height, of {labels:.0f} labels: {_moves(numbers['real.s_any_height_change'], '.0f')}.",
             f"S over 0.7, percent in time: {_moves(numbers['real.s_precision_change'], '.1f')} points.",
             f"One seed, and one label more or less is worth {100 / labels:.1f} %: read directions, not sizes."]
    return "\n".join(f"* {line}" for line in lines)


def _moves(change: float, form: str) -> str:
    """A change in words: "rises by ...", "falls by ...", "changes by 0", or "cannot be compared"."""
    if change != change:
        return "cannot be compared"
    size = f"{abs(change):{form}}"
    return f"changes by {size}" if not float(size) else f"{'rises' if change > 0 else 'falls'} by {size}"


def obspy_sentence(found: Shown) -> str:
    """Which pickers lift P and S of ObsPy's record over 0.7."""
    numbers, parts = found.facts["metrics"], []
    for phase in "PS":
        over = [KINDS[name] for name in found.prediction if numbers[f"example.{name}.{phase}.height"] >= 0.7]
        parts.append(f"{phase} over 0.7 by {' and '.join(over)}" if over else f"{phase} over 0.7 by neither picker")
    return f"* On ObsPy's record, near and with a slow undulation: {'; '.join(parts)}."
