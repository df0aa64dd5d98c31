"""Open data by name: SeisBench's data sets, a folder, or synthetic records made on the spot."""

from __future__ import annotations

import inspect
import os
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakebook.project import cache_root

from .checksums import damaged_files
from .errors import DataError
from .inspection import check_files, chunk_files
from .opening import opened

if TYPE_CHECKING:
    from seisbench.data import WaveformDataset

    from .records import Records

#: Data sets that SeisBench composes of others.
_COMPOSED = {"InstanceCountsCombined": ("InstanceCounts", "InstanceNoise"),
             "EQSDenoiserCombined": ("EQSDenoiserEvents", "EQSDenoiserNoise")}
SYNTHETIC = "synthetic:"


def known_datasets() -> list[str]:
    """Names of SeisBench's waveform data sets."""
    import seisbench.data as sbd

    hidden = {"WaveformBenchmarkDataset", "BenchmarkDataset"}
    return sorted(name for name, item in vars(sbd).items() if inspect.isclass(item) and name not in hidden and (
        name in _COMPOSED or issubclass(item, sbd.WaveformBenchmarkDataset)) and not inspect.isabstract(item))


def open_dataset(name_or_path: str | Path, *, download: bool = False, verify: bool = True,
                 **kwargs: Any) -> WaveformDataset:
    """Open a data set with SeisBench.

    Parameters
    ----------
    name_or_path : str or Path
        A SeisBench class name ("InstanceCounts", "ETHZ", "STEAD", "GEOFON", "MLAAPDE", ...), a folder with
        ``metadata.csv`` and ``waveforms.hdf5``, or "synthetic:PRESET:N:SEED", which is made once and kept in the cache.
    download : bool
        Let SeisBench download a named data set that is not on disk. Never done unasked: some are hundreds of gigabytes.
    verify : bool
        Compare the files with ``checksums.json`` where there is one.
    **kwargs
        For the SeisBench class, e.g. ``sampling_rate=100``; ``component_order`` is "ZNE" unless given,
        and a lower rate is reached by a filter without delay, so that picks stay in place.

    Raises
    ------
    DataError
        Unknown name (the message lists the known ones), absent, damaged or unreadable files.
    """
    text = str(name_or_path)
    kwargs = {"component_order": "ZNE", "resample_zerophase": True} | kwargs
    if text.startswith(SYNTHETIC):
        return _open_folder(_cached_synthetic(text), verify, kwargs)
    if (folder := as_folder(text)) is not None:
        return _open_folder(folder, verify, kwargs)
    return _open_named(_known(text), download, verify, kwargs)


def as_folder(text: str) -> Path | None:
    """The folder that `text` names, ``~`` being the home folder; None where there is none of that name."""
    try:
        folder = Path(text).expanduser()
    except RuntimeError:  # ~somebody who does not exist
        return None
    return folder if folder.is_dir() else None


def folders_of(name_or_path: str | Path) -> list[Path]:
    """Folders of a data set that is on disk; synthetic records are made and kept in the cache.

    Parameters
    ----------
    name_or_path : str or Path
        As for `open_dataset`.

    Raises
    ------
    DataError
        Unknown name, or a named set that is not on disk.
    """
    text = str(name_or_path)
    if text.startswith(SYNTHETIC):
        return [_cached_synthetic(text)]
    if (folder := as_folder(text)) is not None:
        return [folder]
    folders = _named_folders(_known(text))
    for member, folder in folders.items():
        if not chunk_files(folder):
            raise _absent(member, folder)
    return list(folders.values())


def _known(text: str) -> str:
    """`text`, if it is the name of a data set; else a DataError that says what there is."""
    if text in known_datasets():
        return text
    if os.sep in text or "\\" in text or text.startswith((".", "~")):
        raise DataError(f"there is no folder {text}")
    near = get_close_matches(text, known_datasets(), 3)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise DataError(f"unknown data set {text!r}{hint}. Known: {', '.join(known_datasets())}; or a folder, or "
                    "synthetic:PRESET:N:SEED")


def make_synthetic(text: str) -> Records:
    """The records of a recipe ``synthetic:PRESET:N:SEED``."""
    from .synthetic.generate import make

    preset, n, seed = _parse(text)
    return make(preset, n, seed)


def _parse(text: str) -> tuple[str, int, int]:
    parts = text.removeprefix(SYNTHETIC).split(":")
    try:
        preset, n, seed = parts[0], int(parts[1]), int(parts[2])
        if len(parts) != 3:
            raise ValueError
    except (IndexError, ValueError):
        raise DataError(f"{text!r} must read synthetic:PRESET:N:SEED, for example synthetic:picker:1000:42") from None
    return preset, n, seed


def _cached_synthetic(text: str) -> Path:
    from . import store
    from .synthetic import generate, presets

    preset, n, seed = _parse(text)
    identity = generate.fingerprint(presets.get(preset), n, seed, "cpu")
    root = cache_root()
    folder = root / f"synthetic-{preset}-{n}-{seed}-{identity}"
    return folder if folder.is_dir() else store.write(make_synthetic(text), folder, overwrite=True)


def _open_folder(folder: Path, verify: bool, kwargs: dict[str, Any], name: str | None = None) -> WaveformDataset:
    from seisbench.data import WaveformDataset

    check_files(folder)
    if verify and (problems := damaged_files(folder)):
        raise DataError("; ".join(problems))
    return opened(WaveformDataset, {"path": folder, "name": name or folder.name, **kwargs}, str(folder), [folder])


def _named_folders(name: str) -> dict[str, Path]:
    import seisbench.data as sbd

    return {member: getattr(sbd, member)._path_internal() for member in _COMPOSED.get(name, (name,))}


def _absent(member: str, folder: Path) -> DataError:
    return DataError(f"data set {member} is not on disk: it would have to lie in {folder} as metadata.csv and "
                     "waveforms.hdf5 (set SEISBENCH_CACHE_ROOT for another place). Copy it there, or ask for the "
                     "download (--download on the command line, download=True in Python)")


def _open_named(name: str, download: bool, verify: bool, kwargs: dict[str, Any]) -> WaveformDataset:
    import seisbench.data as sbd

    named = _named_folders(name)
    folders = list(named.values())
    for member, folder in named.items():
        if chunk_files(folder):
            check_files(folder)
            if verify and (problems := damaged_files(folder)):
                raise DataError("; ".join(problems))
        elif not download:
            raise _absent(member, folder)
    listed = any((folders[0] / file).is_file() for file in ("metadata.csv", "chunks"))
    if len(folders) == 1 and not listed and not download:  # chunks without a list of them: SeisBench would ask the net
        return _open_folder(folders[0], verify, kwargs, name)
    return opened(getattr(sbd, name), kwargs, name, folders)
