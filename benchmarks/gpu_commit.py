"""Which commit a copy of the sources is: `gpu_pack.sh` noted it in ``.gpu/commit`` with a hash of the sources."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sources_hash(root: Path) -> str:
    """First 12 hex digits of SHA-256 over all Python sources of the package, one after the other by name."""
    package = root / "src" / "quakebook"
    found = sorted(package.rglob("*.py"), key=lambda path: path.relative_to(package).as_posix())
    return hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()[:12]


def packed_commit(root: Path) -> str | None:
    """The noted commit; None without a note, and where the sources have changed since they were packed."""
    note = root / ".gpu" / "commit"
    commit, _, packed = note.read_text().strip().partition(" ") if note.is_file() else ("", "", "")
    return commit if commit and packed == sources_hash(root) else None
