"""Recorded trainings: what is kept and read back."""

import numpy as np
import pytest

from quakebook import cli
from quakebook.bluedisc.recorded import plan
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
    assert len({entry.name for entry in plan.PLAN}) == len(plan.PLAN)
    assert cli.main(["record", "bluedisc", "nothing", "--list"]) == 2 and "hybrid-42" in capsys.readouterr().err


def test_every_entry_of_the_plan_is_a_training_that_can_be_composed():
    for entry in (entry for entry in plan.PLAN if entry.function.endswith("recorded.make:training")):
        training = plan.Training(**entry.arguments)
        assert training.name == entry.name
        if training.seed == 42 and not training.in_sweep:
            assert training.settings().training.steps == training.steps
    assert set(recorded.names()) < {entry.name for entry in plan.PLAN}


def test_recorded_settings_and_facts_agree():
    """What the pages read beside the settings is what the settings say, under whichever names they had."""
    for name in recorded.names():
        run = recorded.read(name)
        data, training = run.facts["settings"]["data"], run.facts["settings"]["training"]
        assert (run.facts["seed"], run.facts["steps"]) == (training["seed"], training["steps"])
        assert (run.facts["records"], run.facts["batch_size"]) == (data["records"], data["batch_size"])


def test_track_is_thinned_to_a_number_of_steps_with_first_and_last(kept, smoke_runs, monkeypatch):
    from quakebook.bluedisc.scoring.followed import Track

    track = Track.from_arrays(smoke_runs["bce"].read_arrays("track"))
    monkeypatch.setattr(recorded, "KEPT_STEPS", 2)
    packed = recorded.pack_track(track, 1)
    assert list(packed["track_step"]) == [track.step[0], track.step[-1]] and len(packed["track_prediction"]) == 2
    assert len(packed["track_head_bias"]) == 2
