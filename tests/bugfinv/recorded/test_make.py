"""What is kept of a run: thinned sections, blind wells, the step in time, and means with deviations over seeds."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.bugfinv.recorded import make, read


def test_sections_are_thinned_to_a_hundred_traces_and_225_samples():
    """3 inlines of 250 crosslines, 500 samples: every third crossline of the middle inline, every third sample."""
    true = torch.arange(3 * 250, dtype=torch.float32)[:, None, None] + torch.zeros(750, 3, 500)
    true[:, 1, 3] += 0.5
    survey = SimpleNamespace(shape=(3, 250), true=true, blind=np.array([7, 300]), dt_s=0.002)
    run = SimpleNamespace(read_arrays=lambda name: {"trained": true.numpy() + 1.0}, metrics=pd.DataFrame)
    kept = make._pictures(run, survey, True)
    assert kept["section.rows"].tolist() == [250 + 3 * k for k in range(84)]
    assert kept["section.true"].shape == (84, 3, 167) and kept["section.true"].dtype == np.float16
    assert kept["section.true"][:, 0, 0].tolist() == kept["section.rows"].tolist()
    assert kept["section.true"][0, 1, 1] == 250.5 and kept["section.trained"][0, 0, 0] == 251
    assert kept["blind.true"].shape == (2, 3, 500) and kept["blind.true"][:, 0, 0].tolist() == [7, 300]
    assert kept["blind.rows"].tolist() == [7, 300] and float(kept["section.dt_s"]) == pytest.approx(0.006)
    assert make._pictures(run, survey, False) == {}


def test_small_sections_are_kept_whole():
    survey = SimpleNamespace(shape=(2, 100), true=torch.zeros(200, 3, 225), blind=np.array([0]), dt_s=0.004)
    run = SimpleNamespace(read_arrays=lambda name: {}, metrics=lambda: pd.DataFrame({"step": [1.0], "loss": [2.0]}))
    kept = make._pictures(run, survey, True)
    assert kept["section.rows"].tolist() == list(range(100, 200)) and kept["section.true"].shape == (100, 3, 225)
    assert float(kept["section.dt_s"]) == 0.004 and kept["log.loss"].tolist() == [2.0]
    assert kept["log.loss"].dtype == np.float32


def test_means_and_deviations_over_seeds():
    """Errors 1 and 3: mean 2, deviation sqrt 2, two seeds; one seed has the deviation 0."""
    table = pd.DataFrame({"method": ["cw", "cw", "nash"], "heads": ["trained"] * 3, "a": [1.0, 3.0, 5.0]})
    row = read.spread(table, ["a"]).loc[("cw", "trained")]
    assert (row[("mean", "a")], row[("number", "seeds")]) == (2.0, 2) and row[("std", "a")] == pytest.approx(2**0.5)
    assert read.spread(table, ["a"]).loc[("nash", "trained"), ("std", "a")] == 0.0


def test_a_summary_names_machines_seeds_and_seconds(monkeypatch, tmp_path):
    table = pd.DataFrame({"method": ["cw"] * 2, "heads": ["trained"] * 2, "seed": [1, 0], "seconds": [9.0, 9.0],
                          "nrmse.overall": [0.1, 0.3], "pcc.Vp": [0.5, 0.7]})
    runs = [{"data": "synthetic", "device": d, "seed": s, "seconds": t, "run": r}
            for d, s, t, r in (("b", 1, 1.26, "x"), ("a", 0, 2.0, "y"))]
    monkeypatch.setattr(read, "score_table", lambda family, where: table)
    monkeypatch.setattr(read, "runs", lambda family, where: runs)
    found = make.summary("synthetic", tmp_path)
    assert found.facts == {"data": "synthetic", "device": "a, b", "seeds": [0, 1], "seconds_of_runs": 3.3}
    assert found.run == ["x", "y"]
    assert found.metrics["synthetic.cw.trained.nrmse.overall"] == pytest.approx(0.2)
    assert found.metrics["synthetic.cw.trained.pcc.Vp.sd"] == pytest.approx(0.02**0.5)
    assert "synthetic.cw.trained.seconds" not in found.metrics
    monkeypatch.setattr(read, "score_table", lambda family, where: pd.DataFrame())
    with pytest.raises(ValueError, match="no run of synthetic"):
        make.summary("synthetic", tmp_path)
