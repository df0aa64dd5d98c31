"""Folders of our own for people without a home folder that can be written to, and for unknown user numbers.

SeisBench makes its cache folder when it is imported and stops where that fails; Jupyter and Matplotlib want folders,
too. In containers and on clusters the home folder is often absent or read-only.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import MutableMapping
from pathlib import Path

#: Variable -> folder below the home, and below the folder that replaces it.
FOLDERS = {"SEISBENCH_CACHE_ROOT": ".seisbench", "QUAKEBOOK_CACHE": ".cache/quakebook",
           "MPLCONFIGDIR": ".config/matplotlib", "IPYTHONDIR": ".ipython",
           "JUPYTER_RUNTIME_DIR": ".local/share/jupyter/runtime"}


def settle(environment: MutableMapping[str, str] = os.environ) -> str | None:
    """Point the variables of `FOLDERS` at usable folders where the home folder is not; return the printed note.

    What is set already stays. Child processes inherit the variables, so the note is printed once.
    """
    _name_the_user(environment)
    home = _home(environment)
    if home is not None and usable(home):
        return None
    wanted = [name for name, part in FOLDERS.items()
              if not environment.get(name) and not (home is not None and _readable_cache(home / part))]
    if home is not None and not wanted:
        return None
    own = _own_folder()
    for name in wanted:
        environment[name] = str(own / FOLDERS[name])
    if home is None:
        environment["HOME"] = str(own)
    why = "there is no home folder" if home is None else f"{home} cannot be written to"
    note = f"quakebook: {why}; caches lie in {own}"
    print(note, file=sys.stderr)
    return note


def usable(folder: Path) -> bool:
    """Whether `folder` can be written to, or made."""
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    return nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)


def _readable_cache(folder: Path) -> bool:
    """A cache that somebody has filled beforehand serves although nothing can be added."""
    return (folder / "config.json").is_file() and os.access(folder, os.R_OK | os.X_OK)


def _home(environment: MutableMapping[str, str]) -> Path | None:
    if environment.get("HOME"):
        return Path(environment["HOME"])
    try:
        import pwd

        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except (ImportError, KeyError):
        return None


def _own_folder() -> Path:
    """A folder of this user alone below the folder for temporary files."""
    folder = Path(tempfile.gettempdir()) / f"quakebook-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if not folder.is_symlink() and folder.stat().st_uid == os.getuid() and usable(folder):
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="quakebook-"))  # somebody else's folder has that name


def _name_the_user(environment: MutableMapping[str, str]) -> None:
    """A user number without a name makes `getpass.getuser` fail, on which torch and Jupyter rely."""
    import pwd

    if not any(environment.get(name) for name in ("LOGNAME", "USER", "LNAME", "USERNAME")):
        try:
            pwd.getpwuid(os.getuid())
        except KeyError:
            environment["USER"] = f"user{os.getuid()}"
