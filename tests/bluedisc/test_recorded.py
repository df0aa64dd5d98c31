"""Recorded trainings and real records."""

import json

import numpy as np
import pytest
import torch

from quakebook.bluedisc import chapter, cost, real, record, recorded, sweep
from quakebook.bluedisc.figures import effect, peaks
from quakebook.bluedisc.networks import Generator


@pytest.fixture()
def kept(smoke_runs, tmp_path):
    """BCE and hybrid smoke runs written as recorded trainings."""
    from quakebook.bluedisc.settings import config

    for mode, run in smoke_runs.items():
        training = record.Training(mode, 42, steps=4)
        record.keep(run, training, config(f"loss.mode={mode}", preset="smoke"), tmp_path)
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
    assert sweep.facts_line(swept).startswith("2 trainings of 4 steps each, seed 42;")
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


@pytest.fixture()
def made(kept):
    """A recorded training with a name and metrics of our own."""
    from dataclasses import replace

    run = recorded.read("bce-42", kept)

    def make(name, **metrics):
        facts = run.facts | {"seed": int(name.split("-")[-1]),
                             "metrics": {f"{name}.{k.replace('_', '.', 1)}": v for k, v in metrics.items()}}
        return replace(run, name=name, facts=facts)

    return make


def test_claims_take_the_worst_seed_and_only_where_p_works(made):
    rows = {"P_tp": 90.0, "S_tp": 30.0, "S_below": 30.0, "S_middle": 6.0, "S_precise": 60.0}
    runs = {"bce-0": made("bce-0", **rows), "hybrid-0": made("hybrid-0", **rows | {"S_tp": 60.0, "S_below": 2.0}),
            "bce-1": made("bce-1", **rows), "hybrid-1": made("hybrid-1", **rows | {"S_tp": 45.0, "S_below": 5.0}),
            "bce-2": made("bce-2", **rows | {"P_tp": 1.0}), "hybrid-2": made("hybrid-2", **rows)}
    assert chapter.free_seeds(runs) == [0, 1] and chapter.paired_seeds(runs) == [0, 1, 2]
    numbers = chapter.effect_metrics(runs)
    assert numbers["recorded.tp_ratio.min"] == 1.5 and numbers["recorded.below_fall.min"] == pytest.approx(6)
    assert numbers["recorded.bce.P.tp.min"] == 1.0 and numbers["recorded.seeds_free"] == 2


def test_p_is_judged_even_where_no_seed_may_be_judged_on_s(made):
    runs = {name: made(name, P_tp=10.0, S_tp=1.0) for name in ("bce-0", "hybrid-0")}
    numbers = chapter.effect_metrics(runs)
    assert numbers["recorded.seeds_free"] == 0 and numbers["recorded.bce.P.tp.min"] == 10
    assert "recorded.tp_ratio.min" not in numbers


def test_gan_only_and_exact_labels_are_judged_by_their_worst_seed(made):
    runs = {"gan-0": made("gan-0", S_tp=3.0, S_height_50=0.9), "gan-1": made("gan-1", S_tp=20.0, S_height_50=0.7),
            "exact-bce-0": made("exact-bce-0", S_middle=1.0, S_below=2.0)}
    numbers = chapter.effect_metrics(runs)
    assert numbers["recorded.gan.S.tp"] == 20 and numbers["recorded.gan.S.height_50"] == 0.7
    assert numbers["recorded.exact-bce.S.middle"] == 1


def test_every_seed_and_reference_gets_a_bar_of_its_shares(made):
    runs = {name: made(name, P_tp=90.0, P_below=1.0, S_tp=tp, S_below=30.0)
            for name, tp in (("bce-1", 20.0), ("bce-0", 10.0), ("exact-bce-0", 80.0))}
    kinds = chapter.kinds(runs)
    assert {kind: [run.facts["seed"] for run in some] for kind, some in kinds.items()} == {
        "BCE, exact labels": [0], "BCE": [0, 1]}
    fig = effect.shares_of_seeds(kinds, {"published": chapter.PUBLISHED["bce"]})
    bars = [(bar.get_x(), bar.get_width()) for container in fig.axes[1].containers for bar in container]
    np.testing.assert_allclose(bars, [(0, 80), (0, 10), (0, 20), (80, 30), (10, 30), (20, 30), (0, 32.4), (32.4, 24.8)])
    names = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    assert names == ["BCE, exact labels, seed 0", "BCE, seed 0", "BCE, seed 1", "published"]


