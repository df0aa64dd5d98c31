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
