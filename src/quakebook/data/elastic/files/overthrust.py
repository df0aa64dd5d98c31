"""The SEG/EAGE Overthrust model as published: one raw cube of Vp; Vs and density follow from rock physics."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from quakebook.data.elastic.model import ModelError
from quakebook.data.elastic.rock_physics import gardner_density, mudrock_vs

from .binaries import OVERTHRUST_SHAPE, read_overthrust
from .contents import Contents

DZ_M = 25.0


def find_overthrust(path: Path) -> Path | None:
    """The ``*.vites`` file that `path` is, or that the folder `path` holds; None where there is none."""
    if path.is_file():
        return path if path.suffix.lower() == ".vites" else None
    files = sorted(file for file in path.glob("*.vites") if not file.name.startswith("."))
    if len(files) > 1:
        raise ModelError(f"{path}: expected one file *.vites; found {[file.name for file in files]}")
    return files[0] if files else None


def overthrust_contents(path: Path, shape: Sequence[int] | None = None, every: int = 1) -> Contents:
    """Vp of every so-many-th trace, Vs by the mudrock line, density after Gardner (Aminzadeh, Brac, Kunz 1997).

    Parameters
    ----------
    shape : (x, y, depths), optional
        Default (801, 801, 187).
    """
    shape = tuple(shape or OVERTHRUST_SHAPE)
    if len(shape) != 3:
        raise ModelError(f"{path}: the shape of Overthrust is (x, y, depths); found {shape}")
    vp = read_overthrust(path, shape)[::every, ::every]
    if not (np.isfinite(vp).all() and float(vp.min()) > 1500.0 and float(vp.max()) < 8500.0):
        raise ModelError(f"{path}: Vp from {float(vp.min()):.4g} to {float(vp.max()):.4g} is not that of Overthrust "
                         "(2360 to 6000 m/s): another shape or byte order is suspected")
    notes = [f"SEG/EAGE Overthrust, big-endian, x fastest, depth slowest, {shape[0]} x {shape[1]} x {shape[2]}"
             + (f", every {every}th trace" if every > 1 else ""),
             "Vs by the mudrock line and density after Gardner: both follow from Vp"]
    return Contents({"vp": vp, "vs": mudrock_vs(vp).astype(np.float32), "rho": gardner_density(vp)}, dz_m=DZ_M,
                    notes=notes)
