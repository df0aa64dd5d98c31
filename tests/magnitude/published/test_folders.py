"""Names of folders in the published layout."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from quakebook.magnitude import settings
from quakebook.magnitude.published import folders


@pytest.mark.parametrize(("words", "name"), [
    (["network.type=phasenet_mag"], "PhaseNetMag_SYNTHETIC"),
    (["network.type=phasenet_lstm", "data.name=/a/ETHZ"], "PhaseNetLSTM_ETHZ_f1_hauto_l1_bi"),
    (["network.type=phasenet_lstm", "network.lstm_hidden_size=9", "network.lstm_bidirectional=false",
      "network.lstm_num_layers=2", "network.filter_factor=4"], "PhaseNetLSTM_SYNTHETIC_f4_h9_l2_uni")])
def test_name_of_a_model(words, name):
    assert folders.run_name(settings.config(*words)) == name


def test_a_folder_has_eight_digits_of_the_fingerprint():
    splits = SimpleNamespace(label="/sets/My set (2)", fingerprint="0123456789abcdef")
    assert folders.evaluation_folder(Path("/run/model_best.pt"), splits) == Path(
        "/run/evaluation_model_best/My-set-2_01234567_test")


def test_exports_of_one_second_are_numbered_from_two(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    for name in ("model_best.pt", "model_final.pt", "training_history.pt", "other.pt"):
        (run / name).write_text(name)
    made = [folders.export(run, tmp_path / "out", "Net", datetime(2024, 5, 6, 7, 8, 9)) for _ in range(3)]
    assert [folder.name for folder in made] == [f"Net_20240506_070809{end}" for end in ("", "_2", "_3")]
    assert sorted(file.name for file in made[2].iterdir()) == ["model_best.pt", "model_final.pt",
                                                               "training_history_20240506_070809.pt"]
