"""Loaders: round trips, units, and faults that must not pass in silence."""

import pickle

import h5py
import numpy as np
import pytest
from scipy.io import savemat

from quakebook.bugfinv.data import survey
from quakebook.data.elastic import files
from quakebook.data.elastic.files.units import relation_notes
from quakebook.data.elastic.model import ModelError


@pytest.fixture
def volumes():
    rng = np.random.default_rng(0)
    vp = (3000 + 200 * rng.normal(size=(20, 60))).astype(np.float32)
    return {"vp": vp, "vs": (vp / 1.8 + 20 * rng.normal(size=vp.shape)).astype(np.float32),
            "rho": (0.31 * vp**0.25 + 0.02 * rng.normal(size=vp.shape)).astype(np.float32)}


def save(kind, folder, volumes):
    path = folder / f"model.{kind}"
    if kind == "npz":
        np.savez(path, **volumes)
    elif kind == "npy":
        np.save(path, {"vp": volumes["vp"], "vs": volumes["vs"], "den": volumes["rho"]}, allow_pickle=True)
    elif kind == "mat":
        savemat(path, {"Vp": volumes["vp"], "Vs": volumes["vs"], "Density": volumes["rho"]})
    elif kind == "h5":
        with h5py.File(path, "w") as file:
            for name, value in volumes.items():
                file[name] = value
    else:
        path = folder / kind
        path.mkdir()
        for name, value in volumes.items():
            if kind == "binary":
                files.write_binary(path / f"model.{name}", value)
            else:
                word = {"vp": "P-WAVE_VELOCITY", "vs": "S-WAVE_VELOCITY", "rho": "DENSITY"}[name]
                files.write_segy(path / f"MODEL_{word}_1.25m.segy", value, 2.0)
    return path


@pytest.mark.parametrize("kind", ["npz", "npy", "mat", "h5", "binary", "segy"])
def test_round_trips(kind, tmp_path, volumes):
    path = save(kind, tmp_path, volumes)
    model = files.load_model(path, dt_s=0.002, shape=(20, 60) if kind == "binary" else None)
    assert model.shape == (1, 20, 60) and model.source == path.name
    for name, value in volumes.items():
        assert np.array_equal(getattr(model, name)[0], value)
    assert any("m/s" in note for note in model.notes)


def test_mat_7_3_axes_are_put_back(tmp_path, volumes):
    path = tmp_path / "model.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, value in volumes.items():
            file[name] = value.T
    with path.open("r+b") as file:
        file.write(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM")
    assert np.array_equal(files.load_model(path, dt_s=0.002).vp[0], volumes["vp"])


def test_units_are_detected_and_stated(tmp_path, volumes):
    path = tmp_path / "km.npz"
    np.savez(path, vp=volumes["vp"] / 1000, vs=volumes["vs"] / 1000, density=volumes["rho"] * 1000)
    model = files.load_model(path, dt_s=0.002)
    assert np.allclose(model.vp[0], volumes["vp"]) and np.allclose(model.rho[0], volumes["rho"])
    assert "read as km/s" in model.notes[0] and "read as kg/m3" in model.notes[2]


@pytest.mark.parametrize("factor, name", [(1e5, "vp"), (1e-6, "vs"), (30.0, "rho")])
def test_unknown_units(tmp_path, volumes, factor, name):
    np.savez(tmp_path / "x.npz", **{**volumes, name: volumes[name] * factor})
    with pytest.raises(ModelError, match="unknown unit"):
        files.load_model(tmp_path / "x.npz", dt_s=0.002)


def test_segy_samples_and_step(tmp_path, volumes):
    path = files.write_segy(tmp_path / "x.segy", volumes["vp"], 4.0)
    traces, step = files.read_segy(path)
    assert np.array_equal(traces, volumes["vp"]) and step == 4.0


@pytest.mark.parametrize("keep", [100, 3599, 3600, 3600 + 240 + 4 * 60 - 1, 3600 + 10 * (240 + 240) + 17, -4])
def test_truncated_segy(tmp_path, volumes, keep):
    path = files.write_segy(tmp_path / "x.segy", volumes["vp"], 4.0)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ModelError, match="x.segy"):
        files.read_segy(path)


