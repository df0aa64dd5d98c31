"""Fetch the published data and model; a file whose checksum is not the expected one is refused."""

from __future__ import annotations

import os
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from quakebook.data.errors import DataError

VARIABLE = "UVCGAN_S_DATA"


@dataclass(frozen=True)
class Remote:
    """An archive that can be fetched.

    Parameters
    ----------
    url : str
        Address of the file; for a Zenodo record ``doi:DOI/FILE``.
    checksum : str or None
        ``sha256:...`` where known; None = the checksum that Zenodo publishes with the record.
    folder : str
        Where it is unpacked, below the data folder.
    holds : str
        Path below the data folder that exists once it is unpacked.
    """

    url: str
    checksum: str | None
    folder: str
    holds: str


REMOTES = {
    "afhq": Remote("https://www.dropbox.com/s/t9l9o3vsx2jai3z/afhq.zip?dl=1",
                   "sha256:7f63dcc14ef58c0e849b59091287e1844da97016073aac20403ae6c6132b950f", "", "afhq"),
    "sphenix": Remote("doi:10.5281/zenodo.17783990/2025-06-05_jet_bkg_sub.tar", None, "sphenix",
                      "sphenix/2025-06-05_jet_bkg_sub"),
}
#: Zenodo record of the published model; its files are fetched as they are.
MODEL_DOI = "doi:10.5281/zenodo.17809156/"


def data_folder() -> Path:
    """Folder of the published data: ``$UVCGAN_S_DATA``, or ``data`` in the working folder."""
    return Path(os.environ.get(VARIABLE) or "data")


def download(name: str, *, folder: str | Path | None = None, overwrite: bool = False,
             remotes: dict[str, Remote] | None = None, report: Callable[[str], None] = print) -> Path:
    """Fetch and unpack one of the published data sets.

    Parameters
    ----------
    name : {"afhq", "sphenix"}
    folder : str or Path, optional
        Default: `data_folder`.
    overwrite : bool
        Replace a folder that exists; otherwise its presence is an error.
    remotes : dict, optional
        Other archives by name.
    report : callable
        Told what happens.

    Returns
    -------
    Path
        The unpacked folder. Nothing is unpacked from a file with a wrong checksum.
    """
    remotes = REMOTES if remotes is None else remotes
    if name not in remotes:
        raise DataError(f"there is no data set {name!r}; known: {', '.join(remotes)}")
    remote, root = remotes[name], Path(folder) if folder is not None else data_folder()
    target = root / remote.holds
    if target.exists() and not overwrite:
        raise DataError(f"{target} exists already; remove it, or ask to overwrite it")
    archive = fetch(remote, root)
    report(f"checksum is right: {archive}")
    unpack(archive, root / remote.folder, target)
    report(f"unpacked to {target}")
    return target


def fetch(remote: Remote, root: Path) -> Path:
    """The archive below `root`: fetched unless a file with the right checksum lies there already."""
    import pooch

    root.mkdir(parents=True, exist_ok=True)
    file = remote.url.rsplit("/", 1)[1].split("?")[0]
    try:
        checksum = remote.checksum or _published_checksum(remote, file, root)
        if (root / file).is_file() and not pooch.hashes.hash_matches(root / file, checksum):
            raise DataError(f"{root / file} exists and is not the published file (its checksum is not {checksum}); "
                            "remove it")
        return Path(pooch.retrieve(remote.url, known_hash=checksum, fname=file, path=root, progressbar=False))
    except DataError:
        raise
    except ValueError as error:
        raise DataError(f"{remote.url} was refused: {str(error).splitlines()[0]}") from error
    except (OSError, ImportError) as error:
        raise DataError(f"cannot fetch {remote.url}: {error}") from error


def _published_checksum(remote: Remote, file: str, root: Path) -> str:
    """Checksum of a file as published with its Zenodo record."""
    import pooch

    if not remote.url.startswith("doi:"):
        raise DataError(f"no checksum is known for {remote.url}")
    box = pooch.create(path=root, base_url=remote.url.rsplit("/", 1)[0] + "/")
    box.load_registry_from_doi()
    if file not in box.registry:
        raise DataError(f"{remote.url}: the record holds {', '.join(sorted(box.registry)) or 'no file'}, not {file}")
    return box.registry[file]


def unpack(archive: Path, folder: Path, target: Path) -> None:
    """Unpack a zip or tar file so that `target` appears whole; members that point outside are refused."""
    temporary = folder / f".{target.name}.{os.getpid()}.partial"
    temporary.mkdir(parents=True)
    try:
        if zipfile.is_zipfile(archive):
            _unzip(archive, temporary)
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(temporary, filter="data")
        content = temporary / target.relative_to(folder)
        if not content.exists():
            raise DataError(f"{archive} does not hold {target.relative_to(folder)}")
        if target.exists():
            shutil.rmtree(target)
        content.rename(target)
    except (tarfile.TarError, zipfile.BadZipFile, OSError) as error:
        raise DataError(f"cannot unpack {archive}: {error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _unzip(archive: Path, folder: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        for member in file.namelist():
            parts = Path(member.replace("\\", "/")).parts
            if ".." in parts or member.startswith(("/", "\\")):
                raise DataError(f"{archive}: the member {member!r} points outside the archive")
        file.extractall(folder)


def download_model(folder: str | Path, doi: str = MODEL_DOI, overwrite: bool = False) -> list[Path]:
    """Fetch all files of the published model's record into a folder, each compared with the record's checksum.

    Files that lie there already are kept; one that differs from the record's is refused unless `overwrite`.
    """
    import pooch

    try:
        box = pooch.create(path=Path(folder), base_url=doi)
        box.load_registry_from_doi()
        for file, checksum in sorted(box.registry.items()):
            path = Path(folder) / file
            if path.is_file() and not overwrite and not pooch.hashes.hash_matches(path, checksum):
                raise DataError(f"{path} exists and is not the published file (its checksum is not {checksum}); "
                                "remove it, or ask to overwrite it")
        return [Path(box.fetch(file, progressbar=False)) for file in sorted(box.registry)]
    except DataError:
        raise
    except (OSError, ValueError) as error:
        raise DataError(f"cannot fetch the model {doi}: {str(error).splitlines()[0]}") from error
