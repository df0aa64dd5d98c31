"""Run one notebook through papermill, so that a result file exists only when every cell has run.

    python -m quakebook.publishing.notebook IN.ipynb OUT.ipynb --params '{"preset": "quick"}'

Whatever goes wrong (unknown or ill-typed parameter, failing cell, timeout, dead kernel, Ctrl-C), the exit status is not
0 and there is no OUT.ipynb; what was computed until then lies in OUT.failed.ipynb for reading.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from quakebook.training import facts

from .children import ended
from .executed import UnfinishedNotebook, problems
from .parameters import ParameterError, check, inspect
from .reports import forget

TIMEOUT_S = 3600.0
LONGEST_S = 1e8
SOCKET_PATH_BYTES = 100  # 104 on macOS, 108 on Linux, with the final zero
THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
#: Matplotlib's backend that hands figures to the notebook, Jupyter's own choice.
INLINE = "module://matplotlib_inline.backend_inline"


class BatchTimeout(RuntimeError):
    """The notebook took longer than it may."""


def execute(source: Path, target: Path, parameters: Mapping[str, Any] | None = None, *, timeout_s: float = TIMEOUT_S,
            cwd: Path | None = None, note: Mapping[str, Any] | None = None) -> Path:
    """Run `source` with `parameters` and put the executed notebook at `target`.

    Parameters
    ----------
    source, target : Path
        Both end in ``.ipynb``. An older `target` is removed first.
    parameters : mapping, optional
        Compared with the notebook's parameters cell before a kernel starts.
    timeout_s : float
        For the whole notebook.
    cwd : Path, optional
        Working folder of the kernel; the present one by default.
    note : mapping, optional
        Kept in the executed notebook's metadata under ``quakebook``.

    Returns
    -------
    Path
        `target`.
    """
    if not 0 < timeout_s <= LONGEST_S:  # NaN is no number between them either
        raise ParameterError(f"the timeout must be a number of seconds above 0, at most {LONGEST_S:g}; "
                             f"found {timeout_s}")
    parameters = dict(parameters or {})
    check(parameters, inspect(source), str(source))
    if target.suffix != ".ipynb":
        raise ParameterError(f"the result must be an .ipynb file; found {target}")
    target.parent.mkdir(parents=True, exist_ok=True)
    running, failed = target.with_suffix(".running.ipynb"), target.with_suffix(".failed.ipynb")
    for old in (target, running, failed):
        old.unlink(missing_ok=True)
    try:
        with ended(), _deadline(timeout_s):
            _papermill(source, running, parameters, timeout_s, cwd or Path.cwd())
        _finish(running, note or {})
    except BaseException:
        if running.exists():
            os.replace(running, failed)
        raise
    os.replace(running, target)
    return target


def _papermill(source: Path, running: Path, parameters: dict[str, Any], timeout_s: float, cwd: Path) -> None:
    import papermill
    from traitlets.config import Config

    folder = _socket_folder()
    config = Config()
    for manager in (config.KernelManager, config.AsyncKernelManager):
        manager.transport, manager.ip = "ipc", str(folder / "k")
    try:
        papermill.execute_notebook(
            str(source), str(running), parameters=parameters, kernel_name="python3", progress_bar=False, cwd=str(cwd),
            execution_timeout=max(1, round(timeout_s)), config=config,
            extra_arguments=["--HistoryManager.enabled=False",
                             "--IPKernelApp.extra_extensions=['quakebook.plots.phone']"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _socket_folder() -> Path:
    """A folder of its own for a kernel's sockets (shared ones end in "Invalid Signature"), with a path that fits."""
    for place in (None, os.environ.get("XDG_RUNTIME_DIR"), "/tmp", "/var/tmp", "/dev/shm"):
        with suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix="qb-", dir=place or None))
            if len(os.fsencode(folder / "k-9")) < SOCKET_PATH_BYTES:
                return folder
            folder.rmdir()
    raise OSError(f"no folder with a path short enough for the sockets of a kernel ({SOCKET_PATH_BYTES} bytes): set "
                  "TMPDIR to a short one that can be written to")


def _finish(running: Path, note: Mapping[str, Any]) -> None:
    """Refuse a notebook that did not run to its end; write what the pages need to know into its metadata."""
    import nbformat

    notebook = nbformat.read(running, as_version=4)
    if found := problems(notebook):
        raise UnfinishedNotebook("; ".join(found))
    notebook.metadata["quakebook"] = dict(note)
    with running.open("w", encoding="utf-8") as file:
        nbformat.write(notebook, file)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise BatchTimeout(f"not finished after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def environment(notebook: str, profile: str, results: Path | None = None, threads: int = 1) -> dict[str, str]:
    """Variables that a notebook of the batch sees, beside the caller's own.

    A caller's MPLBACKEND is not handed on: with another one than Jupyter's, pages would come out without a figure.
    """
    seen = {"QUAKEBOOK_BATCH": "1", "QUAKEBOOK_PROFILE": profile, "QUAKEBOOK_NOTEBOOK": notebook,
            "MPLBACKEND": INLINE, "QUAKEBOOK_THREADS": str(threads),
            **{name: str(threads) for name in THREAD_VARIABLES}}
    return seen | ({"QUAKEBOOK_RESULTS": str(results)} if results else {})


def main(argv: list[str] | None = None) -> int:
    """Run one notebook from the command line; the exit status is 0 only for a complete result."""
    parser = argparse.ArgumentParser(prog="python -m quakebook.publishing.notebook", description=__doc__.split("\n")[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--params", default="{}", help="JSON object of parameters")
    parser.add_argument("--profile", default="quick", help="preset name that the results are filed under")
    parser.add_argument("--results", type=Path, help="folder for reported numbers")
    parser.add_argument("--timeout", type=float, default=TIMEOUT_S, help="seconds for the whole notebook")
    parser.add_argument("--cwd", type=Path, help="working folder of the kernel")
    parser.add_argument("--name", help="the notebook's name in profiles.yml")
    parser.add_argument("--key", help="dependency key, kept in the result")
    args = parser.parse_args(argv)
    name = args.name or args.source.stem
    os.environ.update(environment(name, args.profile, args.results.resolve() if args.results else None))
    signal.signal(signal.SIGTERM, _terminate)
    try:
        parameters = _parameters(args.params)
        if args.results:
            forget(args.results, name)
        note = {"key": args.key, "profile": args.profile, "parameters": parameters, "name": name,
                "commit": facts.commit(), "machine": f"{facts.device_name('cpu')}, one thread"}
        execute(args.source.resolve(), args.target.resolve(), parameters, timeout_s=args.timeout, cwd=args.cwd,
                note=note)
    except KeyboardInterrupt:
        print(f"{name}: interrupted", file=sys.stderr)
        return 130
    except ParameterError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 2
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    return 0


def _parameters(text: str) -> dict[str, Any]:
    try:
        parameters = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParameterError(f"--params must be a JSON object: {error}") from error
    if not isinstance(parameters, dict):
        raise ParameterError(f"--params must be a JSON object; found {text}")
    return parameters


def _terminate(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
