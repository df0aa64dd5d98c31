"""Exported models in a process that cannot import this package, thresholds, model card, and pick files."""

from __future__ import annotations

import doctest
import json
import subprocess
import sys

import numpy as np
import obspy
import pandas as pd
import pytest
import seisbench.models as sbm
import torch

from quakebook.picking.continuous import table
from quakebook.picking.export import card, tables
from quakebook.picking.export.model import arguments_of, plain, save_model
from quakebook.picking.export.quakeml import catalogue, picks_of_catalogue
from quakebook.picking.export.thresholds import HEIGHTS, best_threshold, thresholds_on
from quakebook.picking.scores import PhaseScores

ALONE = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "quakebook":
            raise ImportError("quakebook is blocked")
sys.meta_path.insert(0, Block())
import json, numpy, obspy, torch
import seisbench.models
kind = getattr(seisbench.models, sys.argv[2])
model = kind.load(sys.argv[1], version_str=sys.argv[3] or None, weights_only=True).eval()
window = torch.from_numpy(numpy.load(sys.argv[4]))
with torch.no_grad():
    curves = model(model.annotate_batch_pre(window, {}))
stream = obspy.read()
for trace, values in zip(stream, window[0].numpy()):
    trace.data = numpy.tile(values, 3)
picks = model.classify(stream).picks
assert "quakebook" not in sys.modules
print(json.dumps({"curves": curves.tolist(), "picks": len(picks), "phases": sorted({p.phase for p in picks}),
                  "arguments": model.default_args}))
