"""What the page about real records shows: computed here where the records are present, else as recorded."""

from __future__ import annotations

import pandas as pd

from . import real, recorded
from .real import Shown

PICKERS = {"bce": "bce-42", "hybrid": "hybrid-42"}
COLUMNS = {"P.tp": "P over", "S.tp": "S over", "S.below": "S below", "S.precise": "S precise",
           "S.height_50": "S median height"}


def shown(ncedc: str = "") -> Shown:
    """Both recorded pickers on ObsPy's record and on the sample; the recorded result where the sample is absent.

    Parameters
    ----------
    ncedc : str
        Folder of the sample; empty = look beside the checkout.
    """
    from quakebook.data import load_records

    sample = load_records(ncedc) if ncedc else real.northern_california()
    if sample is None and (recorded.folder() / f"{real.NAME}.json").is_file():
        return real.read()
    generators = {name: recorded.generator(file) for name, file in PICKERS.items()}
    return real.apply(generators, sample)


def source_line(found: Shown) -> str:
    """Where the numbers come from, in one sentence."""
    count = found.facts["metrics"].get("real.records")
    kept = found.facts.get("finished")
    when = f"recorded on {kept[:10]}" if kept else "computed while this page ran"
    sample = "the Northern California sample is absent" if count is None else (
        f"{count:.0f} labelled records with three live components from Northern California")
    return f"Shown: ObsPy's bundled earthquake, and {sample}; {when}."


def table(found: Shown) -> pd.DataFrame:
    """One row per picker."""
    numbers, rows = found.facts["metrics"], []
    for name in found.prediction:
        row: dict[str, object] = {"picker": name}
        for phase in "PS":
            row[f"example {phase} height"] = round(numbers[f"example.{name}.{phase}.height"], 2)
            row[f"example {phase} (s)"] = round(numbers[f"example.{name}.{phase}.time_s"], 2)
        if "real.records" in numbers:
            for key, title in COLUMNS.items():
                value = numbers.get(f"real.{name}.{key}")
                row[title] = "none" if value is None else round(value, 2 if "height" in title else 0)
        rows.append(row)
    return pd.DataFrame(rows)


def metrics(found: Shown) -> dict[str, float]:
    """Numbers to report: all, and the lift of S by the hybrid."""
    numbers = {key: float("nan") if value is None else value for key, value in found.facts["metrics"].items()}
    if "real.hybrid.S.tp" in numbers:
        numbers["real.s_lift"] = numbers["real.hybrid.S.height_50"] - numbers["real.bce.S.height_50"]
    return numbers
