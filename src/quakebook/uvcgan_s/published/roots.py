"""Where the published tools look for data and write models."""

from __future__ import annotations

import os
from pathlib import Path


def data_root() -> Path:
    """``$UVCGAN_S_DATA``, else ``data`` here."""
    return Path(os.environ.get("UVCGAN_S_DATA") or "data").expanduser()


def out_root() -> Path:
    """``$UVCGAN_S_OUTDIR``, else ``outdir`` here."""
    return Path(os.environ.get("UVCGAN_S_OUTDIR") or "outdir").expanduser()
