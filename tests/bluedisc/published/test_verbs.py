"""The published options."""

import pytest

from quakebook.bluedisc.published import verbs


@pytest.fixture(autouse=True)
def _runs(runs_folder, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(runs_folder))
    monkeypatch.setenv("QUAKEBOOK_BATCH", "1")


@pytest.mark.parametrize(("words", "expected"), [
    ([], "objective.mode=bce"), (["--data-weight", "0"], "objective.mode=gan"), (["--data-weight", "4000"],
                                                                                 "objective.mode=hybrid"),
    (["--g-lr", "0"], "optimiser.lr=0.0"), (["--max-steps", "7"], "training.steps=7")])
def test_published_training_options(words, expected):
    args = verbs.parser().parse_args(["train", "--label", "N", "--dataset", "synthetic:picker", *words])
    assert expected in verbs.training_overrides(args)


def test_every_verb_that_names_a_set_downloads_when_asked(monkeypatch):
    fetched = []
    monkeypatch.setattr("quakebook.data.downloading.fetch", fetched.append)
    for verb in ("_train", "_infer"):
        monkeypatch.setattr(verbs, verb, lambda args: 0)
    monkeypatch.setattr("quakebook.bluedisc.published.plot_verbs.draw", lambda args: 0)
    for words in (["train", "--label", "N", "--dataset", "ETHZ"], ["infer", "--run-id", "a", "--dataset", "ETHZ"],
                  ["plot-phase", "--dataset", "ETHZ"]):
        verbs.main(words)
        assert not fetched
        verbs.main([*words, "--download"])
        assert fetched.pop() == "ETHZ"


def test_plots_are_written(smoke_runs, tmp_path, capsys):
    first, second = (run.id for run in smoke_runs.values())
    out = ["--save-dir", str(tmp_path)]
    assert verbs.main(["plot-runs", "--run-id", first, "--run-id2", second, "--sample-ids", "0", *out]) == 0
    assert verbs.main(["plot-shape", "--run-id", first, "--steps", "1", "4", "--sample-ids", "1", *out]) == 0
    assert verbs.main(["plot-time", "--run-id", second, *out]) == 0
    assert verbs.main(["plot-peak", "--run-id", first, "--compare-run-id", second, *out]) == 0
    assert verbs.main(["plot-phase", "--records", "60", "--source-index", "0", *out]) == 0
    written = [line for line in capsys.readouterr().out.splitlines() if line.endswith(".png")]
    assert len(written) == len(list(tmp_path.glob("*.png"))) == 5


def test_film_has_one_frame_per_kept_step(smoke_runs, tmp_path):
    from PIL import Image

    from quakebook.bluedisc.figures.animation import animate
    from quakebook.bluedisc.scoring.followed import Track

    tracks = {mode: Track.from_arrays(run.read_arrays("track")) for mode, run in smoke_runs.items()}
    with Image.open(animate(tracks, 0, tmp_path / "film.gif", fps=5)) as film:
        assert film.n_frames == 3
    with pytest.raises(ValueError, match="mp4 or .gif"):
        animate(tracks, 0, tmp_path / "film.avi")


def test_steps_and_samples_that_do_not_exist(smoke_runs):
    run = smoke_runs["bce"].id
    with pytest.raises(ValueError, match="keeps the generator of step 4"):
        verbs.main(["infer", "--run-id", run, "--step", "3"])
    with pytest.raises(ValueError, match="not kept"):
        verbs.main(["plot-shape", "--run-id", run, "--steps", "3"])
    with pytest.raises(ValueError, match="no tracked window"):
        verbs.main(["plot-time", "--run-id", run, "--sample-ids", "9"])


def test_runs_of_one_mode_and_seed_are_both_drawn(smoke_runs):
    from types import SimpleNamespace

    from quakebook.bluedisc.published.plot_verbs import _named

    settings = {"objective": {"mode": "hybrid"}, "training": {"seed": 1}}
    twins = [SimpleNamespace(id=f"{k}abcdefgh", config=settings) for k in "12"]
    assert list(_named(twins)) == ["hybrid, seed 1 (1abcde)", "hybrid, seed 1 (2abcde)"]
    assert list(_named(list(smoke_runs.values()))) == ["bce, seed 42", "hybrid, seed 42"]


def test_runs_that_followed_other_windows_are_refused(smoke_runs):
    from dataclasses import replace

    from quakebook.bluedisc.published.plot_verbs import _same_windows
    from quakebook.bluedisc.scoring.followed import Track

    track = Track.from_arrays(smoke_runs["bce"].read_arrays("track"))
    labels = {"a": "N", "b": "N"}
    _same_windows({"a": track, "b": track}, labels)
    with pytest.raises(ValueError, match="'b' followed .*compared on the same windows"):
        _same_windows({"a": track, "b": replace(track, names=track.names[::-1])}, labels)
    with pytest.raises(ValueError, match="same third channel; 'a' has N, 'b' has D"):
        _same_windows({"a": track, "b": track}, {"a": "N", "b": "D"})


