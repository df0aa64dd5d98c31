"""Samples come last; models written the other way round are refused by their own facts, or told of."""

import logging

import h5py
import numpy as np
import pytest

from quakebook import project
from quakebook.data.elastic import files, synthetic
from quakebook.data.elastic.files.axes import check_lengths, doubts
from quakebook.data.elastic.model import ModelError


@pytest.fixture(scope="module")
def volumes():
    made = synthetic.make((24, 20, 120), 0.002, 3)
    return {"vp": made.vp, "vs": made.vs, "rho": made.rho}


def heard(caplog):
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def saved(path, arrays, **more):
    np.savez(path, **arrays, **more)
    return path


@pytest.mark.parametrize("turn", [(2, 0, 1), (2, 1, 0), (0, 2, 1)], ids=["samples first", "reversed", "in the middle"])
def test_a_cube_with_its_samples_elsewhere_is_told_and_not_transposed(tmp_path, volumes, caplog, turn):
    turned = {name: value.transpose(turn) for name, value in volumes.items()}
    model = files.load_model(saved(tmp_path / "m.npz", turned), dt_s=0.002)
    assert np.array_equal(model.vp, turned["vp"])
    (line,) = heard(caplog)
    for part in (str(tmp_path / "m.npz"), "`vp`, `vs`, `rho`", str(turned["vp"].shape), f"axis {turn.index(2)} ",
                 "(traces, samples)"):
        assert part in line


def test_healthy_models_are_left_alone(tmp_path, volumes, caplog):
    square = synthetic.make((8, 120, 120), 0.002, 1)
    line = {name: value[7] for name, value in volumes.items()}
    flat = {"vp": np.full((20, 60), 3000.0), "vs": np.full((20, 60), 1500.0), "rho": np.full((20, 60), 2.3)}
    for arrays in (volumes, line, flat, {"vp": square.vp[2], "vs": square.vs[2], "rho": square.rho[2]},
                   {name: value[:, :, 60:75] for name, value in volumes.items()},
                   {name: value[:3] for name, value in volumes.items()}):
        files.load_model(saved(tmp_path / "m.npz", arrays), dt_s=0.002)
    for seed in range(4):
        made = synthetic.make((8, 40, 80), 0.004, seed)
        assert doubts("m", {"vp": made.vp, "vs": made.vs, "rho": made.rho, "line": made.vp[0]}) == []
    assert heard(caplog) == []


def test_a_square_model_and_a_square_initial_model_are_told(tmp_path, caplog):
    square = synthetic.make((8, 120, 120), 0.002, 1)
    arrays = {name: getattr(square, name)[2] for name in ("vp", "vs", "rho")}
    start = {f"initial_{name}": value.T for name, value in arrays.items()}
    files.load_model(saved(tmp_path / "m.npz", arrays, **start), dt_s=0.002)
    assert ["`initial_vp`, `initial_vs`, `initial_rho` of shape (120, 120)" in line for line in heard(caplog)] == [True]


def test_marmousi2_is_healthy_and_told_when_turned_round(caplog):
    folder = project.shared_data("marmousi2")
    if folder is None:
        pytest.skip("the benchmark model is not here")
    files.load_marmousi2(folder)
    assert heard(caplog) == []
    rock = files.read_binary(folder / "marmousi_II_marine.vp", files.models.MARMOUSI2_SHAPE)[:, 30:]  # without the sea
    assert doubts("m", {"vp": rock}) == [] and len(doubts("m", {"vp": rock.T})) == 1


def test_one_axis_that_grows_by_hand():
    """Means of 0 to 9 along one axis with nothing else: all of the variance there, none along the other."""
    ramp = np.repeat(np.arange(10.0)[:, None], 12, axis=1)
    assert doubts("f", {"vp": ramp.T}) == [] and doubts("f", {"vp": ramp[::-1]}) == []  # falling is no depth
    assert doubts("f", {"vp": ramp[:7]}) == []  # too few traces
    (line,) = doubts("f", {"vp": ramp})
    assert line.startswith("f: `vp` of shape (10, 12) grow along axis 0")
    wavy = ramp + 6 * np.cos(np.arange(12))  # variance 8.25 along the traces, 18 along the samples
    assert doubts("f", {"vp": wavy}) == []


def test_times_of_the_samples_tell_where_they_lie(tmp_path, volumes):
    line = {name: value[7] for name, value in volumes.items()}  # 20 traces of 120 samples
    times = np.arange(120) * 0.002
    assert files.load_model(saved(tmp_path / "m.npz", line, twt=times), dt_s=0.002).shape == (1, 20, 120)
    turned = {name: value.T for name, value in line.items()}
    for name in ("t", "TWT", "z"):
        with pytest.raises(ModelError) as error:
            files.load_model(saved(tmp_path / "m.npz", turned, **{name: times}), dt_s=0.002)
        assert all(part in str(error.value) for part in ("m.npz", f"`{name.lower()}` holds 120 values", "axis 0",
                                                         "(120, 20)", "(traces, samples)"))
    with h5py.File(tmp_path / "m.h5", "w") as file:
        for name, value in {**turned, "time": times[None]}.items():
            file[name] = value
    with pytest.raises(ModelError, match="`time` holds 120 values"):
        files.load_model(tmp_path / "m.h5", dt_s=0.002)


def test_lengths_that_say_nothing():
    check_lengths("f", {"t": 60, "z": 7}, (60, 60))
    check_lengths("f", {"t": 60}, (20, 60))


def test_wells_and_gathers_of_a_model_turned_round_are_refused(tmp_path, volumes):
    turned = {name: value[7].T for name, value in volumes.items()}
    gathers = np.zeros((20, 6, 120), np.float32)
    with pytest.raises(ModelError, match=r"`seismic` must have shape \(1, 120, 6, 20\).*found \(1, 20, 6, 120\)"):
        files.load_model(saved(tmp_path / "m.npz", turned, seismic=gathers), dt_s=0.002)
    line = {name: value.T for name, value in turned.items()}
    with pytest.raises(ModelError, match="`wells` must be trace numbers from 0 to 19; found 0 to 119"):
        files.load_model(saved(tmp_path / "m.npz", line, wells=np.array([0, 119])), dt_s=0.002)
