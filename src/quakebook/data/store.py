"""Write records as a SeisBench `WaveformDataset` folder: ``metadata.csv``, ``waveforms.hdf5``, ``checksums.json``."""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from .checksums import whole_folder, write_checksums
from .description import info
from .inspection import verify
from .records import Records

__all__ = ["info", "verify", "write"]

BLOCK_TRACES = 1024
METADATA, WAVEFORMS = "metadata.csv", "waveforms.hdf5"


def write(records: Records, folder: str | Path, *, overwrite: bool = False, compression: int = 4) -> Path:
    """Write records so that SeisBench, and this package, open them.

    Parameters
    ----------
    records : Records
    folder : str or Path
        Appears only when everything is on disk. An existing folder that is not empty is an error.
    overwrite : bool
        Replace an existing folder.
    compression : int
        Level of gzip, 0 to 9.

    Returns
    -------
    Path
        The folder. Traces lie in blocks of at most 1024 that never mix splits, one compressed chunk per trace, each
        chunk with a Fletcher-32 checksum, so that a flipped byte fails loudly.
    """
    folder = Path(folder).resolve()
    with whole_folder(folder, overwrite) as temporary:
        names = _write_waveforms(records, temporary / WAVEFORMS, compression)
        metadata = records.metadata.copy()
        if "trace_name_original" not in metadata and "trace_name" in metadata:
            metadata["trace_name_original"] = metadata["trace_name"]
        metadata["trace_name"] = names
        metadata.to_csv(temporary / METADATA, index=False)
        write_checksums(temporary, (METADATA, WAVEFORMS), source=records.source, fingerprint=records.fingerprint,
                        traces=len(records))
    return folder


def block_rows(splits: pd.Series | None, n: int) -> list[np.ndarray]:
    """Row numbers of each block: at most 1024, all of one split."""
    rows = np.arange(n)
    groups = [rows] if splits is None else [rows[(splits == name).to_numpy()] for name in splits.dropna().unique()]
    if splits is not None and splits.isna().any():
        groups.append(rows[splits.isna().to_numpy()])
    return [group[k : k + BLOCK_TRACES] for group in groups for k in range(0, len(group), BLOCK_TRACES)]


def _write_waveforms(records: Records, path: Path, compression: int) -> list[str]:
    n, components, samples = records.waveforms.shape
    names = [""] * n
    with h5py.File(path, "w") as file:
        for number, rows in enumerate(block_rows(records.metadata.get("split"), n)):
            file.create_dataset(
                f"data/bucket{number}", data=records.waveforms[rows].cpu().numpy(), chunks=(1, components, samples),
                compression="gzip", compression_opts=compression, shuffle=True, fletcher32=True)
            for position, row in enumerate(rows.tolist()):
                names[row] = f"bucket{number}${position},:{components},:{samples}"
        _write_format(file, records)
    return names


def _write_format(file: h5py.File, records: Records) -> None:
    channels = records.metadata.get("trace_channel", pd.Series(dtype=str)).astype(str)
    accelerations = bool(channels.str.endswith("N").any())
    group = file.create_group("data_format")
    for key, value in {"dimension_order": "CW", "component_order": "ZNE", "sampling_rate": records.sampling_rate_hz,
                       "measurement": "velocity/acceleration" if accelerations else "velocity", "unit": "counts",
                       "instrument_response": "not restituted"}.items():
        group[key] = value
