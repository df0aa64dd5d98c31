"""Names in folders and containers."""

import numpy as np
import pytest

from quakebook.data.elastic.files import contents
from quakebook.data.elastic.model import ModelError


def folder(tmp_path, *names):
    for name in names:
        (tmp_path / name).write_bytes(b"")
    return tmp_path


@pytest.mark.parametrize(("names", "found"), [
    (["a.vp"], ["a.vp"]), (["m_VP_2.sgy", "p-wave.txt"], ["m_VP_2.sgy"]), (["P-WAVE.npy"], ["P-WAVE.npy"]),
    (["xvp.bin"], ["xvp.bin"]), (["xvp.bin", "vp.bin"], ["vp.bin"]), (["a.vp", "vp.bin"], ["a.vp", "vp.bin"]),
    ([".vp.bin", "vp.txt"], [])])
def test_files_of_a_property(tmp_path, names, found):
    """The ending, else the word on its own, else the word anywhere; hidden files and other endings do not count."""
    assert [path.name for path in contents._named(folder(tmp_path, *names), ("vp", "p-wave"))] == found


def test_six_names_of_a_folder_are_listed(tmp_path):
    assert contents._listed(tmp_path) == "nothing"
    folder(tmp_path, *"abcdef")
    assert contents._listed(tmp_path) == "a, b, c, d, e, f"
    folder(tmp_path, "g", "h")
    assert contents._listed(tmp_path) == "a, b, c, d, e, f and 2 more"


def test_a_container_and_what_it_says(tmp_path):
    one = np.ones((2, 3))
    path = tmp_path / "m.npz"
    np.savez(path, VP=one, vs=one, den=2 * one, initial_vp=one, initial_vs=one, initial_density=3 * one, dt=0.004,
             DZ=[[12.5]], t=np.arange(3.0)[None], z=one, seismic=np.zeros((2, 6, 3)), wells=[1])
    found = contents.read_contents(path, None)
    assert (found.dt_s, found.dz_m, found.lengths, found.wells.tolist()) == (0.004, 12.5, {"t": 3}, [1])
    assert found.arrays["rho"][0, 0] == 2 and found.initial["rho"][0, 0] == 3 and found.gathers.shape == (2, 6, 3)
    np.savez(path, vp=one, vs=one, rho=one)
    plain = contents.read_contents(path, None)
    assert plain.initial == {} and plain.gathers is None and plain.wells is None and plain.dt_s is None


@pytest.mark.parametrize(("dt", "words"), [(0.0, "above 0; found 0"), ([1.0, 2.0], r"one number; found shape \(2,\)"),
                                           (np.inf, "above 0; found inf")])
def test_steps_that_are_none(tmp_path, dt, words):
    one = np.ones((2, 3))
    np.savez(tmp_path / "m.npz", vp=one, vs=one, rho=one, dt=dt)
    with pytest.raises(ModelError, match=f"`dt` must be .*{words}"):
        contents.read_contents(tmp_path / "m.npz", None)
