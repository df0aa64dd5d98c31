"""The commands that claims name compute their metric; what they select and report, by hand."""

import json
from types import SimpleNamespace

import numpy as np
import pytest

from quakebook.data import store
from quakebook.magnitude.published import literature
from quakebook.magnitude.published.verbs import main
from quakebook.magnitude.scoring.pick_scores import WindowPicks
from quakebook.publishing import claims

SPLITS = SimpleNamespace(test=None, label="some set")


def answer(monkeypatch, name, value):
    seen = {}
    monkeypatch.setattr(literature, name, lambda *words, **options: seen.update(options) or value)
    return seen


def test_magnet_is_scored_on_loud_and_near_records(monkeypatch):
    """Kept: errors 1 and -1; left out: too quiet, too far, noise."""
    found = SimpleNamespace(true=np.array([1.0, 2, 3, 4, 5]), is_event=np.array([1, 1, 1, 1, 0], bool),
                            snr_db=np.array([20.0, 30, 19.9, 30, 30]), distance_km=np.array([110.0, 5, 5, 110.1, 5]),
                            values=lambda name: np.array([2.0, 1, 9, 9, 9]))
    answer(monkeypatch, "predict_magnitudes", found)
    assert literature.magnet_std(SimpleNamespace(model=None, model_type="magnet"), SPLITS) == ("stead.magnet.std", 1.0)
    found.snr_db[:] = 0
    with pytest.raises(ValueError, match="no test record with a signal-to-noise ratio of 20 dB"):
        literature.magnet_std(SimpleNamespace(model=None, model_type="magnet"), SPLITS)


def test_picks_within_a_tenth_of_a_second(monkeypatch):
    picks = WindowPicks(np.array([0.9, 0.9, 0.49]), np.array([1.05, 1.2, 1.0]), np.array([1.0, 1.0, 1.0]))
    answer(monkeypatch, "predict_phases", SimpleNamespace(picks={"P": picks}))
    name, f1 = literature.picker_f1(SimpleNamespace(model=None, model_type="phasenet"), SPLITS)
    assert name == "ncedc.P.f1" and f1 == pytest.approx(2 * 1 / (2 + 3))


def test_two_seconds_of_p(monkeypatch):
    found = SimpleNamespace(true=np.array([1.0, 2.0]), is_event=np.array([True, True]), onset_s=np.array([28.0, 28.0]),
                            values=lambda name: np.array([4.0, 6.0]))
    seen = answer(monkeypatch, "predict_magnitudes", found)
    assert literature.two_seconds_rmse(SimpleNamespace(model=None, model_type="phasenet_mag"), SPLITS) == (
        "stead.two_seconds.rmse", pytest.approx(12.5 ** 0.5))
    assert seen == {"before": 2800}


def test_every_measure_answers_a_claim():
    metrics = {claim.metric for claim in claims.load("magnitude")}
    assert {"stead.magnet.std", "ncedc.P.f1", "stead.two_seconds.rmse"} <= metrics
    assert set(literature.MEASURES) == {"magnet", "phasenet", "phasenet_mag"}


def test_command_reports_the_number(make_records, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("QUAKEBOOK_RESULTS", str(tmp_path / "results"))
    store.write(make_records(), tmp_path / "set")
    words = ["literature", "--preset", "smoke", "--records", "48", "--output_dir", str(tmp_path / "out")]
    assert main([*words, "--dataset", str(tmp_path / "set"), "--model_type", "phasenet_mag"]) == 0
    written = json.loads((tmp_path / "results" / "magnitude" / "literature_phasenet_mag.json").read_text())
    assert written["data"] == "real" and set(written["metrics"]) == {"stead.two_seconds.rmse"}
    assert "CREIME, at most two seconds of P: RMSE 0.65 in magnitude; found " in capsys.readouterr().out
    assert main([*words]) == 2
    assert main([*words, "--dataset", "STEAD", "--model_type", "amag_v2"]) == 2
    assert "knows what papers state of magnet, phasenet, phasenet_mag" in capsys.readouterr().err