def test_not_segy_at_all(tmp_path):
    (tmp_path / "x.segy").write_bytes(bytes(5000))
    with pytest.raises(ModelError, match="not a SEG-Y file"):
        files.read_segy(tmp_path / "x.segy")


def test_binary_of_another_size(tmp_path, volumes):
    path = files.write_binary(tmp_path / "x.vp", volumes["vp"])
    with pytest.raises(ModelError, match="4800 bytes, but the shape .21, 60. needs 5040"):
        files.read_binary(path, (21, 60))
    with pytest.raises(ModelError, match="needs its shape"):
        files.read_binary(path, ())
    with pytest.raises(ValueError, match="byte_order"):
        files.read_binary(path, (20, 60), "=")


def test_overthrust_axes(tmp_path):
    cube = np.arange(2 * 3 * 4, dtype=np.float32).reshape(2, 3, 4)  # x, y, z
    path = tmp_path / "overthrust.vites"
    cube.transpose(2, 1, 0).astype(">f4").tofile(path)
    assert np.array_equal(files.read_overthrust(path, (2, 3, 4)), cube)


class Malice:
    def __reduce__(self):
        import os

        return os.system, ("touch /tmp/quakebook-was-here",)


def test_crafted_pickle_runs_nothing(tmp_path):
    path = tmp_path / "evil.npy"
    np.save(path, np.array({"vp": Malice()}, dtype=object), allow_pickle=True)
    with pytest.raises(ModelError, match="only plain numpy arrays"):
        files.load_dictionary(path)


class Bomb:
    def __reduce__(self):
        return np.ndarray, ((10**15,), np.dtype("f8"))


def test_a_small_file_that_asks_for_a_huge_array_is_refused(tmp_path):
    """8 petabytes, more than any process can address, from a few hundred bytes."""
    path = tmp_path / "bomb.npy"
    np.save(path, np.array({"vp": Bomb()}, dtype=object), allow_pickle=True)
    assert path.stat().st_size < 1000
    with pytest.raises(ModelError, match="bomb.npy: not a readable NumPy file .*allocate"):
        files.load_dictionary(path)


@pytest.mark.parametrize("content", [b"", b"hello", pickle.dumps({"vp": 1})])
def test_damaged_dictionaries(tmp_path, content):
    (tmp_path / "x.npy").write_bytes(content)
    with pytest.raises(ModelError, match="x.npy"):
        files.load_dictionary(tmp_path / "x.npy")


def test_dictionary_that_holds_no_arrays(tmp_path):
    np.save(tmp_path / "x.npy", {"vp": [1, 2]}, allow_pickle=True)
    with pytest.raises(ModelError, match="dictionary of arrays"):
        files.load_dictionary(tmp_path / "x.npy")
    np.save(tmp_path / "y.npy", np.arange(3.0))
    assert list(files.load_dictionary(tmp_path / "y.npy")) == ["array"]


def test_missing_things(tmp_path, volumes):
    with pytest.raises(ModelError, match="no such file"):
        files.load_model(tmp_path / "nothing.npz", dt_s=0.002)
    np.savez(tmp_path / "half.npz", vp=volumes["vp"])
    with pytest.raises(ModelError, match="no array for vs .*holds vp"):
        files.load_model(tmp_path / "half.npz", dt_s=0.002)
    with pytest.raises(ModelError, match="expected one file for vp"):
        files.load_model(tmp_path, dt_s=0.002)
    (tmp_path / "x.txt").write_text("1")
    with pytest.raises(ModelError, match="unknown ending"):
        files.load_model(tmp_path / "x.txt", dt_s=0.002)


def test_depth_to_time():
    """Two layers of constant velocity: the interface must stand at twice depth over velocity."""
    vp = np.full((2, 400), 2000.0)
    vp[:, 200:] = 4000.0
    t_vp, _, _ = files.to_time(vp, vp / 2, vp / 1000, dz_m=5.0, dt_s=0.001)
    assert t_vp[0, 990] == 2000.0 and t_vp[0, 1010] == 4000.0
    assert t_vp.shape[1] == pytest.approx(1000 + 500, abs=5)
    later, _, _ = files.to_time(vp, vp / 2, vp / 1000, 5.0, 0.001, top=np.array([0, 100]))
    assert later[1, 510] == 4000.0 and later[0, 510] == 2000.0
    with pytest.raises(ValueError, match="positive"):
        files.to_time(vp, vp, vp, 0.0, 0.001)


