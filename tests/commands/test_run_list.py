"""`quakebook runs`: one line a run, with what differs from the preset that it began with."""

import pytest

from quakebook import bluedisc, cli
from quakebook.commands.run_list import nearest_preset
from quakebook.training import files
from quakebook.training.config import to_dict, to_yaml


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Two runs of BlueDisc, one of a chapter that is not here."""
    monkeypatch.setenv("QUAKEBOOK_RUNS", str(tmp_path))
    settings = {"first": bluedisc.config(preset="smoke"),
                "second": bluedisc.config("training.seed=7", "data.name=synthetic:tiny", preset="quick")}
    for number, (name, config) in enumerate(settings.items(), start=1):
        folder = tmp_path / "bluedisc" / name
        files.write_json(folder / "record.json", {"paper": "bluedisc", "status": ["failed", "finished"][number - 1],
                                                  "started": f"2026-01-0{number}T10:11:12+00:00"})
        files.write_atomic(folder / "config.yaml", to_yaml(config))
    files.write_json(tmp_path / "other/third/record.json", {"paper": "other", "status": "running", "started": "2025"})
    return tmp_path


def test_lines(root, capsys):
    assert cli.main(["runs"]) == 0
    third, first, second = capsys.readouterr().out.splitlines()
    assert third.split() == ["third", "other", "running", "2025"]
    assert first == f"{'first':<18}{'bluedisc':<11}{'failed':<12}2026-01-01T10:11  preset=smoke"
    assert first.split() == ["first", "bluedisc", "failed", "2026-01-01T10:11", "preset=smoke"]
    assert second.split() == ["second", "bluedisc", "finished", "2026-01-02T10:11", "preset=quick",
                              "data.name=synthetic:tiny", "training.seed=7"]


def test_choices(root, capsys):
    assert cli.main(["runs", "bluedisc", "--status", "finished"]) == 0
    assert capsys.readouterr().out.split()[0] == "second"
    assert cli.main(["runs", "nonsense"]) == 2
    assert cli.main(["runs", "magnitude"]) == 0
    assert f"no runs in {root}" in capsys.readouterr().out


def test_a_damaged_run_is_named_beside_the_others(root, capsys):
    (root / "bluedisc/first/config.yaml").write_bytes(b"\xff\xfe\xff")
    assert cli.main(["runs", "bluedisc"]) == 1
    second, fault = capsys.readouterr().out.splitlines()
    assert second.startswith("second") and "first/config.yaml is damaged" in fault


def test_settings_that_the_chapter_no_longer_has_differ():
    settings = to_dict(bluedisc.config(preset="smoke")) | {"gone": {"x": 1}}
    assert nearest_preset("bluedisc", settings) == ("preset=smoke", {"gone.x": 1})
