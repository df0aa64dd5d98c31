"""Browser scripts that a page needs without a network: MathJax and the widget renderer, fetched once and verified.

    python -m quakebook.publishing.vendor

`npm pack` brings each package without its dependencies; the archive must have the hash given here.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from quakebook.project import Project, find_project


class VendorError(OSError):
    """The browser scripts cannot be fetched, or are not the ones expected."""


@dataclass(frozen=True)
class Package:
    """One npm package: which files of it go where below the vendor folder.

    Parameters
    ----------
    spec : str
        Name and version.
    sha512 : str
        Base64, as npm prints it.
    folder : str
    files : dict of str to str
        Path in the package to path in `folder`; a pattern with "*" maps to the folder that takes the files.
    """

    spec: str
    sha512: str
    folder: str
    files: dict[str, str]


PACKAGES = (
    Package("mathjax@3.2.2",
            "Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9NliPc+x77k1/FEsPsjKPZGJvtRZM1vO+geW0OhGw==", "mathjax",
            {"LICENSE": "LICENSE", "es5/tex-mml-chtml.js": "tex-mml-chtml.js",
             "es5/output/chtml/fonts/woff-v2/*.woff": "output/chtml/fonts/woff-v2/"}),
    Package("@jupyter-widgets/html-manager@1.0.15",
            "5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==", "widgets",
            {"dist/embed.js.LICENSE.txt": "LICENSE", "dist/embed.js": "embed.js", "dist/*.woff2": ""}),
)


def vendor(project: Project) -> Path:
    """Fetch what is not there yet into ``_build/vendor``; the folder of a package is complete or absent."""
    for package in PACKAGES:
        folder = project.vendor / package.folder
        mark = folder / "VERSION"
        if mark.is_file() and mark.read_text(encoding="utf-8") == package.spec:
            continue
        if shutil.which("npm") is None:
            raise VendorError("node and npm are needed once to fetch the browser scripts; none was found")
        _fetch(package, folder)
    return project.vendor


def _fetch(package: Package, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".fetch-") as name:
        room = Path(name)
        done = subprocess.run(["npm", "pack", "--silent", package.spec], cwd=room, capture_output=True, text=True)
        archives = list(room.glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            raise VendorError(f"npm pack {package.spec} failed: {(done.stderr or done.stdout).strip()[-400:]}")
        verify(archives[0].read_bytes(), package)
        _unpack(archives[0], package, room / "out")
        (room / "out" / "VERSION").write_text(package.spec)
        if folder.exists():
            shutil.rmtree(folder)
        (room / "out").rename(folder)


def verify(archive: bytes, package: Package) -> None:
    """Compare an archive with the expected hash."""
    found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if found != package.sha512:
        raise VendorError(f"{package.spec} has sha512 {found}; expected {package.sha512}")


def _unpack(archive: Path, package: Package, out: Path) -> None:
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            place = _place(member.name.removeprefix("package/"), package)
            if place is None or not member.isfile():
                continue
            target = out / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(tar.extractfile(member).read())
    if missing := [to for name, to in package.files.items() if "*" not in name and not (out / to).is_file()]:
        raise VendorError(f"{package.spec} lacks {', '.join(missing)}")


def _place(name: str, package: Package) -> str | None:
    for pattern, to in package.files.items():
        if name == pattern:
            return to
        if "*" in pattern and fnmatchcase(name, pattern):
            return to + name.rsplit("/", 1)[-1]
    return None


def main() -> int:
    """Fetch and say where; exit status 1 with the reason when that is not possible."""
    try:
        print(vendor(find_project()))
    except VendorError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