def test_water_is_removed_and_said(tmp_path, volumes):
    wet = {k: np.concatenate([np.full((20, 5), w, np.float32), v], axis=1) for (k, v), w in
           zip(volumes.items(), (1500.0, 0.0, 1.02), strict=True)}
    np.savez(tmp_path / "x.npz", **wet)
    model = files.load_model(tmp_path / "x.npz", dt_s=0.002, dz_m=10.0)
    assert model.vs.min() > 0 and any("water" in n for n in model.notes) and any("two-way" in n for n in model.notes)
    wet["vs"][3] = 0
    np.savez(tmp_path / "y.npz", **wet)
    with pytest.raises(ModelError, match="water only"):
        files.load_model(tmp_path / "y.npz", dt_s=0.002, dz_m=10.0)


def test_exact_relation_is_said(volumes):
    assert "no information of its own" in relation_notes(volumes["vp"], volumes["vp"] / np.sqrt(3))[0]
    assert relation_notes(volumes["vp"], volumes["vs"]) == []


def test_marmousi_form(tmp_path):
    rng = np.random.default_rng(0)
    vp = np.full((500, 174), 2500.0) + 300 * rng.normal(size=(500, 174)).cumsum(1) / 13
    vs = vp / np.sqrt(3)
    vp[:, :22], vs[:, :22] = 1500.0, 0.0
    for name, value in (("vp", vp), ("vs", vs), ("rho", 310 * vp**0.25)):
        files.write_binary(tmp_path / f"m.{name}", value)
    model = files.load_marmousi2(tmp_path)
    assert model.shape[:2] == (1, 500) and model.dt_s == 0.004 and any("follows Vp exactly" in n for n in model.notes)


