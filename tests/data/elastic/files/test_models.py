"""Steps, water and notes of models in files, at both sides of every limit."""

import numpy as np
import pytest

from quakebook.data.elastic.files import models
from quakebook.data.elastic.files.contents import Contents
from quakebook.data.elastic.model import ModelError


@pytest.mark.parametrize(("wanted", "own", "fits"), [
    (0.00403, 0.004, True), (0.00397, 0.004, True), (0.00405, 0.004, False), (0.00395, 0.004, False)])
def test_steps_may_differ_by_a_hundredth(tmp_path, wanted, own, fits):
    contents = Contents(dt_s=own)
    if fits:
        assert models._steps(tmp_path, contents, wanted, 0.0) == (wanted, 0.0)
    else:
        with pytest.raises(ModelError, match=f"the file says dt 0.004, but {wanted:g} was asked for"):
            models._steps(tmp_path, contents, wanted, 0.0)


def test_steps_where_nothing_is_asked_for(tmp_path):
    """What the file says; its SEG-Y headers, in ms, for models in time; else 4 ms."""
    assert models._steps(tmp_path, Contents(), None, 0.0) == (0.004, 0.0)
    assert models._steps(tmp_path, Contents(dt_s=0.003), None, 0.0) == (0.003, 0.0)
    assert models._steps(tmp_path, Contents(headers={"vp": 2.0, "vs": 2.0}), None, 0.0) == (0.002, 0.0)
    assert models._steps(tmp_path, Contents(headers={"vp": 0.0}), None, 0.0) == (0.004, 0.0)
    assert models._steps(tmp_path, Contents(dz_m=12.5), None, 0.0) == (0.004, 12.5)
    assert models._steps(tmp_path, Contents(headers={"vp": 20.0}), None, 20.0) == (0.004, 20.0)
    assert models._steps(tmp_path, Contents(dz_m=12.4), None, 12.5) == (0.004, 12.5)


def wet(depth, water, rho=1.02, vs=0.0):
    """One trace of `depth` samples of 2 km/s, of which the first are water."""
    below = np.arange(depth) >= water
    return np.where(below, 2000.0, 1500.0)[None], np.where(below, 900.0, vs)[None], np.where(below, 2.0, rho)[None]


@pytest.mark.parametrize(("water", "fits"), [(17, True), (18, False), (20, False)])
def test_three_solid_samples_are_needed(water, fits):
    notes = []
    if fits:
        vp, _, _ = models._depth_model(*wet(20, water), 10.0, 0.004, notes)
        assert (vp == 2000).all() and "170 to 170 m deep" in notes[0] and "step 10 m" in notes[1]
        assert "step 4 ms" in notes[1] and vp.shape == (1, 6)  # 20 ms down and up
    else:
        with pytest.raises(ModelError, match="water only"):
            models._depth_model(*wet(20, water), 10.0, 0.004, notes)


@pytest.mark.parametrize(("rho", "vs", "removed"), [
    (1.1, 100.0, True), (1.11, 100.0, False), (1.11, 0.0, True), (1.02, 0.0, True)])
def test_water_has_no_rigidity_or_a_density_up_to_one_and_a_tenth(rho, vs, removed):
    notes = []
    models._depth_model(*wet(20, 5, rho, vs), 10.0, 0.004, notes)
    assert (len(notes) == 2) is removed


def test_lines_and_cubes():
    notes = []
    cube = [np.repeat(np.repeat(x[None], 2, 0), 3, 1) for x in wet(20, 5)]
    assert models._depth_model(*cube, 10.0, 0.004, notes)[0].shape[:2] == (2, 3)


def saved(path, **more):
    rng = np.random.default_rng(0)
    vp = 3000 + 200 * rng.normal(size=(4, 5, 60))
    vs, rho = vp / 1.8 + 20 * rng.normal(size=vp.shape), 0.31 * vp**0.25 + 0.02 * rng.normal(size=vp.shape)
    np.savez(path, vp=vp, vs=vs, rho=rho, **more)
    return path, vp


def test_every_so_many_th_trace(tmp_path):
    path, vp = saved(tmp_path / "m.npz", seismic=np.arange(4 * 5 * 6 * 60.0).reshape(4, 5, 6, 60))
    model = models.load_model(path, every=2)
    assert model.shape == (2, 3, 60) and np.allclose(model.vp, vp[::2, ::2]) and model.dt_s == 0.004
    assert model.gathers[1, 2].tolist() == np.arange(7200.0).reshape(4, 5, 6, 60)[2, 4].tolist()
    path, _ = saved(tmp_path / "w.npz", wells=np.array([1, 2]))
    assert "2 wells found" in models.load_model(path).notes[3]
    with pytest.raises(ModelError, match=r"traces cannot be left out \(every 2\)"):
        models.load_model(path, every=2)


def test_values_that_are_not_positive_are_counted(tmp_path):
    path, vp = saved(tmp_path / "m.npz")
    with np.load(path) as file:
        arrays = dict(file)
    arrays["rho"][0, 0, :2] = 0
    np.savez(path, **arrays)
    with pytest.raises(ModelError, match="`density` must be positive; 2 samples are not"):
        models.load_model(path)
