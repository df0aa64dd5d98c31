"""What the page about real records shows: computed here where the records are present, else as recorded."""

from __future__ import annotations

from collections.abc import Callable

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
    """Numbers to report: all, the lift of S by the hybrid, and how many S more it finds (one training each)."""
    numbers = {key: float("nan") if value is None else value for key, value in found.facts["metrics"].items()}
    if "real.hybrid.S.tp" in numbers:
        numbers["real.s_lift"] = numbers["real.hybrid.S.height_50"] - numbers["real.bce.S.height_50"]
        for key in ("tp", "precise"):
            numbers[f"real.s_{key}_change"] = numbers[f"real.hybrid.S.{key}"] - numbers[f"real.bce.S.{key}"]
    return numbers
