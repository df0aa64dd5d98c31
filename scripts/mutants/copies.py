"""Copies of the project in which slips are made: the checkout itself is only read."""

from __future__ import annotations

import compileall
import hashlib
import py_compile
import shutil
import subprocess
from pathlib import Path

from slips import Slip


def tracked(root: Path) -> list[Path]:
    """Files that are, or could be, under version control."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(words, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")
    return [root / name for name in sorted(filter(None, names)) if (root / name).is_file()]


def fingerprint(root: Path) -> str:
    """A hash of the source and its tests: results of one state are not mixed with those of another."""
    total = hashlib.sha256()
    for file in tracked(root):
        if file.suffix == ".py":
            total.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes())
    return total.hexdigest()[:16]


def make(root: Path, to: Path) -> Path:
    """Copy a project. Its compiled modules name the hash of their source, so that a slip is never overlooked."""
    for file in tracked(root):
        target = to / file.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
    compileall.compile_dir(to / "src", quiet=1, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH)
    me = ["-c", "user.name=copy", "-c", "user.email=copy@localhost", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A"], [*me, "commit", "-q", "-m", "Copy"]):
        subprocess.run(["git", *words], cwd=to, check=True, capture_output=True)
    return to


def apply(slip: Slip, root: Path, copy: Path) -> None:
    """Make a slip in a copy."""
    source = (root / "src" / "quakebook" / slip.path).read_text()
    (copy / "src" / "quakebook" / slip.path).write_text(slip.applied(source))


def restore(slip: Slip, root: Path, copy: Path) -> None:
    """Take it back."""
    shutil.copy2(root / "src" / "quakebook" / slip.path, copy / "src" / "quakebook" / slip.path)
