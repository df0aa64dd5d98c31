"""White paper or image, and pictures in 256 colours."""

import io

import numpy as np
import pytest
from PIL import Image

from quakebook.publishing import ink


def png(values):
    out = io.BytesIO()
    Image.fromarray(np.asarray(values, np.uint8)).save(out, format="png")
    return out.getvalue()


def paper(share, shade=255):
    """A picture of 120 rows, `share` of which are of one shade and the rest black."""
    values = np.zeros((120, 160, 3), np.uint8)
    values[: round(120 * share)] = shade
    return png(values)


@pytest.mark.parametrize(("share", "shade", "drawing"), [
    (0.6, 255, False), (0.625, 255, True), (0.625, 246, True), (0.625, 244, False), (0.0, 255, False)])
def test_a_drawing_is_more_than_six_tenths_white(share, shade, drawing):
    assert ink.is_ink(paper(share, shade)) is drawing


def test_few_colours_are_kept_exactly_and_smaller():
    values = np.random.default_rng(0).integers(0, 2, (200, 200, 1)).astype(np.uint8) * np.array([250, 10, 80], np.uint8)
    small = ink.smaller(png(values))
    assert len(small) < len(png(values))
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(small)).convert("RGB")), values)


def test_fine_shades_stay_as_they_are():
    noise = png(np.random.default_rng(0).integers(0, 256, (64, 64, 3)))
    assert ink.smaller(noise) == noise


def test_a_picture_is_made_smaller_once_and_forgotten_when_unused(tmp_path, monkeypatch):
    first, second = paper(0.7), paper(0.3)
    with ink.kept_in(tmp_path):
        small = ink.smaller(first)
        ink.smaller(second)
    assert len(list(tmp_path.glob("*.png"))) == 2
    monkeypatch.setattr(ink, "_reduced", lambda content: pytest.fail("made again"))
    with ink.kept_in(tmp_path):
        assert ink.smaller(first) == small
    assert [path.read_bytes() for path in tmp_path.glob("*.png")] == [small]


def test_a_palette_is_full_and_changes_little():
    """PNG's palette has 256 entries; of 400 neighbouring colours each is off by a shade at most."""
    colours = np.random.default_rng(0).integers(100, 120, (200, 200, 3))
    colours[..., 2] = 50
    small = Image.open(io.BytesIO(ink.smaller(png(colours))))
    assert small.mode == "P" and len(small.getcolors()) == ink.COLOURS == 256


@pytest.mark.parametrize(("spread", "kept"), [(1, False), (40, True)])
def test_a_mean_change_of_one_and_a_half_is_too_much(spread, kept):
    """Random colours within a few shades hardly change; within forty, a palette of 256 misses them by several."""
    noise = png(np.random.default_rng(0).integers(100, 101 + spread, (200, 200, 3)))
    assert (ink.smaller(noise) == noise) is kept
