"""Real records picked by a trained run: which windows are shown, and what is scored and kept."""

from types import SimpleNamespace

import numpy as np
import pytest

from quakebook import data
from quakebook.magnitude.data import tensors
from quakebook.magnitude.networks import checkpoint
from quakebook.magnitude.recorded import real_records
from quakebook.magnitude.scoring import predict_picks
from quakebook.magnitude.scoring.pick_scores import WindowPicks


def found():
    """Five windows; the second has a dead component, the third an S too early; the first never rises above zero."""
    waves = np.ones((5, 3, 10))
    waves[0], waves[1, 2] = -2.0, 0.0
    picks = {phase: WindowPicks(np.array([0.9, 0.2]), np.array([5.1, 9.0]), np.array([5.0, 9.0])) for phase in "PS"}
    seconds = np.array([[8.0, 8.5], [9.0, 9.5], [4.0, 4.5], [23.9, 24.0], [10.0, 10.0]])
    return SimpleNamespace(picks=picks, examples={"waveforms": waves, "picks_s": seconds, "curves": 0.5 * waves})


@pytest.fixture
def applied(monkeypatch, tmp_path):
    monkeypatch.setattr(data, "load_records", lambda path, require: path)
    monkeypatch.setattr(tensors, "from_records", lambda records: records)
    monkeypatch.setattr(checkpoint, "load", lambda path: SimpleNamespace(model=path, model_type="phasenet"))
    monkeypatch.setattr(predict_picks, "predict_phases", lambda *given: found())
    return real_records.apply(SimpleNamespace(path=tmp_path), tmp_path)


def test_two_windows_with_all_components_and_s_inside_are_shown(applied):
    assert applied.examples["picks_s"].tolist() == [[8.0, 8.5], [23.9, 24.0]]
    assert (applied.examples["waveforms"][0] == -2).all()


def test_without_the_sample_there_is_nothing(tmp_path):
    assert real_records.apply(SimpleNamespace(path=tmp_path), tmp_path / "absent") is None


def test_what_is_kept_is_scaled_to_its_peak(applied):
    """Of two labels one is found (0.9 above the threshold 0.3), 0.1 s late."""
    kept = real_records.outcome(applied)
    assert (kept.arrays["example_waveforms"][0] == -1).all() and kept.arrays["example_waveforms"].dtype == np.float16
    assert kept.arrays["P_position_s"].tolist() == pytest.approx([5.1, 9.0])
    assert (kept.metrics["real.P.recall"], kept.metrics["real.P.precision"]) == (0.5, 1.0)
    assert kept.metrics["real.S.residual_mean_s"] == pytest.approx(0.1)
