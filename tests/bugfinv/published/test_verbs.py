"""Command line of the chapter, and exit statuses: nothing that failed ends with 0."""

import subprocess
import sys

import numpy as np
import pytest

from quakebook.bugfinv.published import verbs


def model(path, factor=1.0):
    rng = np.random.default_rng(0)
    vp = 3000 + 100 * rng.normal(size=(5, 40))
    np.savez(path, vp=vp * factor, vs=vp / 1.8 + 10 * rng.normal(size=vp.shape), rho=0.31 * vp**0.25)
    return path


def test_info_states_units(tmp_path, capsys):
    assert verbs.main(["info", str(model(tmp_path / "m.npz"))]) == 0
    out = capsys.readouterr().out
    assert "1 inlines x 5 crosslines x 40 samples" in out and "read as m/s" in out


def test_unknown_units_raise(tmp_path):
    with pytest.raises(ValueError, match="unknown unit"):
        verbs.main(["info", str(model(tmp_path / "m.npz", 1e6))])


@pytest.mark.parametrize("words", [[], ["info", "x", "--shape", "a,b"], ["info", "x", "--shape", "20,-60"],
                                   ["info", "x", "--dt", "nan"], ["info", "x", "--dz", "-5"],
                                   ["info", "x", "--dz", "inf"], ["ranking", "mars"], ["nothing"]])
def test_wrong_use_is_status_2(words):
    with pytest.raises(SystemExit) as stop:
        verbs.main(words)
    assert stop.value.code == 2


def test_process_does_not_end_with_0_after_a_failure(tmp_path):
    """A NaN in the features: the published code calls exit(0) here."""
    code = ("import torch; from quakebook.bugfinv import BUGFInv;"
            "h = torch.full((4, 3), float('nan'), requires_grad=True);"
            "BUGFInv().backward(h.sum(), [], h, [torch.zeros(4)] * 3)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1 and "`representation` holds 12 NaN" in done.stderr


def test_overthrust_runs_the_four_methods_and_answers_the_claims(tmp_path, monkeypatch, capsys):
    """A small cube in the published layout: the metrics that the claims name come out."""
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path / "runs"))
    kept = {}
    monkeypatch.setattr("quakebook.publishing.claims.report",
                        lambda paper, source, metrics, **facts: kept.update(metrics) or tmp_path / "overthrust.json")
    depth = np.linspace(2400, 5600, 60)[None, None] * np.ones((12, 10, 1))
    vp = (depth + 150 * np.random.default_rng(0).normal(size=(12, 10, 60))).clip(2360, 6000)
    vp.astype(np.float32).transpose(2, 1, 0).astype(">f4").tofile(tmp_path / "overthrust.vites")
    words = ["preset=smoke", "data.file_shape=[12,10,60]", "training.steps=2", "training.progress=false"]
    assert verbs.main(["overthrust", str(tmp_path), *words]) == 0
    assert {f"overthrust.{m}.{s}" for m in ("lbfgs", "cw", "nash", "bugfinv")
            for s in ("pcc.Vp", "r2.Vs", "ssim.rho", "nrmse.overall")} <= set(kept)
    assert "overthrust.bugfinv.posterior.r2.Vs" in kept and "BUGFInv" in capsys.readouterr().out