def test_shares_over_steps_draw_the_history_of_each_seed(kept):
    run = recorded.read("bce-42", kept)
    fig = effect.shares_over_steps({"BCE": [run, run]})
    assert [len(ax.get_lines()) for ax in fig.axes] == [2, 2]
    np.testing.assert_array_equal(fig.axes[1].get_lines()[0].get_ydata(), run.history["S.below"])


def test_heights_of_all_seeds_share_a_colour(kept):
    run = recorded.read("bce-42", kept)
    fig = peaks.heights_of_precise({"BCE": [run.peaks, run.peaks], "hybrid": [run.peaks]})
    colours = [patch.get_edgecolor() for patch in fig.axes[1].patches]
    assert colours[0] == colours[1] != colours[2]


def test_ceiling_examples_stand_beside_the_same_training_without(kept, monkeypatch):
    import shutil

    for ending in ("h5", "json"):
        shutil.copy(kept / f"bce-42.{ending}", kept / f"{recorded.CEILING}bce-42.{ending}")
    monkeypatch.setattr(recorded, "folder", lambda: kept)
    runs = {"bce-42": recorded.read("bce-42", kept)}
    assert [title for title, *_ in chapter.ceiling_examples(runs)] == ["seed 42, own start", "seed 42, base rate"]
    assert set(chapter.all_recorded()) == {"bce-42", "hybrid-42"}


def test_record_shown_is_the_first_that_bce_leaves_below_the_threshold(kept):
    from dataclasses import replace

    run = recorded.read("bce-42", kept)
    t = np.arange(3001)

    def with_s(heights, centre=1500):
        curves = np.zeros((1, len(heights), 3, 3001), np.float32)
        label = np.zeros((len(heights), 3, 3001))
        for k, height in enumerate(heights):
            curves[0, k, 1] = height * np.exp(-0.5 * ((t - centre) / 20) ** 2)
            label[k, 1] = np.exp(-0.5 * ((t - 1500) / 20) ** 2)
        return replace(run, track=replace(run.track, prediction=curves, label=label))

    high, mixed = with_s([0.9, 0.9, 0.9]), with_s([0.8, 0.5, 0.4])
    assert chapter.chosen_sample(mixed, high) == 1  # below the threshold first, whatever the hybrid does
    assert chapter.chosen_sample(mixed, with_s([0.1, 0.1, 0.1], 700)) == 1
    assert chapter.chosen_sample(high, high) == 0  # none below: the first in time
    assert chapter.chosen_sample(with_s([0.5, 0.5], 900), high) == 0  # none in time


def test_a_seed_without_peaks_over_the_threshold_is_not_hidden_by_the_others(kept):
    from dataclasses import replace

    run = recorded.read("bce-42", kept)

    def with_heights(name, seed, height):
        s = replace(run.peaks["S"], height=np.full(3, height, np.float32), distance_samples=np.zeros(3, np.float32),
                    error_samples=np.zeros(3, np.float32), label_at_peak=np.full(3, 0.5, np.float32))
        return replace(run, name=name, facts=run.facts | {"seed": seed}, peaks={"S": s})

    for low in (0, 1):
        runs = {f"bce-{seed}": with_heights(f"bce-{seed}", seed, 0.4 if seed == low else 0.8) for seed in (0, 1)}
        made = cost.metrics(runs, dict.fromkeys(runs, "bce"))
        assert np.isnan(made["price.bce.precision"]) and np.isnan(made["price.bce.overconfidence"])
