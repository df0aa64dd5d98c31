"""Drawings on white paper: recognised, so that a dark page may turn them light on dark; all pictures in 256 colours."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from quakebook.contexts import during
from quakebook.training.files import write_atomic

INK = "qb-ink"
WHITE, SHARE, COLOURS, CLOSE = 245, 0.6, 256, 1.5


def is_ink(png: bytes) -> bool:
    """True for a picture whose larger part is white; false for images, whose colours carry a scale."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("RGBA").resize((160, 120)).convert("L")
    counts = small.histogram()
    return sum(counts[WHITE:]) > SHARE * sum(counts)


#: Folder of pictures that were made smaller before, and the names that were asked for since.
_kept: ContextVar[tuple[Path, set[str]] | None] = ContextVar("kept", default=None)


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Inside, a picture that was made smaller once is read from `folder`; those that nobody asked for go at the end."""
    used: set[str] = set()
    with during(_kept, (folder, used)):
        yield
    for path in folder.glob("*.png"):
        if path.name not in used:
            path.unlink()


def smaller(png: bytes) -> bytes:
    """The same picture with a palette of 256 colours, where that makes it smaller and changes hardly anything.

    An image with finer shades, whose colours would change by more than `CLOSE` of 255 on average, stays as it is.
    """
    if (kept := _kept.get()) is None:
        return _reduced(png)
    folder, used = kept
    name = f"{_name(png)}.png"
    used.add(name)
    if (folder / name).is_file():
        return (folder / name).read_bytes()
    light = _reduced(png)
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / name, light)
    return light


def _name(png: bytes) -> str:
    """The picture's hash, with what else decides the result."""
    import PIL

    rule = f"{PIL.__version__} {COLOURS} {CLOSE} "
    return hashlib.sha256(rule.encode() + png).hexdigest()


def _reduced(png: bytes) -> bytes:
    from PIL import Image, ImageChops, ImageStat

    result = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        whole = picture.convert("RGB")
    reduced = whole.quantize(COLOURS, dither=Image.Dither.NONE)
    change = max(ImageStat.Stat(ImageChops.difference(whole, reduced.convert("RGB"))).mean)
    reduced.save(result, format="png", optimize=True)
    return min(png, result.getvalue(), key=len) if change <= CLOSE else png
