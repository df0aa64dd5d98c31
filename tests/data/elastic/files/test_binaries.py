"""Flat files: their size, and what is taken for numbers of a model."""

import numpy as np
import pytest

from quakebook.data.elastic.files.binaries import _sensible, read_binary
from quakebook.data.elastic.files.models import DEFAULT_DT_S, MARMOUSI2_DZ_M, MARMOUSI2_SHAPE, WATER_G_CM3
from quakebook.data.elastic.files.overthrust import DZ_M, OVERTHRUST_SHAPE, overthrust_contents
from quakebook.data.elastic.model import ModelError


@pytest.mark.parametrize(("values", "sensible"), [
    ([1.0, 2.0], True), ([0.0, 0.0, 1.0], False), ([1.01e-3, -1.01e-3], True), ([0.99e-3, 0.99e-3], False),
    ([1.0, 9.99e5], True), ([1.0, 1e6], False), ([1.0, np.inf], False), ([np.nan, 1.0], False)])
def test_numbers_of_a_model_in_any_unit(values, sensible):
    assert _sensible(np.array(values, np.float32)) is sensible


@pytest.mark.parametrize(("size", "words"), [
    (48, "float64 is suspected"), (20, "cut off, or the shape is another one")])
def test_sizes(tmp_path, size, words):
    path = tmp_path / "x.vp"
    path.write_bytes(bytes(size))
    with pytest.raises(ModelError, match=rf"{size} bytes, but the shape \(2, 3\) needs 24: .*{words}"):
        read_binary(path, (2, 3))
    with pytest.raises(ModelError, match=r"needs its shape.*found \(2, 0\)"):
        read_binary(path, (2, 0))


def test_published_models():
    """Overthrust: 801 x 801 x 187 at 25 m (Aminzadeh, Brac, Kunz 1997); DENISE's Marmousi2: 500 x 174 at 20 m.

    Seawater has up to 1.03 g/cm3, so that 1.1 tells it from mud; 4 ms is the usual interval.
    """
    assert (OVERTHRUST_SHAPE, DZ_M) == ((801, 801, 187), 25.0)
    assert (MARMOUSI2_SHAPE, MARMOUSI2_DZ_M, DEFAULT_DT_S, WATER_G_CM3) == ((500, 174), 20.0, 0.004, 1.1)


@pytest.mark.parametrize(("low", "high", "fits"), [
    (1501.0, 8499.0, True), (1500.0, 4000.0, False), (2000.0, 8500.0, False), (-2000.0, 4000.0, False)])
def test_velocities_of_overthrust(tmp_path, low, high, fits):
    path = tmp_path / "overthrust.vites"
    np.array([low, 3000.0, 3000.0, high] * 2, ">f4").tofile(path)
    if fits:
        contents = overthrust_contents(path, (2, 2, 2), every=2)
        assert contents.arrays["vp"].shape == (1, 1, 2) and contents.dz_m == 25.0
        return
    with pytest.raises(ModelError, match="is not that of Overthrust"):
        overthrust_contents(path, (2, 2, 2))
