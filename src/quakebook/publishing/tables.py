"""Tables as MyST Markdown."""

from __future__ import annotations

import pandas as pd


def myst(frame: pd.DataFrame, name: str, caption: str) -> str:
    """A DataFrame as a numbered table of the book."""
    body = frame.to_markdown(index=False, disable_numparse=True)
    return f"```{{table}} {caption}\n:name: {name}\n\n{body}\n```"


def myst_table(frame: pd.DataFrame, name: str, caption: str) -> str:
    """A table of text cells as a numbered table of the book; a dash stands for what there is not."""
    cells = frame.astype(object).where(frame.notna(), "–").replace("nan", "–")
    body = cells.to_markdown(index=False, disable_numparse=True)
    return f"```{{table}} {caption}\n:name: {name}\n\n{body}\n```"
