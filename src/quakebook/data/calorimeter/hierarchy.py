"""Folders of the published package: SPLIT/DOMAIN with images or arrays, CycleGAN's trainA, and the toy mixture."""

from __future__ import annotations

from pathlib import Path

from quakebook.data.calorimeter.sources import FolderSource
from quakebook.data.calorimeter.toy_mix import ToyMix
from quakebook.data.errors import DataError


def open_folder(folder: str | Path, domain: str, split: str, layout: str = "image-domain-hierarchy") -> FolderSource:
    """Images of one domain and split.

    Parameters
    ----------
    folder : str or Path
    domain, split : str
    layout : {"image-domain-hierarchy", "ndarray-domain-hierarchy", "image-domain-folder", "cyclegan"}
        FOLDER/SPLIT/DOMAIN with images or with `.npz` files; or FOLDER/SPLITDOMAIN, such as trainA (two names).
    """
    if layout in ("image-domain-folder", "cyclegan"):
        path = Path(folder) / f"{split}{domain}"
    elif layout in ("image-domain-hierarchy", "ndarray-domain-hierarchy"):
        path = Path(folder) / split / domain
    else:
        raise DataError(f"there is no layout {layout!r}; known: image-domain-hierarchy, ndarray-domain-hierarchy, "
                        "image-domain-folder, cyclegan")
    if not path.is_dir():
        raise DataError(f"{path} is not a folder (layout {layout})")
    return FolderSource(path, "array" if layout.startswith("ndarray") else "image")


def open_toy(folder: str | Path, split: str, *, first: str = "cat", second: str = "dog", alpha: float = 0.5,
             alpha_range: float = 0.0, blur_size: int = 5, seed: int = 0) -> ToyMix:
    """Blends of two image domains, FOLDER/SPLIT/{cat,dog}; the domains are its `first` and `second`."""
    sources = [open_folder(folder, domain, split) for domain in (first, second)]
    return ToyMix(*sources, split, alpha, alpha_range, blur_size, seed)
