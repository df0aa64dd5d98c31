"""Without a usable home folder caches go elsewhere, and one line says where."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quakebook import homes

SRC = str(Path(homes.__file__).resolve().parents[1])


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(homes.tempfile, "gettempdir", lambda: str(tmp_path))


def test_a_usable_home_changes_nothing(tmp_path, capsys):
    environment = {"HOME": str(tmp_path / "not/yet"), "USER": "me"}
    assert homes.settle(environment) is None
    assert environment == {"HOME": str(tmp_path / "not/yet"), "USER": "me"} and capsys.readouterr().err == ""


def test_no_home(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(homes, "_home", lambda environment: None)
    environment = {"USER": "me", "QUAKEBOOK_CACHE": "/kept"}
    homes.settle(environment)
    own = tmp_path / f"quakebook-{os.getuid()}"
    assert environment["HOME"] == str(own) and environment["SEISBENCH_CACHE_ROOT"] == str(own / ".seisbench")
    assert environment["QUAKEBOOK_CACHE"] == "/kept" and own.stat().st_mode & 0o777 == 0o700
    assert capsys.readouterr().err == f"quakebook: there is no home folder; caches lie in {own}\n"


def test_a_home_that_cannot_be_written_to(tmp_path, capsys):
    environment = {"HOME": "/dev/null", "USER": "me"}
    homes.settle(environment)
    assert environment["HOME"] == "/dev/null" and "/dev/null cannot be written to" in capsys.readouterr().err
    assert {environment[name] for name in homes.FOLDERS} == {
        str(tmp_path / f"quakebook-{os.getuid()}" / part) for part in homes.FOLDERS.values()}
    assert homes.settle(environment) is None  # said once, also in child processes


def test_a_filled_read_only_cache_is_used(tmp_path, monkeypatch):
    (tmp_path / "home/.seisbench").mkdir(parents=True)
    (tmp_path / "home/.seisbench/config.json").write_text("{}")
    monkeypatch.setattr(homes, "usable", lambda folder: "home" not in str(folder))
    environment = {"HOME": str(tmp_path / "home"), "USER": "me"}
    homes.settle(environment)
    assert "SEISBENCH_CACHE_ROOT" not in environment and "MPLCONFIGDIR" in environment


def test_a_folder_of_somebody_else_is_not_taken(tmp_path):
    (tmp_path / "target").mkdir()
    (tmp_path / f"quakebook-{os.getuid()}").symlink_to(tmp_path / "target")
    environment = {"HOME": "/dev/null", "USER": "me"}
    homes.settle(environment)
    assert not list((tmp_path / "target").iterdir()) and "target" not in environment["QUAKEBOOK_CACHE"]
    Path(environment["QUAKEBOOK_CACHE"]).parents[1].rmdir()


def test_a_user_number_without_a_name(monkeypatch):
    import pwd

    def unknown(number):
        raise KeyError(number)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    environment = {}
    homes.settle(environment)
    assert environment["USER"] == f"user{os.getuid()}" and environment["HOME"]


def test_seisbench_starts_without_a_home(tmp_path):
    code = "import quakebook, seisbench; print(seisbench.cache_root)"
    environment = {"PATH": os.environ["PATH"], "HOME": "/dev/null", "TMPDIR": str(tmp_path), "PYTHONPATH": SRC}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / f"quakebook-{os.getuid()}/.seisbench")
