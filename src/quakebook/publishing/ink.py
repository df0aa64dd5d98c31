"""Drawings on white paper: recognised, so that a dark page may turn them light on dark, and stored in 256 colours."""

from __future__ import annotations

import io

INK = "qb-ink"
WHITE, SHARE, COLOURS = 245, 0.6, 256


def is_ink(png: bytes) -> bool:
    """True for a picture whose larger part is white; false for images, whose colours carry a scale."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        small = picture.convert("RGBA").resize((160, 120)).convert("L")
    counts = small.histogram()
    return sum(counts[WHITE:]) > SHARE * sum(counts)


def smaller(png: bytes) -> bytes:
    """The same drawing with a palette of 256 colours, where that makes it smaller."""
    from PIL import Image

    result = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(result, format="png", optimize=True)
    return min(png, result.getvalue(), key=len)
