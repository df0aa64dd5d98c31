"""Files of inference and evaluation."""

import json

import h5py
import numpy as np
import pytest

from quakebook.bluedisc import api
from quakebook.bluedisc.data import splits
from quakebook.bluedisc.published import files
from quakebook.training.files import RunError
from quakebook.training.runs import Run


@pytest.fixture(autouse=True)
def _runs(runs_folder, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(runs_folder))
    monkeypatch.setenv("QUAKEBOOK_BATCH", "1")


@pytest.fixture()
def run(smoke_runs, tmp_path):
    """A copy of the BCE run, to write into."""
    import shutil

    return Run(shutil.copytree(smoke_runs["bce"].path, tmp_path / smoke_runs["bce"].path.name))


def test_inference_files_and_table(run):
    assert files.infer(run, "test", batch_size=16) == 24
    found = list(files.batches(run.path, "test"))
    assert [len(names) for _, _, names in found] == [16, 8]
    assert (run.path / "test" / "prediction" / "prediction_0000001.h5").is_file()
    path = files.evaluate_files(run, "test")
    assert path == run.path / "test" / "matching_results" / "matching_results_0000002.csv"
    import pandas as pd

    table = pd.read_csv(path)
    assert list(table.columns) == list(files.COLUMNS) and len(table) == 48
    assert files.file_statistics(path, run.config["evaluation"])[0].startswith("P: ")
    with pytest.raises(RunError, match="no predictions of split 'dev'.*inferred splits: test"):
        next(files.batches(run.path, "dev"))
    with pytest.raises(ValueError, match="at least 1; found 0"):
        files.evaluate_files(run, "test", 0)


def test_inferring_again_leaves_no_file_of_the_first_time(run):
    files.infer(run, "dev", batch_size=8)
    files.evaluate_files(run, "dev")
    assert files.infer(run, "dev", batch_size=24) == 24
    assert sum(len(names) for _, _, names in files.batches(run.path, "dev")) == 24
    assert not list((run.path / "dev" / "matching_results").glob("*"))


def test_scores_and_inference_are_of_the_split_that_was_asked_for(run):
    data = api.settings_of(run).data
    for split, count in (("train", 48), ("dev", 24), ("test", 24)):
        assert len(splits.load(data, split)) == count
        files.infer(run, split, batch_size=16)
        names = [name for _, _, some in files.batches(run.path, split) for name in some]
        assert names == splits.load(data, split).metadata["trace_name"].tolist()
    counts = {split: api.evaluate_split(run, split).peaks["P"].labels for split in ("dev", "test")}
    assert not np.array_equal(counts["dev"], counts["test"])
    assert len(api.evaluate_split(run, "dev", limit=5).peaks["P"].labels) == 5
    files.infer(run, "dev", batch_size=10)
    table = files.evaluate_files(run, "dev", 1)
    assert table.name == "matching_results_0000001.csv" and table.read_text().count("\n") == 1 + 2 * 10
    whole = files.evaluate_files(run, "dev")
    assert table.parts[-3] == "dev_first_1" and list(whole.parent.iterdir()) == [whole]
    files.infer(run, "dev", batch_size=10)
    assert not table.exists() and not whole.exists()


def test_shares_of_a_matching_table_are_exact(tmp_path):
    path = tmp_path / "m.csv"
    path.write_text("phase,position_errors,heights,num_label_peaks\n"
                    'S,"[10, -11]","[0.7, 0.9]",2\nS,"[3]","[0.6]",1\nS,"[]","[]",1\n')
    assert files.file_statistics(path, {"precise_samples": 10.0, "confidence": 0.7}) == [
        "S: 4 labels, over and precise 25.0 %, below and precise 25.0 %"]


@pytest.fixture()
def inferred(run):
    """The dev split in three files."""
    files.infer(run, "dev", batch_size=10)
    return run


def _cut(path, keep):
    with h5py.File(path, "r+") as file:
        data = file["data"][()]
        del file["data"]
        file["data"] = data[..., :keep]


def _say(path, **facts):
    path.write_text(json.dumps(json.loads(path.read_text()) | facts))


@pytest.mark.parametrize(("damage", "message"), [
    (lambda folder: (folder / files.SUMMARY).unlink(), "only a part of the predictions of split 'dev'"),
    (lambda folder: (folder / "prediction/prediction_0000001.h5").write_bytes(b"junk"), "prediction_0000001.h5: not a"),
    (lambda folder: (folder / "label/label_0000002.h5").unlink(), "label_0000002.h5: not a readable file"),
    (lambda folder: _cut(folder / "prediction/prediction_0000000.h5", 3000), r"found \(10, 3, 3000\)"),
    (lambda folder: (folder / "trace_name/trace_name_0000000.txt").write_text("a\nb\n"), r"must hold \(2, 3, 3001\)"),
    (lambda folder: _say(folder / files.SUMMARY, windows=25), "holds 24 windows; 25 were inferred"),
], ids=["unfinished", "junk", "missing", "short", "names", "count"])
def test_damaged_inference_is_refused(inferred, damage, message):
    damage(inferred.path / "dev")
    with pytest.raises(RunError, match=message):
        files.evaluate_files(inferred, "dev")


def test_a_stray_copy_is_not_counted(inferred):
    folder = inferred.path / "dev" / "prediction"
    (folder / "prediction_copy.h5").write_bytes((folder / "prediction_0000000.h5").read_bytes())
    assert sum(len(names) for *_, names in files.batches(inferred.path, "dev")) == 24


def test_a_bad_batch_size_leaves_the_earlier_inference(inferred):
    for size in (0, -3):
        with pytest.raises(ValueError, match=f"at least 1; found {size}"):
            files.infer(inferred, "dev", batch_size=size)
    assert files.evaluate_files(inferred, "dev").is_file()


def test_a_generator_of_other_labels_in_a_run_is_refused(run):
    from quakebook.bluedisc.experiment import GENERATOR_FILE
    from quakebook.bluedisc.networks.generator import Generator, save_generator

    save_generator(Generator(label="D"), run.path / GENERATOR_FILE)
    with pytest.raises(ValueError, match="trained with labels 'PSD'; label 'N'"):
        files.infer(run, "dev")
    (run.path / GENERATOR_FILE).write_bytes(b"junk")
    with pytest.raises(ValueError, match="generator.safetensors: not a readable safetensors file"):
        api.evaluate(run)
