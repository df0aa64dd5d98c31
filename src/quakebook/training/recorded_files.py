"""Files of a recorded result: facts in JSON, arrays in HDF5, weights in safetensors, each with its checksum.

    NAME.json  NAME.h5  NAME.safetensors        (NAME may contain folders: "sweep/bce-1")

The JSON file is written last and names the SHA-256 of the others and of itself, so a result is whole or absent, and a
changed byte in any of its files is refused at reading, with the name of the file.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .files import RunError, atomic, finite, write_atomic

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

FORMAT = "quakebook recorded result 1"
ARRAYS, WEIGHTS = ".h5", ".safetensors"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+=,-]*(/[A-Za-z0-9][A-Za-z0-9_.+=,-]*)*")
_SEAL = re.compile(rb'"sha256": "([0-9a-f]{64})"\n}\n\Z')
_BLANK = b"0" * 64


@dataclass(frozen=True)
class Recorded:
    """One recorded result. The facts are checked when it is read, arrays and weights when they are asked for.

    Attributes
    ----------
    name : str
    folder : Path
        The chapter's recorded results; the files lie in it under `name`.
    facts : dict
        format, paper, name, command, function, arguments, settings, run, commit, package, device, versions, threads,
        seeds, seconds, cpu_seconds, finished, metrics, and what the chapter adds. None where a fact is unknown.
    """

    name: str
    folder: Path
    facts: dict[str, Any]

    @property
    def metrics(self) -> dict[str, float]:
        """Numbers by name; NaN for a number that there was not."""
        return {key: float("nan") if value is None else value for key, value in self.facts["metrics"].items()}

    @cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        """Arrays by name; empty where there are none."""
        from . import arrays

        return arrays.read(self.file(ARRAYS)) if self.has(ARRAYS) else {}

    @cached_property
    def weights(self) -> dict[str, Tensor]:
        """Weights by name, on the CPU; empty where there are none."""
        from safetensors.torch import load_file

        return load_file(self.file(WEIGHTS)) if self.has(WEIGHTS) else {}

    def has(self, ending: str) -> bool:
        """Whether a file with this ending (".h5", ".safetensors") belongs to the result."""
        return ending in self.facts["files"]

    def file(self, ending: str) -> Path:
        """The file with this ending, after its checksum has been compared. Raises RunError naming the file."""
        path = _path(self.folder, self.name, ending)
        if not self.has(ending):
            raise RunError(f"the recorded result {self.name} in {self.folder} has no {ending} file")
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise RunError(f"cannot read {path}: {error.strerror or error}; {again(self.name)}") from error
        if digest != self.facts["files"][ending]:
            raise _damaged(path, self.name)
        return path

    def check(self) -> None:
        """Compare every file with its checksum. Raises RunError naming the first that differs."""
        for ending in self.facts["files"]:
            self.file(ending)


def names(folder: Path) -> list[str]:
    """Names of the results in a folder and below it, sorted."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*.json"))
    return sorted(name.removesuffix(".json") for name in found if not Path(name).name.startswith("."))


def read(folder: Path, name: str) -> Recorded:
    """One recorded result. Raises RunError when it is absent (the message lists what is there) or damaged."""
    path = _path(folder, name, ".json")
    if not path.is_file():
        raise RunError(f"nothing is recorded as {name!r} in {folder}; there are: {', '.join(names(folder)) or 'none'}")
    facts = read_facts(path)
    if facts["name"] != name:
        raise RunError(f"{path} is the recorded result {facts['name']!r} under another name")
    return Recorded(name, folder, facts)


def read_facts(path: Path) -> dict[str, Any]:
    """The checked content of one JSON file. Raises RunError when a byte differs from what was written."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RunError(f"cannot read {path}: {error.strerror or error}") from error
    seal = _SEAL.search(content)
    if seal is None or _digest(content) != seal[1]:
        raise _damaged(path, path.stem)
    try:
        facts = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, path.stem) from error
    if facts.get("format") != FORMAT:
        raise RunError(f"{path} has the format {facts.get('format')!r}; this version reads {FORMAT!r}")
    return facts


def is_recorded(path: Path) -> bool:
    """Whether a JSON file was written by `write`, even if a byte was changed since."""
    content = path.read_bytes()
    return FORMAT.encode() in content or _SEAL.search(content) is not None


def write(folder: Path, name: str, facts: Mapping[str, Any], arrays: Mapping[str, Any] | None = None,
          weights: Mapping[str, Tensor] | None = None) -> Path:
    """Write a recorded result, the JSON file last; return its path.

    An earlier result of this name goes away only now, when the new one has been computed.
    """
    if bad := [key for key in arrays or {} if "/" in key]:
        raise RunError(f"names of arrays cannot contain a slash; found {', '.join(bad)}")
    path = _path(folder, name, ".json")
    path.unlink(missing_ok=True)
    checksums: dict[str, str] = {}
    for ending, content in ((ARRAYS, arrays), (WEIGHTS, weights)):
        data = _path(folder, name, ending)
        if not content:
            data.unlink(missing_ok=True)
            continue
        write_data = _write_arrays if ending == ARRAYS else _write_weights
        write_data(data, content, facts)
        checksums[ending] = hashlib.sha256(data.read_bytes()).hexdigest()
    return write_facts(path, {**facts, "name": name, "files": checksums})


def write_facts(path: Path, facts: Mapping[str, Any]) -> Path:
    """Write the JSON file with its own checksum as the last fact."""
    body = {"format": FORMAT, **finite(dict(facts)), "sha256": _BLANK.decode()}
    content = (json.dumps(body, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
    start = _SEAL.search(content).start(1)
    return write_atomic(path, content[:start] + _digest(content) + content[start + len(_BLANK):])


def again(name: str) -> str:
    """How a result is made again, as the end of a message."""
    return f"to make it again: quakebook record CHAPTER {name} --force"


def _digest(content: bytes) -> bytes:
    """SHA-256 of the JSON file with zeros in the place of the digest, as hex digits."""
    start = _SEAL.search(content).start(1)
    blank = content[:start] + _BLANK + content[start + len(_BLANK):]
    return hashlib.sha256(blank).hexdigest().encode()


def _write_arrays(path: Path, content: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    from . import arrays

    arrays.write(path, content, {}, compressed=True)


def _write_weights(path: Path, weights: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Safetensors; the words among the facts stand in the header."""
    from safetensors.torch import save_file

    words = {key: value for key, value in facts.items() if isinstance(value, str)}
    with atomic(path) as part:
        save_file({key: value.detach().cpu().contiguous() for key, value in weights.items()}, part, metadata=words)


def _path(folder: Path, name: str, ending: str) -> Path:
    if not NAME.fullmatch(name):
        raise RunError(f"a recorded result's name is letters, digits and _ . + = , - with / between folders; "
                       f"found {name!r}")
    return folder / f"{name}{ending}"


def _damaged(path: Path, name: str) -> RunError:
    return RunError(f"{path} is damaged: its checksum does not hold; {again(name)}")
