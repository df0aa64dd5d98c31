"""``resize``: a tree of images made smaller, with its folders kept."""

from __future__ import annotations

from pathlib import Path

from quakebook.data.errors import DataError

FILTERS = ("bilinear", "bicubic", "lanczos")


def resize(source: Path, target: Path, size: tuple[int, int], method: str = "lanczos") -> int:
    """Write every file of `source` at (width, height) below `target`; returns how many.

    Names keep their place; ``.png`` is appended to those that do not end so (x.jpg becomes x.jpg.png).

    Raises
    ------
    DataError
        No such folder, no files, or a file that is no image; the message names it.
    """
    from PIL import Image, UnidentifiedImageError

    if not source.is_dir():
        raise DataError(f"{source} is no folder of images")
    paths = sorted(path for path in source.rglob("*") if path.is_file())
    if not paths:
        raise DataError(f"{source} holds no files")
    resample = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC,
                "lanczos": Image.Resampling.LANCZOS}[method]
    for path in paths:
        relative = path.relative_to(source)
        name = relative.name if relative.suffix == ".png" else f"{relative.name}.png"
        place = target / relative.parent / name
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with Image.open(path) as image:
                image.convert("RGB").resize(size, resample).save(place)
        except (UnidentifiedImageError, OSError) as error:
            raise DataError(f"{path} is not readable as an image ({error})") from error
    return len(paths)
