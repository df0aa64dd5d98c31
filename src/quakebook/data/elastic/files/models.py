"""Elastic models from files of any known kind."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from quakebook.data.elastic.model import ElasticModel, ModelError

from .axes import check_lengths, doubts
from .contents import Contents, read_contents
from .depth import to_time
from .overthrust import find_overthrust, overthrust_contents
from .plausible import check_interval, check_rocks, check_steps
from .units import density_to_g_cm3, relation_notes, velocity_to_m_s

#: Largest density of water. Resampled models mix: a sample may have Vs > 0 and still the density of water.
WATER_G_CM3 = 1.1
MARMOUSI2_SHAPE, MARMOUSI2_DZ_M = (500, 174), 20.0
DEFAULT_DT_S = 0.004


def load_model(path: str | Path, *, dt_s: float | None = None, shape: Sequence[int] | None = None, dz_m: float = 0.0,
               byte_order: str = "<", every: int = 1) -> ElasticModel:
    """Load an elastic model.

    Parameters
    ----------
    path : str or Path
        A .npz, .npy, .mat or .h5 file with arrays vp, vs and rho (or density, den), and optionally seismic, dt, dz,
        wells and initial_vp, initial_vs, initial_rho; or a folder with one file per property: SEG-Y, .npy, or flat
        float32 binaries (names that hold vp, vs, rho, P-WAVE, S-WAVE or DENSITY), and optionally seismic_data.npy with
        the observed gathers; or the SEG/EAGE Overthrust model (``*.vites``, or a folder that holds one).
    dt_s : float, optional
        Time step of the model, or the step to resample to where the model is in depth. Left out: what the file says.
    shape : sequence of int, optional
        Of flat binaries: (traces, depths); of Overthrust: (x, y, depths).
    dz_m : float
        Depth step; 0 for models in time.
    byte_order : "<" or ">"
        Of flat binaries.
    every : int
        Keep every so-many-th inline and crossline.

    Returns
    -------
    ElasticModel
        A 2-D model becomes one inline. Its notes say which units were found and what was changed.

    Raises
    ------
    ModelError
        A missing, damaged or unknown file; a step unlike that of the file; values that no rock has; samples on
        another axis than the last one, as far as the file says so. Where only the values speak for it, a note is told.
    """
    path = Path(path)
    if not path.exists():
        raise ModelError(f"{path}: no such file or folder; give the path of an elastic model, or use the synthetic one")
    vites = find_overthrust(path)
    if vites is None:
        contents = read_contents(path, shape, byte_order)
    else:
        contents = overthrust_contents(vites, shape, every)
        every = 1
    dt_s, dz_m = _steps(path, contents, dt_s, dz_m)
    arrays = {name: np.squeeze(value) for name, value in contents.arrays.items()}
    shapes = {name: value.shape for name, value in arrays.items()}
    if len(set(shapes.values())) != 1 or arrays["vp"].ndim not in (2, 3):
        raise ModelError(f"{path}: Vp, Vs and density must share one shape (traces, samples) or (inlines, crosslines, "
                         f"samples); found {shapes}")
    check_lengths(str(path), contents.lengths, shapes["vp"])
    notes = list(contents.notes)
    volumes = _volumes(path, arrays, dz_m, dt_s, notes)
    initial = _initial(path, contents, arrays["vp"].shape, dz_m, notes)
    gathers = _gathers(path, contents, dz_m, notes)
    wells = _wells(path, contents, every, notes)
    check_rocks(*volumes, str(path))
    _tell_doubts(path, arrays, contents)
    notes += relation_notes(*volumes[:2])
    vp, vs, rho = (volume[::every, ::every] for volume in volumes)
    return ElasticModel(vp, vs, rho, dt_s, str(path.name), tuple(notes), wells=wells,
                        gathers=None if gathers is None else gathers[::every, ::every],
                        initial=None if initial is None else initial[::every, ::every])


def load_marmousi2(path: str | Path, dt_s: float = 0.004) -> ElasticModel:
    """Marmousi2 in the DENISE benchmark's form: flat binaries, 500 x 174 samples at 20 m; to two-way time."""
    return load_model(path, dt_s=dt_s, shape=MARMOUSI2_SHAPE, dz_m=MARMOUSI2_DZ_M)


def _steps(path: Path, contents: Contents, dt_s: float | None, dz_m: float) -> tuple[float, float]:
    """Steps in time and depth from what was asked for and what the files say; an error where these differ."""
    for key, wanted, own in (("dt", dt_s, contents.dt_s), ("dz", dz_m or None, contents.dz_m)):
        if wanted is not None and own is not None and abs(wanted - own) > 0.01 * abs(own):
            raise ModelError(f"{path}: the file says {key} {own:g}, but {wanted:g} was asked for (data.dt_s, "
                             "data.dz_m, --dt, --dz)")
    dz_m = dz_m or contents.dz_m or 0.0
    headers = sorted(set(contents.headers.values()))
    if dt_s is None:
        dt_s = contents.dt_s or (headers[0] / 1000.0 if headers and headers[0] > 0 and not dz_m else DEFAULT_DT_S)
    check_steps(dt_s, dz_m)
    for name, header in contents.headers.items():
        check_interval(f"{path}/{name}", header, dt_s, dz_m)
    return dt_s, dz_m


