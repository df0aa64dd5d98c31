"""Whose commit is recorded."""

import shutil
import subprocess

import pytest

from quakebook.training import facts, sources

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


def git(folder, *words):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=folder, check=True,
                   capture_output=True)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of a few sources inside a repository, which does not hold them."""
    package = tmp_path / "outer/unpacked/src/quakebook"
    (package / "training").mkdir(parents=True)
    (package / "training/facts.py").write_text("")
    (tmp_path / "outer/README").write_text("theirs")
    git(tmp_path / "outer", "init", "-q")
    git(tmp_path / "outer", "add", "README")
    git(tmp_path / "outer", "commit", "-qm", "theirs")
    monkeypatch.setattr(sources, "ROOT", package)
    monkeypatch.delenv("QUAKEBOOK_COMMIT", raising=False)
    facts.commit.cache_clear()
    yield package
    facts.commit.cache_clear()


def test_the_commit_of_a_repository_around_the_sources_is_not_ours(copy, monkeypatch):
    assert facts.commit() is None
    facts.commit.cache_clear()
    monkeypatch.setenv("QUAKEBOOK_COMMIT", "abc")
    assert facts.commit() == "abc"


def test_what_is_said_goes_before_the_repository_of_a_copy(copy, monkeypatch):
    git(copy, "add", ".")
    git(copy, "commit", "-qm", "copied")
    monkeypatch.setenv("QUAKEBOOK_COMMIT", "0123456789ab+")
    assert facts.commit() == "0123456789ab+"
    facts.commit.cache_clear()
    monkeypatch.setenv("QUAKEBOOK_COMMIT", "")
    assert len(facts.commit()) == 12


def test_a_repository_that_holds_the_sources_is(copy):
    git(copy, "add", ".")
    git(copy, "commit", "-qm", "ours")
    assert len(facts.commit()) == 12
    facts.commit.cache_clear()
    (copy / "training/facts.py").write_text("changed")
    assert facts.commit().endswith("+")
