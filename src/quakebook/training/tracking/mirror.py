"""A tracker in a thread of its own: never on the hot path, and its death never stops a training."""

from __future__ import annotations

import queue
import threading
import time
import warnings
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

BACKENDS = ("none", "csv", "mlflow", "tensorboard", "wandb")
ARTEFACT_BYTES = 100e6
PATIENCE_S = 60.0  # MLflow takes about 10 s to make a fresh SQLite file


class TrackerError(ValueError):
    """A tracker that is unknown or not installed."""


class Backend(Protocol):
    """What a tool must offer: rows in batches, and an end.

    It may offer ``series(rows)`` for rows that come after the training, with older steps (otherwise `write` gets them),
    and ``keep(files, root)`` to store copies of the run's files.
    """

    def write(self, rows: list[tuple[int, float, Mapping[str, float]]]) -> None:
        """Rows of (step, Unix time, values)."""

    def close(self, metrics: Mapping[str, float], status: str) -> None:
        """Final metrics; status is finished, failed or interrupted."""


class Mirror:
    """Hands rows to a backend from another thread; a backend that raises is dropped with one warning."""

    def __init__(self, name: str, make: Any, run: Any) -> None:
        self.name, self._run = name, run
        self._rows: queue.SimpleQueue = queue.SimpleQueue()
        self._error: BaseException | None = None
        self._warned = False
        self._thread = threading.Thread(target=self._serve, args=(make,), name=f"quakebook-{name}", daemon=True)
        self._thread.start()

    def _serve(self, make: Any) -> None:
        try:
            backend = make(self._run)
            status = ""
            while not status:
                rows = [self._rows.get()]
                while not self._rows.empty():
                    rows.append(self._rows.get())
                status = rows.pop() if isinstance(rows[-1], str) else ""
                if rows:
                    backend.write(rows)
            if rows := series(self._run.path):
                getattr(backend, "series", backend.write)(rows)
            if hasattr(backend, "keep"):
                backend.keep(artefacts(self._run.path), self._run.path)
            backend.close(self._run.record.get("metrics", {}), status)
        except BaseException as error:  # whatever a foreign tool does, the training goes on
            self._error = error

    def log(self, step: int, values: Mapping[str, float]) -> None:
        """Queue one row; returns at once."""
        if self._error is not None:
            return self._warn(f"{type(self._error).__name__}: {self._error}")
        self._rows.put((step, time.time(), dict(values)))

    def close(self, status: str = "finished") -> None:
        """Hand over final metrics, tables and files of the run; wait for what is queued, at most `PATIENCE_S`."""
        self._rows.put(status)
        self._thread.join(PATIENCE_S)
        if self._error is not None:
            self._warn(f"{type(self._error).__name__}: {self._error}")
        elif self._thread.is_alive():
            self._warn(f"no answer within {PATIENCE_S:.0f} s")

    def _warn(self, reason: str) -> None:
        if not self._warned:
            self._warned = True
            text = f"tracker {self.name} stopped ({reason}); the training goes on, its log is metrics.csv"
            with suppress(RuntimeWarning):  # not even where warnings are errors does it stop a training
                warnings.warn(text, RuntimeWarning, stacklevel=4)


class Silent:
    """No tracker."""

    def log(self, step: int, values: Mapping[str, float]) -> None:
        pass

    def close(self, status: str = "finished") -> None:
        pass


def series(folder: Path) -> list[tuple[int, float, dict[str, float]]]:
    """Rows of the run's own tables with a column `step` (such as ``tracked.csv``), named ``tracked.COLUMN``."""
    import pandas as pd

    rows = []
    for path in sorted(folder.glob("*.csv")):
        table = pd.read_csv(path)
        if path.name == "metrics.csv" or "step" not in table:
            continue
        numbers = table.select_dtypes("number")
        for line in numbers.to_dict("records"):
            values = {f"{path.stem}.{key}": value for key, value in line.items() if key != "step" and value == value}
            rows.append((int(line["step"]), time.time(), values))
    return rows


def artefacts(folder: Path) -> list[Path]:
    """Files of a run that a tracker keeps: all but checkpoints, its own folder, hidden and huge ones."""
    inner = ((path, path.relative_to(folder).parts) for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path, parts in inner if parts[0] not in ("checkpoints", "tracking")
            and not any(part.startswith(".") for part in parts) and path.stat().st_size <= ARTEFACT_BYTES]


def open_tracker(name: str, run: Any) -> Mirror | Silent:
    """A tracker by name. Raises TrackerError for an unknown name, or an extra that is not installed."""
    if name == "none":
        return Silent()
    if name not in BACKENDS:
        raise TrackerError(f"unknown tracker {name!r}; there are: {', '.join(BACKENDS)}")
    backend = import_module(f"{__package__}.to_{name}")
    for needed in backend.NEEDS:
        try:
            import_module(needed)
        except ImportError as error:
            raise TrackerError(f"training.tracker={name} needs an extra: pip install 'quakebook[{name}]' ({error})"
                               ) from error
    return Mirror(name, backend.Backend, run)
