"""Checkpoints: plain tensors and numbers in one file, whole or absent, checked when read."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from .files import RunError, atomic


def save(path: Path, state: dict[str, Any]) -> Path:
    """`torch.save` to a temporary name, fsynced and renamed."""
    import torch

    with atomic(path) as part:
        try:
            torch.save(state, part)
        except RuntimeError as error:  # torch's zip writer reports a full disk so
            raise OSError(None, str(error).splitlines()[0]) from error
    return path


def load(path: Path, device: Any = "cpu") -> dict[str, Any]:
    """Read with `weights_only`, after comparing every part with its checksum (torch itself reads flipped bytes).

    Raises
    ------
    RunError
        Absent (the message lists what there is), truncated, damaged, or holding other objects than tensors and
        plain values.
    """
    import torch

    if not path.is_file():
        known = sorted(entry.stem for entry in path.parent.glob("*.pt"))
        raise RunError(f"no checkpoint {path.stem!r} in {path.parent}; there are: {', '.join(known) or 'none'}")
    try:
        with zipfile.ZipFile(path) as archive:
            broken = archive.testzip()
        if broken:
            raise zipfile.BadZipFile(f"checksum of {broken}")
        return torch.load(path, map_location=device, weights_only=True)
    except Exception as error:  # pickle, zip, struct, OS and runtime errors all mean the same to the reader
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RunError(f"checkpoint {path} is damaged ({reason}); remove it, or the run's folder, to start again"
                       ) from error
