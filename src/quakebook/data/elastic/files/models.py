"""Elastic models from files of any known kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from quakebook.data.elastic.model import ElasticModel, ModelError

from .binaries import read_binary
from .containers import read_arrays
from .depth import to_time
from .segy import read_segy
from .units import density_to_g_cm3, relation_notes, velocity_to_m_s

#: Endings and words that name a property in a folder of files, and keys that name it in a container.
NAMES = {"vp": ("vp", "p-wave"), "vs": ("vs", "s-wave"), "rho": ("rho", "density", "den")}
#: Keys under which files hold observed gathers; the second is the Nash code's.
SEISMIC = ("seismic", "synth_seismic_15db_noise")
#: Largest density of water. Resampled models mix: a sample may have Vs > 0 and still the density of water.
WATER_G_CM3 = 1.1
MARMOUSI2_SHAPE, MARMOUSI2_DZ_M = (500, 174), 20.0


def load_model(path: str | Path, *, dt_s: float, shape: Sequence[int] | None = None, dz_m: float = 0.0) -> ElasticModel:
    """Load an elastic model.

    Parameters
    ----------
    path : str or Path
        A .npz, .npy, .mat or .h5 file with arrays vp, vs and rho (or density, den), and optionally seismic; or a folder
        with one file per property: SEG-Y, .npy, or flat float32 binaries (names that hold vp, vs, rho, P-WAVE, S-WAVE
        or DENSITY), and optionally seismic_data.npy with the observed gathers.
    dt_s : float
        Time step of the model, or the step to resample to where the model is in depth.
    shape : sequence of int, optional
        Of flat binaries: (traces, depths).
    dz_m : float
        Depth step; 0 for models in time.

    Returns
    -------
    ElasticModel
        A 2-D model becomes one inline. Its notes say which units were found and what was changed.
    """
    path = Path(path)
    if not path.exists():
        raise ModelError(f"{path}: no such file or folder; give the path of an elastic model, or use the synthetic one")
    arrays = _folder(path, shape) if path.is_dir() else _by_name(read_arrays(path), path)
    gathers = arrays.pop("seismic", None)
    arrays = {name: np.squeeze(value) for name, value in arrays.items()}
    shapes = {name: value.shape for name, value in arrays.items()}
    if len(set(shapes.values())) != 1 or arrays["vp"].ndim not in (2, 3):
        raise ModelError(f"{path}: Vp, Vs and density must share one shape (traces, samples) or (inlines, crosslines, "
                         f"samples); found {shapes}")
    vp, first = velocity_to_m_s(arrays["vp"], "vp")
    vs, second = velocity_to_m_s(arrays["vs"], "vs")
    rho, third = density_to_g_cm3(arrays["rho"], "density")
    notes = [first, second, third]
    if dz_m > 0:
        vp, vs, rho = _depth_model(vp, vs, rho, dz_m, dt_s, notes)
    if gathers is not None:
        if dz_m > 0:
            raise ModelError(f"{path}: observed gathers need logs in time; found a model in depth (dz_m {dz_m:g})")
        gathers = np.squeeze(gathers).astype(np.float32)
        gathers = gathers[None] if gathers.ndim == 3 else gathers
        notes.append("observed gathers found in the file; none are made")
    if vp.ndim == 2:
        vp, vs, rho = vp[None], vs[None], rho[None]
    notes += relation_notes(vp, vs)
    return ElasticModel(vp, vs, rho, dt_s, str(path.name), tuple(notes), gathers=gathers)


def load_marmousi2(path: str | Path, dt_s: float = 0.004) -> ElasticModel:
    """Marmousi2 in the DENISE benchmark's form: flat binaries, 500 x 174 samples at 20 m; to two-way time."""
    return load_model(path, dt_s=dt_s, shape=MARMOUSI2_SHAPE, dz_m=MARMOUSI2_DZ_M)


def _depth_model(vp: np.ndarray, vs: np.ndarray, rho: np.ndarray, dz_m: float, dt_s: float, notes: list[str]
                 ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    leading = vp.shape[:-1]
    vp, vs, rho = (x.reshape(-1, x.shape[-1]) for x in (vp, vs, rho))
    solid = (vs > 0) & (rho > WATER_G_CM3)
    top = np.where(solid.any(axis=1), solid.argmax(axis=1), vp.shape[1])
    if int(top.max()) >= vp.shape[1] - 2:
        raise ModelError("a trace holds water only (Vs = 0 or a density of water at every depth)")
    if top.any():
        notes.append(f"water (Vs = 0 or density up to {WATER_G_CM3:g} g/cm3) removed: time starts at the sea floor, {int(top.min()) * dz_m:g} to "
                     f"{int(top.max()) * dz_m:g} m deep")
    vp, vs, rho = to_time(vp, vs, rho, dz_m, dt_s, top)
    notes.append(f"converted from depth (step {dz_m:g} m) to two-way time (step {dt_s * 1000:g} ms, "
                 f"{vp.shape[1]} samples)")
    return tuple(x.reshape(*leading, -1) for x in (vp, vs, rho))


def _folder(path: Path, shape: Sequence[int] | None) -> dict[str, np.ndarray]:
    found = {}
    for name, words in NAMES.items():
        files = sorted(f for f in path.iterdir() if f.is_file() and _means(f, words))
        if len(files) != 1:
            raise ModelError(f"{path}: expected one file for {name} (a name with {' or '.join(words)}); found "
                             f"{[f.name for f in files]}")
        found[name] = _one(files[0], shape)
    observed = path / "seismic_data.npy"
    if observed.is_file():
        found["seismic"] = _one(observed, None)
    return found


def _means(file: Path, words: Sequence[str]) -> bool:
    stem, ending = file.stem.lower(), file.suffix.lower().lstrip(".")
    return ending in words or (ending in ("segy", "sgy", "npy", "bin") and any(w in stem for w in words))


def _one(file: Path, shape: Sequence[int] | None) -> np.ndarray:
    ending = file.suffix.lower()
    if ending in (".segy", ".sgy"):
        return read_segy(file)[0]
    if ending == ".npy":
        arrays = list(read_arrays(file).values())
        if len(arrays) != 1:
            raise ModelError(f"{file}: expected one array; found {len(arrays)}")
        return arrays[0]
    return read_binary(file, shape or ())


def _by_name(arrays: dict[str, np.ndarray], path: Path) -> dict[str, np.ndarray]:
    lower = {key.lower(): value for key, value in arrays.items()}
    found = {}
    for name, words in NAMES.items():
        key = next((w for w in words if w in lower), None)
        if key is None:
            raise ModelError(f"{path}: no array for {name} (named {' or '.join(words)}); the file holds "
                             f"{', '.join(sorted(arrays))}")
        found[name] = lower[key]
    observed = next((lower[key] for key in SEISMIC if key in lower), None)
    return found if observed is None else {**found, "seismic": observed}
