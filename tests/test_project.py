"""Finding the project."""

import pytest

from quakebook import project as module
from quakebook.project import ProjectError, find_project


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.delenv("QUAKEBOOK_ROOT", raising=False)
    (tmp_path / "a/notebooks/deep").mkdir(parents=True)
    (tmp_path / "a/profiles.yml").write_text("{}")
    return tmp_path / "a"


def test_found_from_a_folder_inside(root):
    assert find_project(root / "notebooks/deep").root == root


def test_named_by_the_environment(root, tmp_path, monkeypatch):
    monkeypatch.setenv("QUAKEBOOK_ROOT", str(root))
    assert find_project().root == root
    monkeypatch.setenv("QUAKEBOOK_ROOT", str(tmp_path))
    with pytest.raises(ProjectError, match="there is no profiles.yml in it"):
        find_project()


def test_an_editable_install_is_found_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.delenv("QUAKEBOOK_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert (find_project().root / "src/quakebook").is_dir()


def test_no_project_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "__file__", str(tmp_path / "x/y.py"))
    with pytest.raises(ProjectError, match="change into a checkout or set QUAKEBOOK_ROOT"):
        find_project(tmp_path)


def test_shared_data_is_found_by_name(tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    monkeypatch.setenv("QUAKEBOOK_SHARED_DATA", str(tmp_path))
    assert module.shared_data("model") == tmp_path / "model" and module.shared_data("nothing of this name") is None


def test_the_build_folder_can_be_moved(root, tmp_path, monkeypatch):
    monkeypatch.delenv("QUAKEBOOK_BUILD", raising=False)
    assert find_project(root).html == root / "_build/html"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("QUAKEBOOK_BUILD", "~/made")
    assert find_project(root).html == tmp_path / "made/html"
    assert find_project(root).executed("smoke") == tmp_path / "made/executed/smoke"


def test_a_tilde_in_the_variables(root, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("QUAKEBOOK_CACHE", "QUAKEBOOK_RUNS", "QUAKEBOOK_SHARED_DATA"):
        monkeypatch.setenv(name, "~/a")
    monkeypatch.setenv("QUAKEBOOK_ROOT", "~/a")
    assert module.cache_root() == module.runs_root() == root == find_project().root
    assert module.shared_data("notebooks") == root / "notebooks"
