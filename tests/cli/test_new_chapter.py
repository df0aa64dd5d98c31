"""A new chapter's skeleton passes the contract of all chapters, and its own test."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from quakebook.commands import new_chapter
from quakebook.exits import UsageError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path):
    """A copy of the parts of the project that the skeleton touches."""
    for name in ("src", "tests/contract", "notebooks/results.py", "profiles.yml", "_toc.yml", "pyproject.toml"):
        target = tmp_path / "project" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy2)(ROOT / name, target)
    return tmp_path / "project"


def test_the_skeleton_obeys_the_contract(copy):
    new_chapter.write(copy, "shiny_new")
    selection = "shiny_new and not training.compile"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/contract", "tests/shiny_new",
               "-k", selection]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(copy / "src"), "OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert "[100%]" in done.stdout


def test_it_is_entered_where_the_batch_looks(copy):
    new_chapter.write(copy, "shiny_new")
    assert "shiny_new/01_overview:" in (copy / "profiles.yml").read_text()
    assert (copy / "_toc.yml").read_text().index("shiny_new") < (copy / "_toc.yml").read_text().index("The whole")
    assert "NAME" not in (copy / "src/quakebook/shiny_new/api.py").read_text()


@pytest.mark.parametrize("name", ["bluedisc", "Shiny", "new-one", "class", "9lives"])
def test_unusable_names_are_refused_and_nothing_is_written(copy, name):
    before = sorted(copy.rglob("*"))
    with pytest.raises(UsageError):
        new_chapter.write(copy, name)
    assert sorted(copy.rglob("*")) == before
