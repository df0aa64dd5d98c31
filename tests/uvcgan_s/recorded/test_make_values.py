"""What is kept of a training: which losses, which images of which event, which numbers under which names."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from quakebook.uvcgan_s.data import spectrograms as task
from quakebook.uvcgan_s.recorded import make, plan
from quakebook.uvcgan_s.studies import picks
from quakebook.uvcgan_s.studies import spectrograms as study


def run():
    """Two validations of three mixtures: parts (steps, mixtures, parts, height, width)."""
    parts = np.arange(2 * 3 * 2 * 4.0).reshape(2, 3, 2, 2, 2)
    kept = {"shown": {"step": np.array([5, 9]), "parts": parts, "true_a0": np.full((3, 1, 2, 2), 7.0),
                      "true_a1": np.full((3, 1, 2, 2), 8.0), "mixture": np.ones((3, 1, 2, 2))},
            "history": {"step": np.array([5, 9]), "error": np.array([0.5, 0.4])}}
    log = pd.DataFrame({"step": [1, 2], "gen_ab": [0.1, 0.2], "disc_b": [None, None], "seconds": [1.0, 2.0],
                        "pair": [3.0, 4.0], "error": [1.0, 1.0]})
    return SimpleNamespace(metrics=lambda: log, read_arrays=kept.__getitem__), parts


def test_losses_that_were_logged_are_kept_and_nothing_else():
    arrays = make._through_training(run()[0])
    assert {key for key in arrays if key.startswith("loss:")} == {"loss:gen_ab", "loss:pair"}
    assert arrays["loss:pair"].tolist() == [3, 4] and arrays["log:step"].tolist() == [1, 2]
    assert arrays["history:error"].tolist() == [0.5, 0.4] and arrays["shown:parts"].dtype == np.float32


def test_the_first_event_is_followed():
    one, parts = run()
    arrays = make._event_through_training(one)
    assert arrays["track:steps"].tolist() == [5, 9] and not any(key.startswith("shown:") for key in arrays)
    assert np.array_equal(arrays["track:background"], parts[:, 0, 0])
    assert np.array_equal(arrays["track:signal"], parts[:, 0, 1])
    assert arrays["track:true_background"].tolist() == [[7, 7]] * 2 and arrays["track:true_signal"].mean() == 8


@pytest.fixture
def mixtures(monkeypatch):
    g = torch.Generator().manual_seed(0)
    noise, signal = torch.randn(2, 8, task.SAMPLES, generator=g)
    made = task.Mixtures(noise, signal, np.full(8, 8.0), np.full(8, np.nan))
    asked = []
    monkeypatch.setattr(task, "mixtures", lambda *words: asked.append(words) or made)
    monkeypatch.setattr(picks, "sta_lta", lambda waves, rate_hz: np.where(np.arange(len(waves)) < 6, 8.25, 9.0))
    made.__dict__["asked"] = asked
    return made


def test_filters_on_the_mixtures_of_the_test(mixtures):
    found = make.seismic_classical()
    rows = study.baselines(mixtures)
    assert mixtures.asked[0] == ("test", 200) and found.facts["data"] == "model-free"
    assert found.metrics["band_pass_gain_db"] == rows["band-pass"]["gain_db"]
    assert found.metrics["true_magnitudes_gain_median_db"] == rows["true magnitudes"]["gain_median_db"]
    assert found.metrics["sum_share_above"] == study.sum_gap(mixtures)["share_above"]
    for name in ("mixture", "band_pass", "signal"):
        assert (found.metrics[f"picks_{name}_found"], found.metrics[f"picks_{name}_false"]) == (0.75, 0.25)
        assert found.metrics[f"picks_{name}_median_error_s"] == 0.25


def test_a_trained_method_is_scored_on_mixtures_that_it_has_not_seen(mixtures, monkeypatch):
    from quakebook.uvcgan_s import api

    fake, _ = run()
    fake.record = {"metrics": {"error": 0.5}}
    monkeypatch.setattr(api, "train", lambda settings: fake)
    monkeypatch.setattr(api, "decompose", lambda run, images: (0 * images, images / 2))
    monkeypatch.setattr(make, "_weights", lambda run, *more: {})
    found = make.seismic("identity", 3)
    half = task.waveforms_of(task.magnitudes(mixtures.mixture) / 2, mixtures.mixture)
    assert mixtures.asked[0] == ("test", 200, 0) and found.settings.training.seed == 3
    want = study.score(mixtures, lambda images: (0 * images, images / 2))
    assert found.metrics["test_gain_db"] == want["gain_db"] and found.metrics["error"] == 0.5
    assert torch.equal(found.arrays["extracted"], half[:6]) and len(found.arrays["p_s"]) == 6
    assert torch.equal(found.arrays["true_noise"], mixtures.noise[:6])
    assert torch.equal(found.arrays["true_signal"], mixtures.signal[:6])
    assert torch.equal(found.arrays["signal_magnitude"], task.magnitudes(mixtures.mixture[:6]) / 2)
    assert found.metrics["picks_extracted_found"] == 0.75 and found.facts["title"] == "identity on sums"


def test_the_plan_by_hand():
    """With three seeds: nine variants, four methods, three of jets, long and short; filters, two extractions."""
    names = [entry.name for entry in plan.PLAN]
    assert len(names) == len(set(names)) == 9 * 3 + 1 + 4 * 3 + 2 + 1 + 3 * 3 + 3 * 3
    by = {entry.name: entry for entry in plan.PLAN}
    assert by["jets-full-2"].arguments == {"method": "full", "seed": 2, "steps": 6000}
    assert by["jets-short-full-0"].arguments["overrides"] == ["data.records=8000", "data.dev_records=200",
                                                             "objective.warm_steps=2000"]
    assert by["jets-short-identity-0"].arguments["steps"] == 3000 and by["jets-short-full-0"].arguments["steps"] == 2500
    assert by["jets-short-full-2"].arguments == by["jets-short-full-0"].arguments | {"seed": 2}
    assert by["seismic-real"].arguments == {"kind": "real", "count": 240}
    assert by["seismic-picks"].arguments == {"kind": "synthetic", "count": 200}
