"""Component letters of a data set: upper case, 1 and 2 read as N and E, and missing components named."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .errors import DataError

if TYPE_CHECKING:
    from seisbench.data import WaveformDataset

WANTED = "ZNE"


def settled(order: str) -> str:
    """Component letters as they are understood here.

    Letters are read in upper case. Where neither N nor E is there, 1 stands for N and 2 for E (borehole and ocean
    bottom sensors, whose true orientation is not in the data); where Z is not there, 3 stands for Z.

    Examples
    --------
    >>> settled("z12"), settled("12Z"), settled("ZEN"), settled("123")
    ('ZNE', 'NEZ', 'ZEN', 'NEZ')
    """
    letters = order.upper()
    if not {"N", "E"} & set(letters):
        letters = letters.replace("1", "N").replace("2", "E")
    return letters if "Z" in letters else letters.replace("3", "Z")


def settle(dataset: WaveformDataset, what: str) -> list[str]:
    """Rewrite the component orders of an open data set so that SeisBench finds Z, N and E; return notes.

    Parameters
    ----------
    dataset : WaveformDataset
        Changed in place: column `trace_component_order`.
    what : str
        Name for messages.

    Returns
    -------
    list of str
        What was read as what, and how many traces lack a component (SeisBench fills it with zeros).

    Raises
    ------
    DataError
        No trace has all of Z, N and E.
    """
    counts: Counter[str] = Counter()
    for member in getattr(dataset, "datasets", [dataset]):
        column = member.metadata.get("trace_component_order")
        if column is None:
            continue
        orders = column.fillna("").astype(str)
        counts.update(orders)
        member._metadata["trace_component_order"] = orders.map(settled).where(column.notna(), column)
    if not counts:
        return []
    notes = [f"{what}: components {order} of {count} traces are read as {settled(order)}"
             for order, count in sorted(counts.items()) if settled(order) != order.upper()]
    lacking = {order: count for order, count in counts.items() if set(WANTED) - set(settled(order))}
    spelled = ", ".join(f"{order or 'none'} ({count} traces)" for order, count in sorted(lacking.items()))
    if len(lacking) == len(counts):
        raise DataError(f"{what}: no trace has the components Z, N and E; `trace_component_order` holds {spelled}")
    dataset.component_order = dataset.component_order  # SeisBench makes its table of reorderings from the letters here
    return [*notes, f"{what}: a missing component counts as dead (zero): {spelled}"] if lacking else notes