"""


def alone(path, kind: str, window: torch.Tensor, tmp_path, version: str = "") -> dict:
    np.save(tmp_path / "window.npy", window.numpy())
    done = subprocess.run([sys.executable, "-c", ALONE, str(path), kind, version, str(tmp_path / "window.npy")],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


class Sigmoids(sbm.PhaseNet):
    """A picker with independent outputs."""

    def __init__(self, **options):
        super().__init__(phases="PSD", norm="peak", norm_amp_per_comp=True, **options)

    def forward(self, x, logits=False):
        return torch.sigmoid(super().forward(x, logits=True))


@pytest.fixture(scope="module")
def window():
    return torch.randn(1, 3, 3001, generator=torch.Generator().manual_seed(0))


def test_sigmoids_become_a_softmax_that_plain_seisbench_computes(tmp_path, window):
    torch.manual_seed(4)
    model = Sigmoids().eval()
    with torch.no_grad():
        model.out.weight.mul_(150)
        model.out.bias[:2] = -4.0
        expected = model(model.annotate_batch_pre(window, {}))
    files = save_model(plain(model, "sigmoid"), tmp_path / "picker", {"P": 0.4, "S": 0.35}, "facts", version="1")
    assert [path.name for path in files] == ["picker.pt.v1", "picker.json.v1"]
    seen = alone(tmp_path / "picker", "PhaseNet", window, tmp_path, "1")
    curves = torch.tensor(seen["curves"])
    odds = expected[:, :2] / (1 - expected[:, :2])
    torch.testing.assert_close(curves[:, :2], odds / (1 + odds.sum(1, keepdim=True)), atol=1e-5, rtol=1e-4)
    alone_p = expected[:, 1] < 0.01  # where S is unlikely, P is what the sigmoid says
    assert alone_p.any() and float(expected[:, 0][alone_p].max()) > 0.4
    torch.testing.assert_close(curves[:, 0][alone_p], expected[:, 0][alone_p], atol=0.01, rtol=0)
    assert seen["arguments"]["P_threshold"] == 0.4 and set(seen["phases"]) <= {"P", "S"}
    assert seen["picks"] > 0


def test_softmax_pickers_are_exported_as_they_are(tmp_path, window):
    torch.manual_seed(4)

    class Wide(sbm.PhaseNet):
        pass

    model = Wide(phases="PSN", filter_factor=2, norm="peak", default_args={"blinding": [200, 200]}).eval()
    with torch.no_grad():
        expected = model(model.annotate_batch_pre(window, {}))
    save_model(plain(model), tmp_path / "wide", {"P": 0.3})
    seen = alone(tmp_path / "wide", "PhaseNet", window, tmp_path)
    torch.testing.assert_close(torch.tensor(seen["curves"]), expected)
    assert seen["arguments"] == {"blinding": [200, 200], "P_threshold": 0.3}


def test_eqtransformer_keeps_its_arguments():
    model = sbm.EQTransformer(in_samples=3000, norm="peak", phases="PS")
    copy = plain(model)
    assert copy.in_samples == 3000 and copy.labels == model.labels
    assert arguments_of(copy, sbm.EQTransformer)["norm"] == "peak"


def test_what_cannot_be_exported():
    with pytest.raises(ValueError, match="not derived from a model of SeisBench"):
        plain(torch.nn.Linear(1, 1))
    with pytest.raises(ValueError, match="three outputs"):
        plain(sbm.EQTransformer(), "sigmoid")
    with pytest.raises(ValueError, match="write `plain"):
        save_model(Sigmoids(), "x", {})


def scores_of(errors, heights, labels) -> PhaseScores:
    return PhaseScores(torch.tensor(errors), torch.tensor(heights), torch.tensor(heights), labels)


def test_best_threshold_by_hand():
    """True peaks at 0.6 and above, false ones below 0.5: any height between is perfect."""
    scores = scores_of([0.0, 1.0, -2.0, 80.0, 90.0], [0.6, 0.8, 0.9, 0.3, 0.5], 3)
    height, f1 = best_threshold(scores)
    assert 0.5 < height <= 0.6 and f1 == 1
    with pytest.raises(ValueError, match="no threshold can be chosen"):
        best_threshold(scores_of([80.0], [0.9], 1))
    assert HEIGHTS.tolist() == [k / 100 for k in range(5, 96)]


@pytest.mark.parametrize(("true", "false", "middle"), [(0.6, 0.5, 0.56), (0.65, 0.5, 0.58)])
def test_the_middle_of_equally_good_heights(true, false, middle):
    """Perfect are 0.51 to 0.6, ten heights, and 0.51 to 0.65, fifteen."""
    assert best_threshold(scores_of([0.0, 90.0], [true, false], 1))[0] == pytest.approx(middle)


def test_thresholds_of_a_model_on_windows():
    class Echo(sbm.PhaseNet):
        def annotate_batch_pre(self, batch, argdict):
            return batch

        def forward(self, x, logits=False):
            return torch.cat([x[:, :1], 0 * x[:, :1], 1 - x[:, :1]], 1)

    curves = torch.zeros(4, 3, 3001)
    picks = torch.tensor([[500.0], [900.0], [1300.0], [torch.nan]])
    for row, height in enumerate((0.8, 0.7, 0.6)):
        curves[row, 0, int(picks[row, 0]) + 3] = height
    curves[3, 0, 700] = 0.4
    facts = thresholds_on(Echo(phases="PSN").eval(), curves, {"P": picks}, batch_size=3)["P"]
    assert 0.4 < facts["threshold"] <= 0.6 and facts["f1"] == facts["precision"] == facts["recall"] == 1
    assert facts["labels"] == 3


def test_model_card():
    assert doctest.testmod(card).failed == 0
    rows = {"P": {"threshold": 0.4, "precision": 0.9, "recall": 0.8, "f1": 0.85, "labels": 100.0}}
    text = card.model_card("picker", "PhaseNet", {"data": "synthetic:picker", "seed": 3}, rows, {"P.tp": [60.0, 70.0]})
    assert text.startswith("---\nlibrary_name: seisbench") and "65 (60 to 70, 2 seeds)" in text
    assert "| P | 0.40 | 0.900 | 0.800 | 0.850 | 100 |" in text and "synthetic records only" in text
    assert "synthetic records only" not in card.model_card("picker", "PhaseNet", {"data": "ETHZ"}, rows, {})


@pytest.fixture
def picks():
    times = pd.to_datetime(["2024-01-01T00:00:01.230000", "2024-01-01T00:00:03.210000", "2024-01-02T00:00:00.010000"])
    frame = pd.DataFrame({"trace_id": ["XX.A.", "XX.A.", "YY.B.00"], "channel": ["HH", "HH", "EH"],
                          "phase": ["P", "S", "P"], "time": times, "probability": [0.9, 0.5, 0.75],
                          "start_time": times - pd.Timedelta("60ms"), "end_time": times + pd.Timedelta("120ms"),
                          "uncertainty_s": [0.1, 0.2, 0.15], "snr_db": [12.5, np.nan, 3.0],
                          "velocity_m_per_s": [1e-6, 2e-6, np.nan], "displacement_m": [1e-8, 2e-8, np.nan]})
    return frame.astype(table.COLUMNS)


@pytest.mark.parametrize("name", ["picks.csv", "picks.parquet", "picks.xml"])
def test_pick_files_there_and_back(picks, tmp_path, name):
    path = tables.write_picks(picks, tmp_path / name, {"model": "PhaseNet", "identity": "abc", "version": "1"})
    pd.testing.assert_frame_equal(tables.load_picks(path), picks)
    again = path.read_bytes()
    tables.write_picks(picks, path, {"model": "PhaseNet", "identity": "abc", "version": "1"})
    if name != "picks.xml":
        assert path.read_bytes() == again


def test_no_picks_there_and_back(tmp_path):
    for name in ("picks.csv", "picks.parquet", "picks.xml"):
        path = tables.write_picks(table.empty(), tmp_path / name)
        pd.testing.assert_frame_equal(tables.load_picks(path), table.empty())


def test_endings(tmp_path, picks):
    assert doctest.testmod(tables).failed == 0
    with pytest.raises(ValueError, match="the ending must be one of"):
        tables.write_picks(picks, tmp_path / "picks.txt")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="no table of picks: it lacks the columns trace_id"):
        tables.load_picks(tmp_path / "other.csv")


def test_tables_of_the_associators(picks):
    gamma = tables.for_gamma(picks)
    assert list(gamma) == ["id", "timestamp", "prob", "type", "amp"] and gamma.type.tolist() == ["p", "s", "p"]
    assert "amp" not in tables.for_gamma(picks.assign(velocity_m_per_s=np.nan))
    octo = tables.for_pyocto(picks)
    assert octo.time.tolist()[0] == obspy.UTCDateTime("2024-01-01T00:00:01.23").timestamp
    assert octo.station.tolist() == picks.trace_id.tolist()


def test_quakeml_says_where_a_pick_comes_from(picks):
    pick = catalogue(picks, provenance={"model": "PhaseNet", "identity": "abc"})[0].picks[2]
    assert pick.evaluation_mode == "automatic" and str(pick.method_id) == "smi:quakebook/picker/PhaseNet/abc"
    assert pick.waveform_id.get_seed_string() == "YY.B.00.EH" and pick.time_errors.uncertainty == 0.15


def test_events_in_quakeml(picks):
    events = pd.DataFrame({"event": [7], "time": pd.to_datetime(["2024-01-01"]), "latitude_deg": [1.0],
                           "longitude_deg": [2.0], "depth_km": [3.0], "picks": [2]})
    assigned = pd.DataFrame({"event": [7, 7], "pick": [0, 1], "residual_s": [0.1, -0.1]})
    catalog = catalogue(picks, events, assigned)
    assert len(catalog) == 1 and catalog[0].preferred_origin().depth == 3000
    assert [arrival.time_residual for arrival in catalog[0].origins[0].arrivals] == [0.1, -0.1]
    pd.testing.assert_frame_equal(picks_of_catalogue(catalog), picks.iloc[:2])
