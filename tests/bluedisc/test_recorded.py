"""Recorded trainings and real records."""

import json

import numpy as np
import pytest
import torch

from quakebook.bluedisc import chapter, real, record, recorded, sweep
from quakebook.bluedisc.networks import Generator


@pytest.fixture()
def kept(smoke_runs, tmp_path):
    """BCE and hybrid smoke runs written as recorded trainings."""
    from quakebook.bluedisc.settings import config

    for mode, run in smoke_runs.items():
        training = record.Training(mode, 42, steps=4)
        record.keep(run, training, config(f"loss.mode={mode}", preset="smoke"), tmp_path, cpu_seconds=1.0)
    return tmp_path


def test_recorded_training_round_trip(kept, smoke_runs):
    assert recorded.names(kept) == ["bce-42", "hybrid-42"]
    run = recorded.read("hybrid-42", kept)
    whole = smoke_runs["hybrid"].read_arrays("track")["prediction"]
    np.testing.assert_allclose(run.track.prediction[-1], whole[-1], atol=0.5 / 255 + 1e-6)
    assert run.metrics["S.label_count"] == smoke_runs["hybrid"].record["metrics"]["S.label_count"]
    assert recorded.generator("bce-42", kept).label == "N"
    with pytest.raises(FileNotFoundError, match="there are: bce-42, hybrid-42"):
        recorded.read("gan-7", kept)


def test_chapter_tables_and_numbers(kept):
    runs = {name: recorded.read(name, kept) for name in recorded.names(kept)}
    assert len(chapter.recorded_table(runs)) == len(chapter.phase_table(runs)) == 2
    assert chapter.paired_seeds(runs) == [42] and chapter.effect_metrics(runs)["recorded.seeds"] == 1
    assert chapter.chosen_sample(runs["bce-42"], runs["hybrid-42"]) in range(8)
    assert "4 steps" in chapter.facts_line(runs)


def test_plan_names_are_unique_and_unknown_ones_refused(capsys):
    assert len({training.name for training in record.PLAN}) == len(record.PLAN)
    assert record.main(["nothing", "--list"]) == 2 and "hybrid-42" in capsys.readouterr().err


def test_real_records_are_scored_and_kept(tmp_path, records):
    torch.manual_seed(0)
    shown = real.apply({"bce": Generator().eval()}, records.subset(slice(0, 8)).__class__(
        **{**records.subset(slice(0, 8)).__dict__, "metadata": records.subset(slice(0, 8)).metadata}))
    assert shown.waveform.shape == shown.prediction["bce"].shape and "real.bce.S.tp" in shown.facts["metrics"]
    real.write(shown, tmp_path)
    again = real.read(tmp_path)
    np.testing.assert_allclose(again.prediction["bce"], shown.prediction["bce"], atol=0.5 / 255 + 1e-6)
    assert json.loads((tmp_path / "real.json").read_text())["computed_on"] == "real"


def test_example_alone_needs_no_sample():
    shown = real.apply({"bce": Generator().eval()}, None)
    assert len(shown.titles) == 1 and shown.waveform.shape == (1, 3, 3001)


def test_dead_components_are_left_out(records):
    waves = records.waveforms.clone()
    waves[0, 1] = 0
    from dataclasses import replace

    both = ~(records.picks("P").isnan().all(1) | records.picks("S").isnan().all(1))
    assert len(real.with_horizontals(replace(records, waveforms=waves))) == int(both[1:].sum())


@pytest.fixture()
def swept(smoke_runs, tmp_path):
    """The same smoke runs kept as entries of a sweep."""
    from quakebook.bluedisc.settings import config

    for mode, run in smoke_runs.items():
        training = record.Training(mode, 42, steps=4, data_weight=100.0, in_sweep=True)
        record.keep(run, training, config(f"loss.mode={mode}", "loss.data_weight=100", preset="smoke"),
                    tmp_path / sweep.FOLDER)
    return sweep.read(tmp_path)


def test_sweep_is_sorted_by_weight_and_reports_each(swept):
    assert [sweep.title(entry) for entry in swept] == ["100", "BCE only"]
    assert list(sweep.table(swept)["label"]) == ["N", "N"]
    numbers = sweep.metrics(swept)
    assert {"sweep.N.100.S.tp", "sweep.N.bce.S.error_s"} <= set(numbers)
    assert len(sweep.figure(swept).axes) == 2


def test_median_error_leaves_other_arrivals_out(swept):
    from dataclasses import replace

    peaks = swept[0].peaks["S"]
    far = replace(peaks, error_samples=np.array([-10.0, 20.0, 500.0, np.nan], np.float32))
    assert replace(swept[0], peaks={"S": far}).median_error_s("S") == pytest.approx(0.15)
    none = replace(peaks, error_samples=np.array([np.nan], np.float32))
    assert np.isnan(replace(swept[0], peaks={"S": none}).median_error_s("S"))


def test_track_is_thinned_to_a_number_of_steps_with_first_and_last(kept, smoke_runs, monkeypatch):
    from quakebook.bluedisc.tracking import Track

    track = Track.from_arrays(smoke_runs["bce"].read_arrays("track"))
    monkeypatch.setattr(recorded, "KEPT_STEPS", 2)
    packed = recorded.pack_track(track, 1)
    assert list(packed["track_step"]) == [track.step[0], track.step[-1]] and len(packed["track_prediction"]) == 2
    assert len(packed["track_head_bias"]) == 2


def test_claims_take_the_worst_seed_and_only_where_p_works(kept):
    from dataclasses import replace

    run = recorded.read("bce-42", kept)

    def made(name, **metrics):
        facts = run.facts | {"seed": int(name.split("-")[1]),
                             "metrics": {f"{name}.{k.replace('_', '.', 1)}": v for k, v in metrics.items()}}
        return replace(run, name=name, facts=facts)

    rows = {"P_tp": 90.0, "S_tp": 30.0, "S_below": 30.0, "S_middle": 6.0, "S_precise": 60.0}
    runs = {"bce-0": made("bce-0", **rows), "hybrid-0": made("hybrid-0", **rows | {"S_tp": 60.0, "S_below": 2.0}),
            "bce-1": made("bce-1", **rows), "hybrid-1": made("hybrid-1", **rows | {"S_tp": 45.0, "S_below": 5.0}),
            "bce-2": made("bce-2", **rows | {"P_tp": 1.0}), "hybrid-2": made("hybrid-2", **rows)}
    assert chapter.free_seeds(runs) == [0, 1] and chapter.paired_seeds(runs) == [0, 1, 2]
    numbers = chapter.effect_metrics(runs)
    assert numbers["recorded.tp_ratio.min"] == 1.5 and numbers["recorded.below_fall.min"] == pytest.approx(6)
    assert numbers["recorded.bce.P.tp.min"] == 1.0 and numbers["recorded.seeds_free"] == 2
