"""The three domains of a decomposition task: background, signal and mixture, made on the spot or read from a folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from quakebook.data.calorimeter.sources import H5Source, Source, TensorSource
from quakebook.data.calorimeter.synthetic import DOMAINS, PLAIN, PRESETS, SPLITS, VERSION, Options, make
from quakebook.data.errors import DataError

#: More synthetic events a domain than this are not held in memory: they belong in a folder.
MAX_EVENTS_IN_MEMORY = 50_000


@dataclass(frozen=True)
class Domains:
    """Background, signal and mixture of one split.

    Parameters
    ----------
    background, signal : Source or None
        None where the folder has no file for them, as in val and test of the published set.
    mixture : Source
    paired : bool
        Whether row i of the mixture is row i of background plus row i of signal, so that the truth is known.
    name, split : str
    """

    background: Source | None
    signal: Source | None
    mixture: Source
    paired: bool
    name: str
    split: str

    @property
    def fingerprint(self) -> str:
        """Text that changes when the data do."""
        parts = [source.fingerprint if source is not None else "" for source in
                 (self.background, self.signal, self.mixture)]
        return hashlib.sha256(str(parts).encode()).hexdigest()[:16]

    def truth(self, rows) -> tuple[Tensor, Tensor]:
        """Background and signal of the mixtures; an error where they are not known."""
        if not self.paired or self.background is None or self.signal is None:
            raise DataError(f"{self.name}, {self.split}: the parts of its mixtures are not known")
        return self.background.read(rows), self.signal.read(rows)


def open_domains(name: str, split: str, *, records: int | None = None, seed: int = 0,
                 device: str | torch.device = "cpu", options: Options = PLAIN) -> Domains:
    """Open the data of a task.

    Parameters
    ----------
    name : str
        ``synthetic:tiny``, ``synthetic:small``, or a folder with SPLIT/DOMAIN.h5 (background, signal, embed).
    split : {"train", "val", "test"}
    records : int, optional
        Events a domain of synthetic data; default: the size of the preset.
    seed : int
        Of synthetic data.
    device : str or torch.device
        Where synthetic data are made and held.
    options : Options
        Of synthetic data.
    """
    if split not in SPLITS:
        raise DataError(f"there is no split {split!r}; known: {', '.join(SPLITS)}")
    if name.startswith("synthetic:"):
        return _synthetic(name, split, records, seed, device, options)
    if options != PLAIN:
        raise DataError("options of the synthetic data do not apply to a folder")
    return _folder(Path(name), split)


def _synthetic(name: str, split: str, records: int | None, seed: int, device: str | torch.device,
               options: Options) -> Domains:
    preset = name.removeprefix("synthetic:")
    if preset not in PRESETS:
        raise DataError(f"there is no synthetic data {preset!r}; known: {', '.join(PRESETS)}")
    count = PRESETS[preset][split] if records is None else records
    if not 1 <= count <= MAX_EVENTS_IN_MEMORY:
        raise DataError(f"`records` must be 1 to {MAX_EVENTS_IN_MEMORY} for data held in memory; found {count}. "
                        "Write larger sets to a folder (quakebook.data.calorimeter.write) and name it")

    def source(domain: str) -> TensorSource:
        images = make(domain, split, count, seed=seed, device=device, options=options)
        words = f"{domain} {split} {count} {seed} {options} {torch.device(device).type} version {VERSION}"
        return TensorSource(images[:, None], f"{name} {split}/{domain}", words)

    background, signal = source("background"), source("signal")
    if split == "train":
        return Domains(background, signal, source("embed"), False, name, split)
    mixture = TensorSource(background.images + signal.images, f"{name} {split}/embed",
                           f"{background.fingerprint} + {signal.fingerprint}")
    return Domains(background, signal, mixture, True, name, split)


def domain_file(folder: Path, split: str, domain: str) -> Path | None:
    """FOLDER/SPLIT/DOMAIN with no ending, .h5 or .hdf5; None where there is none."""
    for ending in ("", ".h5", ".hdf5"):
        path = folder / split / f"{domain}{ending}"
        if path.is_file():
            return path
    return None


def _folder(folder: Path, split: str) -> Domains:
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder; expected one with {split}/embed.h5, or synthetic:"
                        f"{' or synthetic:'.join(PRESETS)}")
    paths = {domain: domain_file(folder, split, domain) for domain in DOMAINS}
    if paths["embed"] is None:
        held = sorted(path.name for path in (folder / split).iterdir()) if (folder / split).is_dir() else []
        raise DataError(f"{folder / split} holds no embed.h5 (or .hdf5, or no ending); mixtures lie there. Found: "
                        f"{', '.join(held[:6]) or 'nothing'}")
    sources = {domain: H5Source(path) if path else None for domain, path in paths.items()}
    shapes = {source.name: source.shape for source in sources.values() if source is not None}
    if len(set(shapes.values())) > 1:
        raise DataError(f"{folder / split}: all domains must have images of one shape; found {shapes}")
    both = sources["background"] is not None and sources["signal"] is not None
    paired = both and split != "train" and len({len(source) for source in sources.values()}) == 1
    domains = Domains(sources["background"], sources["signal"], sources["embed"], paired, str(folder), split)
    if paired:
        _check_sum(domains)
    return domains


def _check_sum(domains: Domains) -> None:
    """The first and last mixtures must be the sums of their parts."""
    rows = sorted({0, len(domains.mixture) // 2, len(domains.mixture) - 1})
    background, signal = domains.truth(rows)
    mixture = domains.mixture.read(rows)
    if not torch.allclose(background + signal, mixture, rtol=1e-4, atol=1e-3):
        raise DataError(f"{domains.name}, {domains.split}: rows of embed are not the sums of the same rows of "
                        "background and signal; remove background and signal where they are not the truth of embed")