def _tell_doubts(path: Path, arrays: dict[str, np.ndarray], contents: Contents) -> None:
    """Say where axes of the model, or of its initial model, seem to be exchanged."""
    start = {f"initial_{name}": np.squeeze(value) for name, value in contents.initial.items()}
    for doubt in doubts(str(path), arrays) + doubts(str(path), start):
        logging.getLogger("quakebook").warning(doubt)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Put the file's name before what is wrong with its numbers."""
    try:
        yield
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error


def _volumes(path: Path, arrays: dict[str, np.ndarray], dz_m: float, dt_s: float, notes: list[str]
             ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vp, Vs, density (inlines, crosslines, samples) in m/s and g/cm3, in time; what was done goes into the notes."""
    with _naming(path):
        vp, first = velocity_to_m_s(arrays["vp"], "vp")
        vs, second = velocity_to_m_s(arrays["vs"], "vs")
        rho, third = density_to_g_cm3(arrays["rho"], "density")
        notes += [first, second, third]
        volumes = _depth_model(vp, vs, rho, dz_m, dt_s, notes) if dz_m > 0 else (vp, vs, rho)
    for volume, name in zip(volumes, ("vp", "vs", "density"), strict=True):
        if (volume <= 0).any():
            raise ModelError(f"{path}: `{name}` must be positive; {int((volume <= 0).sum())} samples are not: missing "
                             "values or water are suspected (water is removed from models in depth)")
    return tuple(volume[None] if volume.ndim == 2 else volume for volume in volumes)


def _wells(path: Path, contents: Contents, every: int, notes: list[str]) -> np.ndarray | None:
    """Traces of the wells that the file names, if it names any."""
    if contents.wells is None:
        return None
    if every > 1:
        raise ModelError(f"{path}: traces cannot be left out (every {every}) where the file says which are wells")
    wells = np.atleast_1d(np.squeeze(contents.wells))
    notes.append(f"{len(wells)} wells found in the file; none are chosen")
    return wells


def _initial(path: Path, contents: Contents, shape: tuple[int, ...], dz_m: float, notes: list[str]
             ) -> np.ndarray | None:
    if not contents.initial:
        return None
    if dz_m > 0:
        raise ModelError(f"{path}: an initial model needs logs in time; found a model in depth (dz_m {dz_m:g})")
    arrays = {name: np.squeeze(value) for name, value in contents.initial.items()}
    if any(value.shape != shape for value in arrays.values()):
        raise ModelError(f"{path}: the initial model must have the shape of the model, {shape}; found "
                         f"{ {name: value.shape for name, value in arrays.items()} }")
    with _naming(path):
        parts = [velocity_to_m_s(arrays["vp"], "initial_vp")[0], velocity_to_m_s(arrays["vs"], "initial_vs")[0],
                 density_to_g_cm3(arrays["rho"], "initial_rho")[0]]
    check_rocks(*parts, f"{path}, initial model")
    notes.append("initial model found in the file; none is made")
    whole = np.stack([part[None] if part.ndim == 2 else part for part in parts], axis=2)
    return np.ascontiguousarray(whole, dtype=np.float32)


def _gathers(path: Path, contents: Contents, dz_m: float, notes: list[str]) -> np.ndarray | None:
    if contents.gathers is None:
        return None
    if dz_m > 0:
        raise ModelError(f"{path}: observed gathers need logs in time; found a model in depth (dz_m {dz_m:g})")
    gathers = np.squeeze(contents.gathers).astype(np.float32)
    notes.append("observed gathers found in the file; none are made")
    return gathers[None] if gathers.ndim == 3 else gathers


def _depth_model(vp: np.ndarray, vs: np.ndarray, rho: np.ndarray, dz_m: float, dt_s: float, notes: list[str]
                 ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    leading = vp.shape[:-1]
    vp, vs, rho = (x.reshape(-1, x.shape[-1]) for x in (vp, vs, rho))
    solid = (vs > 0) & (rho > WATER_G_CM3)
    top = np.where(solid.any(axis=1), solid.argmax(axis=1), vp.shape[1])
    if int(top.max()) >= vp.shape[1] - 2:
        raise ModelError("a trace holds water only (Vs = 0 or a density of water at every depth)")
    if top.any():
        notes.append(f"water (Vs = 0 or density up to {WATER_G_CM3:g} g/cm3) removed: time starts at the first solid "
                     f"sample, {int(top.min()) * dz_m:g} to {int(top.max()) * dz_m:g} m deep")
    vp, vs, rho = to_time(vp, vs, rho, dz_m, dt_s, top)
    notes.append(f"converted from depth (step {dz_m:g} m) to two-way time (step {dt_s * 1000:g} ms, "
                 f"{vp.shape[1]} samples)")
    return tuple(x.reshape(*leading, -1) for x in (vp, vs, rho))
