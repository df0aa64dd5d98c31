"""One run: a folder that says what was computed, from what, by which code, and with which result.

    config.yaml  record.json  metrics.csv  checkpoints/*.pt  arrays/*.h5
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import arrays, checkpoint, files
from .files import RunError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


class Run:
    """A run's folder, read or being written.

    Parameters
    ----------
    path : Path
        The folder. Its name is the run's identity.
    writable : bool
        False in the helping processes of a distributed training, where writing does nothing.

    Attributes
    ----------
    id, path, paper : str, Path, str
    config : dict
        The whole configuration (`config.from_dict(Config, run.config)` is the object again).
    record : dict
        status (running, finished, failed, interrupted), metrics, seed, threads, device, versions, commit, times, ...
    """

    def __init__(self, path: str | Path, writable: bool = True) -> None:
        self.path = Path(path)
        self.id = self.path.name
        self.writable = writable
        self.record: dict[str, Any] = {}
        self.config: dict[str, Any] = {}
        self.reload()

    @classmethod
    def open(cls, run: str | Path, root: str | Path | None = None) -> Run:
        """A run by its folder, its identity or the beginning of one; `root` defaults to `runs_root()`."""
        if (Path(run) / "record.json").is_file():
            return cls(run)
        from quakebook.project import runs_root

        root = Path(root) if root else runs_root()
        found = sorted(folder.parent for folder in root.glob(f"*/{Path(run).name}*/record.json")) if str(run) else []
        if len(found) == 1:
            return cls(found[0])
        known = sorted(folder.parent.name for folder in root.glob("*/*/record.json"))
        problem = f"{len(found)} runs begin with {str(run)!r}" if found else f"no run {str(run)!r}"
        raise RunError(f"{problem} in {root}; there are: {', '.join(known) or 'none'}")

    def reload(self) -> None:
        """Read record and configuration from the folder, where they exist."""
        import yaml

        if (self.path / "record.json").is_file():
            self.record = files.read_json(self.path / "record.json")
            if not isinstance(self.record, dict):
                raise RunError(f"{self.path / 'record.json'} is damaged (it holds no facts); remove its folder to "
                               "start again")
        if (self.path / "config.yaml").is_file():
            try:
                self.config = yaml.safe_load((self.path / "config.yaml").read_text(encoding="utf-8"))
            except (yaml.YAMLError, ValueError, RecursionError) as error:
                raise RunError(f"{self.path / 'config.yaml'} is damaged ({' '.join(str(error).split())}); "
                               "remove its folder to start again") from error
            if self.config is not None and not isinstance(self.config, dict):
                raise RunError(f"{self.path / 'config.yaml'} is damaged (it holds no settings); remove its folder "
                               "to start again")
        if self.finished and not isinstance(self.config, dict) or self.finished and not self.config:
            raise RunError(f"{self.path / 'config.yaml'} is absent or empty; a finished run keeps its settings there")

    @property
    def paper(self) -> str:
        return self.record.get("paper", self.path.parent.name)

    @property
    def finished(self) -> bool:
        return self.record.get("status") == "finished"

    def __repr__(self) -> str:
        return f"Run({self.paper} {self.id}, {self.record.get('status', 'empty')}, {self.path})"

    # ---- results

    def note(self, **facts: Any) -> None:
        """Add facts to the record and write it."""
        self.record |= facts
        if self.writable:
            files.write_json(self.path / "record.json", self.record)

    def report(self, metrics: Mapping[str, float]) -> None:
        """Add final metrics (plain numbers) to the record."""
        self.note(metrics=self.record.get("metrics", {}) | {key: files.finite(value) for key, value in metrics.items()})

    def metrics(self) -> pd.DataFrame:
        """The log of the training: one row a logged step; empty when there is none."""
        from .log import read

        return read(self.path / "metrics.csv")

    def write_arrays(self, name: str, values: Mapping[str, Any], **attributes: Any) -> Path:
        """Arrays under a name, in ``arrays/NAME.h5`` with checksums; attributes are numbers or words."""
        path = self.path / "arrays" / f"{name}.h5"
        return arrays.write(path, values, attributes) if self.writable else path

    def read_arrays(self, name: str) -> dict[str, np.ndarray]:
        return arrays.read(self.path / "arrays" / f"{name}.h5")

    def attributes(self, name: str) -> dict[str, Any]:
        """What was written beside the arrays of a name."""
        return arrays.attributes(self.path / "arrays" / f"{name}.h5")

    def save_checkpoint(self, name: str, state: dict[str, Any]) -> Path:
        """Tensors, numbers, words and containers of them, in ``checkpoints/NAME.pt``."""
        path = self.path / "checkpoints" / f"{name}.pt"
        return checkpoint.save(path, state) if self.writable else path

    def load_checkpoint(self, name: str, device: Any = "cpu") -> dict[str, Any]:
        return checkpoint.load(self.path / "checkpoints" / f"{name}.pt", device)
