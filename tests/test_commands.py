"""Makefile and CI script: every target can be planned, and no package index or host is named anywhere."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("target", ["book", "test", "lab", "bench", "pairs", "strip", "vendor", "sphinx9", "clean"])
def test_make_knows_its_targets(target):
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_ci_is_a_sound_script_that_runs_the_readmes_commands():
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)
    text, readme = script.read_text(), (ROOT / "README.md").read_text()
    assert "set -euo pipefail" in text
    for command in ("make test", "make book"):
        assert command in text
        assert command in readme


@pytest.mark.parametrize("name", ["Makefile", ".ci/run", "constraints.txt", "constraints-sphinx9.txt",
                                  "environment.yml", "pyproject.toml"])
def test_no_index_is_named(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"--(extra-)?index-url|--find-links|https?://|--trusted-host", text)


@pytest.mark.skipif(shutil.which("snakemake") is None, reason="snakemake is an extra (pip install -e '.[batch]')")
def test_snakemake_plans_the_same_notebooks():
    done = subprocess.run(["snakemake", "-n", "-c1", "--config", "profile=smoke"], cwd=ROOT, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
