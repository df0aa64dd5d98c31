"""Magnitudes of different types (ML, Mw, mb, Md, ...) are different quantities: report the mix, refuse to blend it."""

from __future__ import annotations

import pandas as pd

from quakebook.data import DataError

COLUMN = "source_magnitude_type"


def mix(frame: pd.DataFrame) -> dict[str, int]:
    """Number of rows with a magnitude per magnitude type, the most frequent first; ``unknown`` where it is not said."""
    if "source_magnitude" not in frame:
        return {}
    with_magnitude = frame[frame["source_magnitude"].notna()]
    return {str(name): int(count) for name, count in _types(with_magnitude).value_counts().items()}


def _types(frame: pd.DataFrame) -> pd.Series:
    """Type of each row's magnitude without blanks round it; ``unknown`` where it is not said."""
    types = frame.get(COLUMN, pd.Series("unknown", index=frame.index)).fillna("unknown").astype(str).str.strip()
    return types.where(types != "", "unknown")


def kind(magnitude_type: str) -> str:
    """Family of a type: all local magnitudes (ML, MLh, MLv, ...) count as one, as do all moment magnitudes."""
    lower = magnitude_type.lower()
    return next((family for family in ("ml", "mw") if lower.startswith(family)), lower)


def keep_mask(frame: pd.DataFrame, wanted: str, source: str) -> pd.Series:
    """Rows to keep: noise, and events of the wanted types.

    Parameters
    ----------
    frame : DataFrame
    wanted : str
        Comma-separated types, ``all``, or empty: then all must be of one kind.
    source : str
        Name of the data set for messages.
    """
    found = mix(frame)
    text = ", ".join(f"{name} {count}" for name, count in found.items())
    everything = pd.Series(True, index=frame.index)
    if wanted == "all" or not found:
        return everything
    if not wanted:
        if len({kind(name) for name in found}) > 1:
            raise DataError(f"{source} mixes magnitude types ({text}); choose with magnitude_types "
                            f"(--magnitude_types {next(iter(found))}), or take them all with magnitude_types=all")
        return everything
    names = {name.strip().lower() for name in wanted.split(",")}
    keep = frame["source_magnitude"].isna() | _types(frame).str.lower().isin(names)
    if not (keep & frame["source_magnitude"].notna()).any():
        raise DataError(f"{source} has no magnitude of type {wanted}; it has: {text}")
    return keep