def nash_folder(folder, volumes, ratio):
    rng = np.random.default_rng(1)
    gathers = rng.normal(size=(20, 6, 60 // ratio)).astype(np.float32)
    np.save(folder / "seismic_data.npy", {"synth_seismic_15db_noise": gathers}, allow_pickle=True)
    for name, value in volumes.items():
        name = {"rho": "den"}.get(name, name)
        np.save(folder / f"{name}.npy", {name: value[:, None]}, allow_pickle=True)
    return gathers


@pytest.mark.parametrize("ratio", [1, 6])
def test_the_nash_code_s_folder_with_observed_gathers(tmp_path, volumes, ratio):
    """The gathers of the files are inverted, not new ones; logs may be finer by a whole ratio."""
    gathers = nash_folder(tmp_path, volumes, ratio)
    model = files.load_model(tmp_path, dt_s=0.001)
    assert "observed gathers" in model.notes[3] and np.array_equal(model.gathers[0], gathers)
    data = survey.build(model, survey.Recording(resolution_ratio=ratio), n_wells=4)
    assert np.allclose(data.gathers.numpy() * data.seismic_std + data.seismic_mean, gathers, atol=1e-5)
    with pytest.raises(ValueError, match="`resolution_ratio` 2"):
        survey.build(model, survey.Recording(resolution_ratio=2), n_wells=4)


def test_gathers_of_another_shape(tmp_path, volumes):
    np.savez(tmp_path / "x.npz", **volumes, seismic=np.zeros((20, 5, 60)))
    with pytest.raises(ModelError, match=r"`seismic` must have shape \(1, 20, 6, 60\)"):
        files.load_model(tmp_path / "x.npz", dt_s=0.001)
    np.savez(tmp_path / "x.npz", **volumes, seismic=np.zeros((20, 6, 60)))
    with pytest.raises(ModelError, match="logs in time"):
        files.load_model(tmp_path / "x.npz", dt_s=0.001, dz_m=5.0)


@pytest.fixture
def cube(volumes):
    return {name: value.reshape(4, 5, 60) for name, value in volumes.items()}


@pytest.mark.parametrize("order", ["big", "little"])
def test_a_segy_cube_is_read_by_inlines_and_crosslines(tmp_path, cube, order):
    for name, value in cube.items():
        files.write_segy(tmp_path / f"{name}.sgy", value, 4.0, order)
    model = files.load_model(tmp_path, dt_s=0.004)
    assert model.shape == (4, 5, 60) and all(np.array_equal(getattr(model, n), v) for n, v in cube.items())
    assert files.load_model(tmp_path).dt_s == 0.004, "the header's interval is taken where none is asked for"


def test_crosslines_may_run_faster_or_slower(tmp_path, cube):
    """The same cube with its traces in another order."""
    import segyio

    path = files.write_segy(tmp_path / "vp.sgy", cube["vp"], 4.0)
    turned = np.random.default_rng(0).permutation(20)
    with segyio.open(str(path), "r+", ignore_geometry=True) as file:
        traces, headers = file.trace.raw[:], [dict(file.header[k]) for k in range(20)]
        for k, old in enumerate(turned):
            file.trace[k], file.header[k] = traces[old], headers[old]
    assert np.array_equal(files.read_segy(path)[0], cube["vp"])
    with segyio.open(str(path), "r+", ignore_geometry=True) as file:
        file.header[3] = {189: 1, 193: 1}
    with pytest.raises(ModelError, match="20 traces do not fill the grid of 4 inlines x 5 crosslines"):
        files.read_segy(path)


def test_little_endian_files_of_segyio_itself(tmp_path, cube):
    import segyio

    path = files.write_segy(tmp_path / "vp.sgy", cube["vp"], 4.0, "little")
    with segyio.open(str(path), endian="little") as file:
        assert np.array_equal(segyio.tools.cube(file), cube["vp"])


@pytest.mark.parametrize("step, dt_s, dz_m, message", [
    (4.0, 0.001, 0.0, "header's sample interval is 4 .ms., but the time step 1 ms"),
    (12.5, 0.004, 20.0, "header's sample interval is 12.5 .m., but the depth step 20 m"),
    (20.0, 0.004, 20.0, None), (0.0, 0.004, 0.0, None)])
def test_header_interval_against_the_option(tmp_path, volumes, step, dt_s, dz_m, message):
    for name, value in volumes.items():
        files.write_segy(tmp_path / f"{name}.sgy", value, step)
    if message is None:
        assert files.load_model(tmp_path, dt_s=dt_s, dz_m=dz_m).dt_s == dt_s
        return
    with pytest.raises(ModelError, match=message):
        files.load_model(tmp_path, dt_s=dt_s, dz_m=dz_m)


FT = 1 / 0.3048


@pytest.mark.parametrize("factors, options, message", [
    ((FT, FT, 1), {}, "median of Vp is 98.. m/s, above 6500: feet per second"),
    ((FT / 1000, FT / 1000, 1), {}, "feet per second are suspected"),
    ((FT, 1, 1), {}, "feet per second"),
    ((1, FT, 1), {}, "different units of Vp and Vs|feet per second"),
    ((1, 1, 62.43), {}, "pounds per cubic foot"),
    ((1, 1.7, 1), {}, "Vp/Vs"),
    ((1, 1, 1), {"dt_s": 4.0}, "milliseconds are suspected"),
    ((1, 1, 1), {"dz_m": -10.0}, "must be positive, with depth increasing"),
    ((1, 1, 1), {"dz_m": 0.02}, "kilometres are suspected"),
])
def test_units_that_are_wrong_are_suspected_by_name(tmp_path, volumes, factors, options, message):
    scaled = {name: value * factor for (name, value), factor in zip(volumes.items(), factors, strict=True)}
    np.savez(tmp_path / "x.npz", **scaled)
    with pytest.raises(ModelError, match=message):
        files.load_model(tmp_path / "x.npz", **{"dt_s": 0.002, **options})


def test_missing_values_and_slowness_are_named(tmp_path, volumes):
    broken = {**volumes, "vp": volumes["vp"].copy()}
    broken["vp"][3, :10] = -999.25
    np.savez(tmp_path / "x.npz", **broken)
    with pytest.raises(ModelError, match="10 samples are not: missing values"):
        files.load_model(tmp_path / "x.npz", dt_s=0.002)
    np.savez(tmp_path / "y.npz", **{**volumes, "vp": 1e6 / (volumes["vp"] * FT)})
    with pytest.raises(ModelError, match="slowness"):
        files.load_model(tmp_path / "y.npz", dt_s=0.002)


def test_big_endian_binaries(tmp_path, volumes):
    for name, value in volumes.items():
        value.astype(">f4").tofile(tmp_path / f"m.{name}")
    with pytest.raises(ModelError, match="data.byte_order=big"):
        files.load_model(tmp_path, dt_s=0.002, shape=(20, 60))
    model = files.load_model(tmp_path, dt_s=0.002, shape=(20, 60), byte_order=">")
    assert np.array_equal(model.vp[0], volumes["vp"])
    with pytest.raises(ModelError, match="float64 is suspected"):
        files.read_binary(tmp_path / "m.vp", (20, 30))


def test_steps_wells_and_initial_model_of_a_container_are_used(tmp_path, cube):
    start = {f"initial_{name}": np.full_like(value, level) for (name, value), level in
             zip(cube.items(), (3000.0, 1500.0, 2.3), strict=True)}
    path = tmp_path / "x.npz"
    np.savez(path, **cube, **start, dt=0.004, wells=np.array([[3, 4], [0, 0], [1, 2]]))
    model = files.load_model(path)
    assert model.dt_s == 0.004 and model.wells.tolist() == [0, 7, 19]
    data = survey.build(model)
    assert data.train.tolist() == [0, 7, 19] and np.allclose(data.initial[:, 1], 1500.0)
    with pytest.raises(ModelError, match="says dt 0.004, but 0.002"):
        files.load_model(path, dt_s=0.002)
    np.savez(path, **cube, wells=np.array([3, 20]))
    with pytest.raises(ModelError, match="trace numbers from 0 to 19"):
        files.load_model(path, dt_s=0.002)
    assert model.fingerprint != files.load_model(_without_wells(path, cube, start)).fingerprint


def _without_wells(path, cube, start):
    np.savez(path, **cube, **start, dt=0.004)
    return path


def test_a_sample_with_the_density_of_water_is_water(tmp_path, volumes):
    """Resampling leaves Vs above 0 and the density of water at the sea floor."""
    wet = {k: np.concatenate([np.full((20, 5), w, np.float32), v], axis=1) for (k, v), w in
           zip(volumes.items(), (1500.0, 0.0, 1.02), strict=True)}
    wet["rho"][:, 5] = 1.01
    np.savez(tmp_path / "x.npz", **wet)
    model = files.load_model(tmp_path / "x.npz", dt_s=0.002, dz_m=10.0)
    assert model.rho.min() > 1.5 and np.allclose(model.vp[0, :, 0], volumes["vp"][:, 1])


def test_names_that_hold_another_word(tmp_path, volumes):
    for name, value in volumes.items():
        files.write_segy(tmp_path / f"overburden_{name}.sgy", value, 4.0)
    (tmp_path / "._overburden_vp.sgy").write_bytes(b"x")
    assert np.array_equal(files.load_model(tmp_path, dt_s=0.004).rho[0], volumes["rho"])


@pytest.fixture
def vites(tmp_path):
    """A small Overthrust cube, x 8, y 9, depth 40: Vp rises with depth, with layers."""
    depth = np.linspace(2400, 5600, 40)[None, None] * np.ones((8, 9, 1))
    vp = (depth + 150 * np.random.default_rng(0).normal(size=(8, 9, 40))).clip(2360, 6000)
    path = tmp_path / "overthrust.vites"
    vp.astype(np.float32).transpose(2, 1, 0).astype(">f4").tofile(path)
    return path


def test_the_overthrust_layout_is_a_model(vites):
    model = files.load_model(vites.parent, dt_s=0.004, shape=(8, 9, 40))
    assert model.shape[:2] == (8, 9) and "Overthrust" in model.notes[0]
    assert np.allclose(model.vs, (model.vp - 1360) / 1.16, rtol=0.02) and any("25 m" in note for note in model.notes)
    thin = files.load_model(vites, dt_s=0.004, shape=(8, 9, 40), every=3)
    assert thin.shape[:2] == (3, 3) and np.array_equal(thin.vp[1, 2, :10], model.vp[3, 6, :10])
    with pytest.raises(ModelError, match="needs 479917548"):
        files.load_model(vites)
    with pytest.raises(ModelError, match="data.byte_order=little|not that of Overthrust"):
        vites.write_bytes(np.full(8 * 9 * 40, 3000.0, "<f4").tobytes())
        files.load_model(vites, shape=(8, 9, 40))


def test_a_group_constant_values_and_names_in_two_cases(tmp_path, volumes):
    with h5py.File(tmp_path / "x.h5", "w") as file:
        for name, value in {**volumes, "dt": 0.002}.items():
            file.create_dataset(f"model/{name}", data=value)
    assert files.load_model(tmp_path / "x.h5").dt_s == 0.002
    np.savez(tmp_path / "c.npz", **{k: np.full_like(v, float(v.mean())) for k, v in volumes.items()})
    assert "nothing to invert" in files.load_model(tmp_path / "c.npz", dt_s=0.002).notes[-1]
    np.savez(tmp_path / "two.npz", **volumes, VP=volumes["vp"])
    with pytest.raises(ModelError, match="differ in case only"):
        files.load_model(tmp_path / "two.npz", dt_s=0.002)
    np.savez(tmp_path / "z.npz", **{**volumes, "vp": volumes["vp"].astype(complex)})
    with pytest.raises(ModelError, match="complex numbers: vp"):
        files.load_model(tmp_path / "z.npz", dt_s=0.002)
    np.savez(tmp_path / "rhob.npz", vp=volumes["vp"], VS=volumes["vs"], RHOB=volumes["rho"])
    assert np.array_equal(files.load_model(tmp_path / "rhob.npz", dt_s=0.002).rho[0], volumes["rho"])


@pytest.mark.parametrize(("change", "words"), [(lambda vp: 1e6 * 0.3048 / vp, "slowness"),
                                               (lambda vp: vp * np.nan, "NaN")])
def test_what_is_wrong_with_numbers_comes_with_the_file(tmp_path, volumes, change, words):
    path = save("npz", tmp_path, volumes | {"vp": change(volumes["vp"])})
    with pytest.raises(ModelError, match=rf"model\.npz: vp: .*{words}"):
        files.load_model(path, dt_s=0.004)


@pytest.mark.parametrize(("more", "said"), [
    ({"wells": np.arange(20) % 5 == 0}, "`wells` must hold numbers; found bool"),
    ({"dt": "0.004"}, "`dt` must hold numbers; found <U5"),
    ({"dt": np.nan}, "`dt` must be a number above 0; found nan"),
    ({"dz": -20.0}, "`dz` must be a number above 0; found -20"),
    ({"den": np.ones((20, 60))}, "one array for rho is expected; found rho, den")])
def test_what_a_container_says_is_used_or_refused(tmp_path, volumes, more, said):
    np.savez(tmp_path / "m.npz", **volumes, **more)
    with pytest.raises(ModelError) as error:
        files.load_model(tmp_path / "m.npz")
    assert said in str(error.value) and "m.npz" in str(error.value)


def test_text_that_nobody_needs_is_left_alone(tmp_path, volumes):
    np.savez(tmp_path / "m.npz", **volumes, author="somebody")
    assert files.load_model(tmp_path / "m.npz").shape == (1, 20, 60)


@pytest.mark.parametrize(("change", "said"), [
    (lambda own: own | {"vp": own["vs"], "vs": own["vp"]}, "Vp/Vs"),
    (lambda own: own | {"vs": np.where(np.arange(60) < 3, 0.0, own["vs"])}, "Vs holds 60 values outside")])
def test_an_initial_model_that_no_rock_has_is_refused(tmp_path, volumes, change, said):
    start = {f"initial_{name}": value for name, value in change(volumes).items()}
    np.savez(tmp_path / "m.npz", **volumes, **start)
    with pytest.raises(ModelError, match=f"initial model: .*{said}"):
        files.load_model(tmp_path / "m.npz")


def test_a_struct_is_named_with_its_fields(tmp_path, volumes):
    savemat(tmp_path / "m.mat", {"model": {"vp": volumes["vp"], "vs": volumes["vs"]}})
    with pytest.raises(ModelError, match=r"no numeric arrays at its top; it holds model \(a struct of vp, vs\)"):
        files.load_model(tmp_path / "m.mat")


def test_a_folder_of_unknown_endings_is_listed(tmp_path, volumes):
    for name, value in volumes.items():
        files.write_segy(tmp_path / f"{name}.seg", value, 2.0)
    with pytest.raises(ModelError, match=r"found none \(the folder holds rho.seg, vp.seg, vs.seg\)"):
        files.load_model(tmp_path)
