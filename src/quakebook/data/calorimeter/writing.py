"""Write the synthetic data as the HDF5 hierarchy of the published package: any size, bounded memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import h5py
import torch

from quakebook.data.calorimeter.detector import COLUMNS, ROWS
from quakebook.data.calorimeter.synthetic import DOMAINS, PLAIN, PRESETS, SPLITS, Options, make
from quakebook.data.checksums import whole_folder, write_checksums
from quakebook.data.errors import DataError

CHUNK_ROWS, BLOCK_ROWS = 16, 2000


def write(folder: str | Path, preset: str = "small", *, counts: Mapping[str, int] | None = None, seed: int = 0,
          device: str | torch.device = "cpu", options: Options = PLAIN, overwrite: bool = False) -> Path:
    """Write SPLIT/{background,signal,embed}.h5 of all splits; the folder appears only when everything is on disk.

    Parameters
    ----------
    folder : str or Path
    preset : str
        Sizes: ``tiny`` or ``small``.
    counts : mapping, optional
        Events a domain of train, val and test, instead of the preset's.
    seed, device, options
        As in `make`.
    overwrite : bool
        Replace an existing folder.

    Returns
    -------
    Path
        The folder. Rows are compressed in chunks of 16 with a Fletcher-32 checksum each.
    """
    if preset not in PRESETS:
        raise DataError(f"there is no preset {preset!r}; known: {', '.join(PRESETS)}")
    sizes = {**PRESETS[preset], **(counts or {})}
    if unknown := set(sizes) - set(SPLITS):
        raise DataError(f"unknown split {', '.join(sorted(unknown))}; known: {', '.join(SPLITS)}")
    folder = Path(folder).resolve()
    names = [f"{split}/{domain}.h5" for split in SPLITS for domain in DOMAINS]
    with whole_folder(folder, overwrite) as temporary:
        for split in SPLITS:
            (temporary / split).mkdir()
            _write_split(temporary / split, split, sizes[split], seed, device, options)
        write_checksums(temporary, names, source=f"synthetic calorimeter, seed {seed}", options=str(options))
    return folder


def _write_split(folder: Path, split: str, count: int, seed: int, device: str | torch.device,
                 options: Options) -> None:
    files = {domain: h5py.File(folder / f"{domain}.h5", "w") for domain in DOMAINS}
    try:
        for file in files.values():
            file.create_dataset("data", (count, ROWS, COLUMNS), "f4", chunks=(min(CHUNK_ROWS, count), ROWS, COLUMNS),
                                compression="gzip", compression_opts=1, shuffle=True, fletcher32=True)
        for first in range(0, count, BLOCK_ROWS):
            rows = min(BLOCK_ROWS, count - first)
            images = {d: make(d, split, rows, seed=seed, first=first, device=device, options=options).cpu()
                      for d in (DOMAINS if split == "train" else ("background", "signal"))}
            images.setdefault("embed", images["background"] + images["signal"])
            for domain, file in files.items():
                file["data"][first : first + rows] = images[domain].numpy()
    finally:
        for file in files.values():
            file.close()