def test_options_that_cannot_be_met_are_refused(smoke_runs, monkeypatch, runs_folder, tmp_path):
    from quakebook import cli as top

    monkeypatch.setenv("QUAKEBOOK_RUNS", str(runs_folder))
    run = smoke_runs["bce"].id
    for words, message in (
            (["plot-runs", "--run-id", run, "--batch", "3"], "--batch 3 was not kept"),
            (["plot-runs", "--run-id", run, "--max-steps", "0"], "no kept step between 0 and 0"),
            (["plot-peak", "--run-id", run, "--max-step", "-4"], "at least 1; found -4"),
            (["infer", "--run-id", run, "--batch-size", "0"], "at least 1; found 0"),
            (["plot-phase", "--dataset", "synthetic:picker:20:1"], "is synthetic:PRESET"),
            (["train", "--label", "N", "--dataset", "synthetic:picker", "--data-weight", "-1"], "must be a finite"),
            (["train", "--label", "N", "--dataset", "synthetic:picker", "--g-lr", "nan"], "`optimiser.lr` must be")):
        where = [] if words[0] in ("train", "infer") else ["--save-dir", str(tmp_path)]
        status, text = _run(top, ["bluedisc", *words, *where])
        assert status in (1, 2) and message in text and "fault of the program" not in text, (words, text)


def _run(top, words):
    import contextlib
    import io

    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        status = top.main(words)
    return status, said.getvalue()


def test_what_is_meant_when_nothing_is_said():
    """The published defaults; 2000 records is our own."""
    parse = verbs.parser().parse_args
    run = ["--run-id", "a"]
    infer, peak = parse(["infer", *run]), parse(["plot-peak", *run])
    assert (infer.data_split, infer.batch_size, infer.step, infer.epoch, infer.device) == ("test", 1000, None, None,
                                                                                            "auto")
    assert parse(["evaluate", *run]).max_step is None and parse(["evaluate", *run]).data_split == "test"
    assert (peak.data_split, peak.max_step) == ("test", None)
    runs = parse(["plot-runs", *run])
    assert (runs.batch, runs.min_steps, runs.max_steps, runs.animation, runs.sample_ids) == (0, 0, None, False, None)
    phase = parse(["plot-phase"])
    assert (phase.dataset, phase.source_index, phase.records) == ("synthetic:default", 20, 2000)


def test_every_published_option_means_its_setting():
    words = ["train", "--label", "D", "--dataset", "ETHZ", "--g-lr", "0.1", "--d-lr", "0.2", "--data-weight", "7",
             "--sample-size", "3", "--batch-size", "4", "--max-steps", "5", "--device", "cpu", "--seed", "6",
             "data.seed=9"]
    assert verbs.training_overrides(verbs.parser().parse_args(words)) == [
        "objective.label=D", "objective.mode=hybrid", "data.name=ETHZ", "objective.data_weight=7.0",
        "optimiser.lr=0.1", "optimiser.discriminator_lr=0.2", "evaluation.followed=3", "data.batch_size=4",
        "training.steps=5", "training.device=cpu", "training.seed=6", "data.seed=9"]


def test_training_tells_its_numbers_and_where_they_lie(monkeypatch, capsys):
    from types import SimpleNamespace

    def train(settings):
        assert (settings.objective.mode, settings.training.steps, settings.data.batch_size) == ("gan", 12, 5)
        return SimpleNamespace(path="where", record={"metrics": {"S.tp": 12.3456, "S.far": None, "final.x": 1.0}})

    monkeypatch.setattr("quakebook.bluedisc.api.train", train)
    words = ["train", "--label", "N", "--dataset", "synthetic:picker", "--data-weight", "0", "--max-steps", "12",
             "--batch-size", "5", "preset=smoke"]
    assert verbs.main(words) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("gan, 12 steps of 5 windows from synthetic:picker;")
    assert lines[1].split() == ["S.tp", "12.346"] and lines[2].split() == ["S.far", "none"]
    assert lines[3:] == ["where"]
    words[words.index("synthetic:picker")] = "ETHZ"
    assert verbs.main([*words, "data.records=1234", "data.dev_records=56"]) == 0
    assert "at most 1,234 training and 56 dev records" in capsys.readouterr().out


def test_inference_and_evaluation_say_what_they_wrote(smoke_runs, tmp_path, capsys):
    import shutil

    run = shutil.copytree(smoke_runs["bce"].path, tmp_path / smoke_runs["bce"].path.name)
    assert verbs.main(["infer", "--run-id", str(run), "--data-split", "dev", "--step", "4", "--batch-size", "20"]) == 0
    assert capsys.readouterr().out.splitlines() == ["24 windows of split dev", str(run / "dev")]
    assert verbs.main(["evaluate", "--run-id", str(run), "--data-split", "dev", "--max-step", "1"]) == 0
    *shares, path = capsys.readouterr().out.splitlines()
    assert [line[:2] for line in shares] == ["P:", "S:"] and path.endswith("dev_first_1/matching_results/"
                                                                          "matching_results_0000001.csv")


def test_a_report_is_written_for_both_runs(monkeypatch, capsys):
    monkeypatch.setattr("quakebook.bluedisc.api.open_run", lambda name: f"run {name}")
    monkeypatch.setattr("quakebook.bluedisc.recorded.long_runs.write", lambda *runs: " and ".join(runs))
    assert verbs.main(["report", "--run-id", "a", "--run-id2", "b"]) == 0
    assert capsys.readouterr().out == "run a and run b\n"


def test_a_film_from_the_command_line(smoke_runs, tmp_path, monkeypatch):
    from quakebook.bluedisc.figures import animation

    seen = []
    monkeypatch.setattr(animation, "animate", lambda tracks, k, path, channels: seen.append(
        ({name: track.step.tolist() for name, track in tracks.items()}, k, path.stem, channels)) or path)
    assert verbs.main(["plot-runs", "--run-id", smoke_runs["bce"].id, "--animation", "--min-steps", "2",
                       "--save-dir", str(tmp_path)]) == 0
    assert seen == [({"bce, seed 42": [2, 4]}, k, f"runs_{k:03d}", ("P", "S", "N")) for k in (0, 1)]
