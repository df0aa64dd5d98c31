"""Finding, creating, locking and reusing runs: what was computed before is returned, anything else is computed now.

    run = obtain("bluedisc", config, records.fingerprint, ["quakebook.bluedisc.experiment"], work)
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from quakebook.project import runs_root

from . import config as _config
from . import facts, files, identity, lock, world
from .files import RunError
from .run import Run

__all__ = ["Run", "RunError", "obtain", "open_finished", "runs_root", "settings_of"]

T = TypeVar("T")


def obtain(paper: str, config: Any, data_fingerprint: str, modules: Sequence[str], work: Callable[[Run], None],
           root: str | Path | None = None) -> Run:
    """The finished run of this configuration on these data by this code.

    Parameters
    ----------
    paper : str
        Chapter; names a folder below the root.
    config : dataclass or dict
    data_fingerprint : str
        Content identity of the data (`Records.fingerprint`).
    modules : sequence of str
        Dotted names of the modules that compute the result. They, and all quakebook modules that they import, belong
        to the identity.
    work : callable
        Takes the open `Run` and computes; called only where no finished run exists, by one process at a time. A run
        that was interrupted is handed over as it is, so `loop.fit` goes on from its checkpoint.
    root : path, optional
        Default `runs_root()`.

    Raises
    ------
    RunError
        The folder cannot be written.
    ConfigError
        Another number of processes was launched than the settings say.
    """
    settings = _config.to_dict(config)
    name = identity.identify(paper, settings, data_fingerprint, modules)
    folder = Path(root if root is not None else runs_root()) / paper / name
    if folder.is_dir() and (run := Run(folder)).finished:
        return run
    if world.check_world(_training(settings)).rank:
        run = Run(folder, writable=False)
        work(run)
        return run
    with lock.held(folder.parent / f".{name}.lock"):
        run = Run(folder)
        if not run.finished:
            _begin(run, paper, settings, data_fingerprint, modules)
            _work(run, work)
    return run


def _training(settings: dict[str, Any]) -> dict[str, Any]:
    return settings["training"] if isinstance(settings.get("training"), dict) else settings


def _begin(run: Run, paper: str, settings: dict[str, Any], fingerprint: str, modules: Sequence[str]) -> None:
    training = _training(settings)
    spent = run.record.get("seconds", 0.0)
    run.config = settings
    files.write_atomic(run.path / "config.yaml", _config.to_yaml(settings))
    run.record = facts.begin(id=run.id, paper=paper, data=str(fingerprint), modules=list(modules),
                              seed=training.get("seed"), threads=training.get("threads"))
    run.note(seconds=spent)


def _work(run: Run, work: Callable[[Run], None]) -> None:
    spent, began = run.record["seconds"], time.perf_counter()

    def close(status: str, **more: Any) -> None:
        run.note(status=status, finished=facts.now(), seconds=round(spent + time.perf_counter() - began, 3),
                 peak_memory_mb=run.record.get("peak_memory_mb") or facts.peak_memory_mb(), **more)

    try:
        work(run)
    except Exception as error:
        with suppress(RunError):  # the disk that made the work fail will not take the record either
            close("failed", error=f"{type(error).__name__}: {error}")
        raise
    except BaseException:
        close("interrupted")
        raise
    if not run.record.get("device"):
        run.note(device=facts.device_name("cpu"))
    close("finished")


def open_finished(name: str, paper: str) -> Run:
    """A finished run of a chapter by identity (or its beginning) or folder.

    Raises
    ------
    RunError
        No such run, several of them, a run of another chapter, or one that is not finished.
    """
    run = Run.open(name)
    _expect_paper(run, paper)
    if not run.finished:
        raise RunError(f"run {run.id} is {run.record.get('status')}; the train command that began it finishes it")
    return run


def settings_of(run: Run, paper: str, schema: type[T]) -> T:
    """The configuration that a run of a chapter was made with.

    Raises
    ------
    RunError
        A run of another chapter.
    """
    _expect_paper(run, paper)
    return _config.from_dict(schema, run.config)


def _expect_paper(run: Run, paper: str) -> None:
    if run.paper != paper:
        raise RunError(f"run {run.id} belongs to {run.paper!r}, not to {paper!r}")
