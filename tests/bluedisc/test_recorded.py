"""Recorded trainings and real records."""

import json

import numpy as np
import pytest
import torch

from quakebook.bluedisc import chapter, real, record, recorded
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
    assert chapter.paired_seeds(runs) == [42] and chapter.effect_metrics(runs)["short.seeds"] == 1
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
