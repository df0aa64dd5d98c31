"""Drawings on white paper: recognised, so that a dark page may turn them light on dark; all pictures in 256 colours."""

from __future__ import annotations

import io

INK = "qb-ink"
WHITE, SHARE, COLOURS, CLOSE = 245, 0.6, 256, 1.5


def is_ink(png: bytes) -> bool:
    """True for a picture whose larger part is white; false for images, whose colours carry a scale."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("RGBA").resize((160, 120)).convert("L")
    counts = small.histogram()
    return sum(counts[WHITE:]) > SHARE * sum(counts)


def smaller(png: bytes) -> bytes:
    """The same picture with a palette of 256 colours, where that makes it smaller and changes hardly anything.

    An image with finer shades, whose colours would change by more than `CLOSE` of 255 on average, stays as it is.
    """
    from PIL import Image, ImageChops, ImageStat

    result = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        whole = picture.convert("RGB")
    reduced = whole.quantize(COLOURS, dither=Image.Dither.NONE)
    change = max(ImageStat.Stat(ImageChops.difference(whole, reduced.convert("RGB"))).mean)
    reduced.save(result, format="png", optimize=True)
    return min(png, result.getvalue(), key=len) if change <= CLOSE else png
