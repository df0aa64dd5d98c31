"""Open data by name: SeisBench's data sets, a folder, or synthetic records made on the spot."""

from __future__ import annotations

import hashlib
import inspect
import os
import warnings
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from quakebook.data.checksums import damaged_files, read_checksums
from quakebook.data.errors import DataError
from quakebook.data.inspection import check_files, chunk_files
from quakebook.data.records import Records, pick_columns
from quakebook.data.shapes import check_shapes

if TYPE_CHECKING:
    from seisbench.data import WaveformDataset

#: Data sets that SeisBench composes of others.
_COMPOSED = {"InstanceCountsCombined": ("InstanceCounts", "InstanceNoise"),
             "EQSDenoiserCombined": ("EQSDenoiserEvents", "EQSDenoiserNoise")}
SYNTHETIC = "synthetic:"
READ_TRACES = 256


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
        For the SeisBench class, e.g. ``sampling_rate=100`` or ``component_order="ZNE"``.

    Raises
    ------
    DataError
        Unknown name (the message lists the known ones), absent, damaged or unreadable files.
    """
    text = str(name_or_path)
    if text.startswith(SYNTHETIC):
        return _open_folder(_cached_synthetic(text), verify, kwargs)
    if Path(text).is_dir():
        return _open_folder(Path(text), verify, kwargs)
    if text in known_datasets():
        return _open_named(text, download, verify, kwargs)
    if os.sep in text or text.startswith((".", "~")):
        raise DataError(f"there is no folder {text}")
    near = get_close_matches(text, known_datasets(), 3)
    hint = f"; did you mean {', '.join(near)}?" if near else ""
    raise DataError(f"unknown data set {text!r}{hint} Known: {', '.join(known_datasets())}; or a folder, or "
                    "synthetic:PRESET:N:SEED")


def load_records(name_or_path: str | Path, split: str | None = None, limit: int | None = None,
                 require: Sequence[str] = ("P", "S"), **kwargs: Any) -> Records:
    """Read a data set into memory as `Records` at 100 Hz, components Z, N, E.

    Parameters
    ----------
    name_or_path : str or Path
        As for `open_dataset`; "synthetic:PRESET:N:SEED" goes straight to memory.
    split : str, optional
        train, dev or test.
    limit : int, optional
        Only the first records.
    require : sequence of str
        Phases for which there must be a pick column.
    **kwargs
        For `open_dataset`.

    Raises
    ------
    DataError
        A missing pick column, a value that is not finite, a wrong shape, or anything `open_dataset` raises.
    """
    text = str(name_or_path)
    if text.startswith(SYNTHETIC):
        records = _make(text)
        records = records if split is None else records.split(split)
        return _checked_picks(records if limit is None else records.subset(slice(limit)), require)
    dataset = open_dataset(name_or_path, **{"sampling_rate": 100, "component_order": "ZNE", "dimension_order": "NCW",
                                            **kwargs})
    metadata = dataset.metadata
    if split is not None:
        if "split" not in metadata or split not in set(metadata["split"]):
            found = sorted(set(metadata["split"].dropna())) if "split" in metadata else []
            raise DataError(f"{text} has no split {split!r}; it has {', '.join(found) or 'none'}")
        metadata = metadata[metadata["split"] == split]
    metadata = metadata.iloc[:limit]
    rows = np.flatnonzero(dataset.metadata.index.isin(metadata.index))
    for member in getattr(dataset, "datasets", [dataset]):
        check_shapes(Path(member.path), member.metadata)
    waveforms = _read(dataset, rows, text)
    identity = hashlib.sha256(f"{_identity(dataset)}|{split}|{limit}|{sorted(kwargs.items())}".encode())
    return _checked_picks(Records(waveforms, metadata.reset_index(drop=True), float(dataset.sampling_rate or 100.0),
                                  text, identity.hexdigest()[:16]), require)


def _make(text: str) -> Records:
    from quakebook.data.synthetic.generate import make

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
    from quakebook.data import store
    from quakebook.data.synthetic import generate, presets

    preset, n, seed = _parse(text)
    identity = generate.fingerprint(presets.get(preset), n, seed, "cpu")
    root = Path(os.environ.get("QUAKEBOOK_CACHE", Path.home() / ".cache" / "quakebook"))
    folder = root / f"synthetic-{preset}-{n}-{seed}-{identity}"
    return folder if folder.is_dir() else store.write(_make(text), folder, overwrite=True)


def _open_folder(folder: Path, verify: bool, kwargs: dict[str, Any], name: str | None = None) -> WaveformDataset:
    from seisbench.data import WaveformDataset

    check_files(folder)
    if verify and (problems := damaged_files(folder)):
        raise DataError("; ".join(problems))
    return _construct(WaveformDataset, {"path": folder, "name": name or folder.name, **kwargs}, str(folder))


def _open_named(name: str, download: bool, verify: bool, kwargs: dict[str, Any]) -> WaveformDataset:
    import seisbench.data as sbd

    members = [getattr(sbd, member) for member in _COMPOSED.get(name, (name,))]
    folders = [member._path_internal() for member in members]
    for member, folder in zip(members, folders, strict=True):
        if chunk_files(folder):
            check_files(folder)
            if verify and (problems := damaged_files(folder)):
                raise DataError("; ".join(problems))
        elif not download:
            raise DataError(
                f"data set {member.__name__} is not on disk: it would have to lie in {folder} as metadata.csv and "
                f"waveforms.hdf5 (set SEISBENCH_CACHE_ROOT for another place). Copy it there, or ask for the download "
                f"with download=True")
    listed = any((folders[0] / file).is_file() for file in ("metadata.csv", "chunks"))
    if len(folders) == 1 and not listed and not download:  # chunks without a list of them: SeisBench would ask the net
        return _open_folder(folders[0], verify, kwargs, name)
    return _construct(getattr(sbd, name), kwargs, name)


def _construct(factory: Any, kwargs: dict[str, Any], what: str) -> WaveformDataset:
    try:
        with warnings.catch_warnings():
            # SeisBench 0.12 resets an index in place, which pandas 3.1 announces to give up
            warnings.filterwarnings("ignore", "The inplace keyword", DeprecationWarning)
            return factory(**kwargs)
    except TypeError:
        raise
    except Exception as error:  # SeisBench, pandas and h5py each have their own kinds of error here
        raise DataError(f"cannot open {what}: {error}") from error


def _read(dataset: WaveformDataset, rows: np.ndarray, what: str) -> torch.Tensor:
    """Waveforms (n, 3, samples), with every way of being unusable turned into one message."""
    parts = []
    for first in range(0, len(rows), READ_TRACES):
        part = rows[first : first + READ_TRACES]
        names = dataset.metadata["trace_name"].iloc[part]
        try:
            values = np.asarray(dataset.get_waveforms(idx=part.tolist()), dtype=np.float32)
        except Exception as error:  # damaged chunks, wrong trace names and wrong shapes all differ in kind
            raise DataError(f"{what}: cannot read the waveforms of {names.iloc[0]} and the {len(part) - 1} after it: "
                            f"{error}") from error
        if values.ndim != 3 or values.shape[1] != 3:
            raise DataError(f"{what}: waveforms must have shape (n, 3, samples); found {values.shape} at "
                            f"{names.iloc[0]}")
        bad = ~np.isfinite(values).all(axis=(1, 2))
        if bad.any():
            raise DataError(f"{what}: trace {names.iloc[int(bad.argmax())]} holds values that are not finite")
        parts.append(torch.from_numpy(values))
    if not parts:
        raise DataError(f"{what} holds no record with these settings")
    longest = max(part.shape[-1] for part in parts)
    return torch.cat([torch.nn.functional.pad(part, (0, longest - part.shape[-1])) for part in parts])


def _checked_picks(records: Records, require: Sequence[str]) -> Records:
    columns = list(records.metadata.columns)
    for phase in require:
        if not pick_columns(columns, phase):
            held = [column for column in columns if column.endswith("_arrival_sample")]
            raise DataError(f"{records.source} has no column with {phase} picks (trace_..._arrival_sample); "
                            f"it has {', '.join(held) or 'no pick column at all'}")
    return records


def _identity(dataset: WaveformDataset) -> str:
    """Fingerprint of what is on disk: the checksum file where there is one, else metadata and file sizes."""
    parts = []
    for member in getattr(dataset, "datasets", [dataset]):
        folder = Path(member.path)
        content = read_checksums(folder)
        if content is not None:
            parts.append(str(sorted(content["files"].items())))
            continue
        digest = hashlib.sha256()
        for metadata, waveforms in chunk_files(folder):
            digest.update(metadata.read_bytes())
            digest.update(str(waveforms.stat().st_size).encode())
        parts.append(digest.hexdigest())
    return "|".join(parts)


