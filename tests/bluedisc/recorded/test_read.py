"""Recorded trainings: what is kept and read back."""

import numpy as np
import pytest

from quakebook.bluedisc.recorded import make as record
from quakebook.bluedisc.recorded import read as recorded


def test_recorded_training_round_trip(kept, smoke_runs):
    assert recorded.names(kept) == ["bce-42", "hybrid-42"]
    run = recorded.read("hybrid-42", kept)
    whole = smoke_runs["hybrid"].read_arrays("track")["prediction"]
    np.testing.assert_allclose(run.track.prediction[-1], whole[-1], atol=0.5 / 255 + 1e-6)
    assert run.metrics["S.label_count"] == smoke_runs["hybrid"].record["metrics"]["S.label_count"]
    assert recorded.generator("bce-42", kept).label == "N"
    with pytest.raises(FileNotFoundError, match="there are: bce-42, hybrid-42"):
        recorded.read("gan-7", kept)


def test_plan_names_are_unique_and_unknown_ones_refused(capsys):
    assert len({training.name for training in record.PLAN}) == len(record.PLAN)
    assert record.main(["nothing", "--list"]) == 2 and "hybrid-42" in capsys.readouterr().err


def test_track_is_thinned_to_a_number_of_steps_with_first_and_last(kept, smoke_runs, monkeypatch):
    from quakebook.bluedisc.scoring.followed import Track

    track = Track.from_arrays(smoke_runs["bce"].read_arrays("track"))
    monkeypatch.setattr(recorded, "KEPT_STEPS", 2)
    packed = recorded.pack_track(track, 1)
    assert list(packed["track_step"]) == [track.step[0], track.step[-1]] and len(packed["track_prediction"]) == 2
    assert len(packed["track_head_bias"]) == 2
