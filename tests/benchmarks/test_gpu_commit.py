"""The commit that is taken along to another machine."""

import hashlib
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
#: The line of gpu_pack.sh that makes the hash.
IN_SHELL = next(line for line in (BENCHMARKS / "gpu_pack.sh").read_text().splitlines() if line.startswith("hash="))


@pytest.fixture
def gpu_commit(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import gpu_commit

    yield gpu_commit
    for name in ("gpu", "gpu_commit", "gpu_jobs", "gpu_results"):
        sys.modules.pop(name, None)


@pytest.fixture
def root(tmp_path):
    """A copy of a few sources."""
    for name, text in {"a/b.py": "b", "a_b.py": "_", "a.py": "a", "B.py": "B", "a/data.txt": "no"}.items():
        path = tmp_path / "src/quakebook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / ".gpu").mkdir()
    return tmp_path


def test_the_hash_of_the_sources(gpu_commit, root):
    expected = hashlib.sha256(b"Bab_").hexdigest()[:12]  # B.py, a.py, a/b.py, a_b.py
    assert gpu_commit.sources_hash(root) == expected
    done = subprocess.run(["sh", "-c", f'{IN_SHELL}; echo "$hash"'], cwd=root, capture_output=True, text=True)
    assert done.stdout.strip() == expected


def test_the_note_counts_while_the_sources_are_the_packed_ones(gpu_commit, root):
    assert gpu_commit.packed_commit(root) is None
    (root / ".gpu/commit").write_text(f"0123456789ab+ {gpu_commit.sources_hash(root)}\n")
    assert gpu_commit.packed_commit(root) == "0123456789ab+"
    (root / "src/quakebook/a.py").write_text("later")
    assert gpu_commit.packed_commit(root) is None


def test_jobs_are_told_the_commit(gpu_commit, root, monkeypatch):
    import gpu

    (root / ".gpu/commit").write_text(f"0123456789ab {gpu_commit.sources_hash(root)}\n")
    monkeypatch.setattr(gpu, "ROOT", root)
    monkeypatch.delenv("QUAKEBOOK_COMMIT", raising=False)
    assert gpu.environment(Namespace(folder=root))["QUAKEBOOK_COMMIT"] == "0123456789ab"
    monkeypatch.setenv("QUAKEBOOK_COMMIT", "said")
    assert gpu.environment(Namespace(folder=root))["QUAKEBOOK_COMMIT"] == "said"
