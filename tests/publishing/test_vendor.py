"""Browser scripts: the hash decides, a folder is complete or absent, and without npm the message says so."""

import base64
import hashlib
import io
import tarfile

import pytest

from quakebook.project import Project
from quakebook.publishing import vendor as module
from quakebook.publishing.vendor import Package, VendorError, vendor, verify


def archive(**files):
    room = io.BytesIO()
    with tarfile.open(fileobj=room, mode="w:gz") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    return room.getvalue()


def package(data, **files):
    digest = base64.b64encode(hashlib.sha512(data).digest()).decode()
    return Package("toy@1.0", digest, "toy", files or {"a.js": "a.js", "fonts/*.woff": "f/"})


@pytest.fixture
def npm(monkeypatch, tmp_path):
    """An npm that packs the given bytes."""
    def install(data, *packages):
        def run(command, cwd, **_):
            (cwd / "toy-1.0.tgz").write_bytes(data)
            return type("Done", (), {"returncode": 0, "stderr": "", "stdout": ""})
        monkeypatch.setattr(module.subprocess, "run", run)
        monkeypatch.setattr(module.shutil, "which", lambda name: f"/bin/{name}")
        monkeypatch.setattr(module, "PACKAGES", packages)
        return Project(tmp_path)
    return install


def files_of(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_fetch_takes_the_named_files_only(npm):
    data = archive(**{"a.js": "1", "fonts/x.woff": "2", "fonts/x.ttf": "3", "other/y.woff": "4", "../z.woff": "5"})
    project = npm(data, package(data))
    assert files_of(vendor(project)) == ["toy/VERSION", "toy/a.js", "toy/f/x.woff"]


def test_what_is_there_is_not_fetched_again(npm, monkeypatch):
    data = archive(**{"a.js": "1"})
    project = npm(data, package(data))
    vendor(project)
    monkeypatch.setattr(module.subprocess, "run", lambda *a, **k: pytest.fail("fetched again"))
    vendor(project)


def test_another_hash_is_refused_and_leaves_nothing(npm):
    data = archive(**{"a.js": "1"})
    project = npm(data, package(b"something else"))
    with pytest.raises(VendorError, match=r"toy@1\.0 has sha512 .*; expected"):
        vendor(project)
    assert list(project.vendor.iterdir()) == []


def test_a_missing_file_is_named(npm):
    data = archive(**{"b.js": "1"})
    with pytest.raises(VendorError, match=r"lacks a\.js"):
        vendor(npm(data, package(data)))


def test_without_npm(monkeypatch, tmp_path):
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    with pytest.raises(VendorError, match="node and npm are needed"):
        vendor(Project(tmp_path))


def test_the_real_packages_are_pinned_and_hashed():
    for entry in module.PACKAGES:
        assert len(base64.b64decode(entry.sha512)) == 64
        assert entry.spec.rpartition("@")[2].count(".") == 2
    with pytest.raises(VendorError):
        verify(b"", module.PACKAGES[0])
