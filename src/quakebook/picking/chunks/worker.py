"""Do chunks that nobody else does: claims are locks of the operating system, which a killed worker gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from filelock import FileLock, Timeout

from quakebook.picking.chunks.files import whole
from quakebook.picking.chunks.plan import CLAIMS, FAILED, PICKS, Chunk, Plan
from quakebook.picking.continuous.table import inside


@dataclass
class Progress:
    """What one worker did: names of chunks.

    Attributes
    ----------
    done, present, busy : list of str
        Done here; done before; at work elsewhere at the time.
    failed : dict
        Name -> the line that says why. A failed chunk is tried again by the next worker that is started.
    """

    done: list[str] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    busy: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def output_of(folder: Path, name: str) -> Path:
    """Where the picks of a chunk lie."""
    return folder / PICKS / f"{name}.parquet"


def work(folder: str | Path, prepare: Callable[[Chunk], Any], run: Callable[[Any], pd.DataFrame],
         names: Iterable[str] | None = None, tell: Callable[[str], None] = lambda line: None) -> Progress:
    """Go through the chunks of a plan; any number of workers may do so at once, on one machine or several.

    A chunk is claimed by locking a file. The operating system frees the lock of a killed worker, whose chunk is then
    done anew by the next; finished outputs appear by renaming, whole. The file system must know locks between its
    machines (NFS 4, Lustre and BeeGFS do).

    Parameters
    ----------
    folder : str or Path
        With ``plan.json``.
    prepare : callable
        Chunk -> anything; reads, in a thread, while the chunk before is computed.
    run : callable
        What `prepare` gave -> picks of the data, margins included.
    names : iterable of str, optional
        Only these chunks.
    tell : callable
        Gets a line for each chunk.
    """
    folder, progress = Path(folder), Progress()
    with ThreadPoolExecutor(1, thread_name_prefix="quakebook-read") as pool:
        claims = _claimed(folder, names, progress)
        waiting = _next(pool, claims, prepare)
        while waiting is not None:
            name, chunk, lock, prepared = waiting
            try:
                wait([prepared])  # only then is the next one read: two chunks at most are in memory
                waiting = _next(pool, claims, prepare)
                tell(_picked(folder, name, chunk, prepared, run, progress))
            finally:
                lock.release()
    return progress


def _picked(folder: Path, name: str, chunk: Chunk, prepared: Future, run: Callable[[Any], pd.DataFrame],
            progress: Progress) -> str:
    """Write the picks of a chunk, or keep why there are none; the line that says it."""
    try:
        picks = inside(run(prepared.result()), chunk.begin, chunk.end)
        with whole(output_of(folder, name)) as part:
            picks.to_parquet(part, index=False)
        (folder / FAILED / f"{name}.txt").unlink(missing_ok=True)
    except (ValueError, OSError, RuntimeError) as error:
        progress.failed[name] = _fail(folder, name, error)
        return f"{name}: failed: {progress.failed[name]}"
    progress.done.append(name)
    return f"{name}: {len(picks)} picks"


def _claimed(folder: Path, names: Iterable[str] | None, progress: Progress) -> Iterator[tuple[str, Chunk, FileLock]]:
    """Chunks that were free and are now ours."""
    chunks = Plan.load(folder).names()
    wanted = list(chunks) if names is None else list(names)
    unknown = [name for name in wanted if name not in chunks]
    if unknown:
        raise ValueError(f"{folder} has no chunk {unknown[0]!r}; its plan has {len(chunks)}, the first is "
                         f"{next(iter(chunks))}")
    (folder / CLAIMS).mkdir(parents=True, exist_ok=True)
    for name in wanted:
        if output_of(folder, name).is_file():
            progress.present.append(name)
            continue
        lock = FileLock(folder / CLAIMS / f"{name}.lock", thread_local=False)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            progress.busy.append(name)
            continue
        except OSError as error:  # the fault of this claim, not of the chunk that is at work meanwhile
            progress.failed[name] = _fail(folder, name, error)
            continue
        if output_of(folder, name).is_file():  # finished between the look and the lock
            lock.release()
            progress.present.append(name)
            continue
        yield name, chunks[name], lock


def _next(pool: ThreadPoolExecutor, claims: Iterator[tuple[str, Chunk, FileLock]], prepare: Callable[[Chunk], Any]
          ) -> tuple[str, Chunk, FileLock, Future] | None:
    entry = next(claims, None)
    return None if entry is None else (*entry, pool.submit(prepare, entry[1]))


def _fail(folder: Path, name: str, error: Exception) -> str:
    line = str(error).strip().partition("\n")[0] or type(error).__name__
    with whole(folder / FAILED / f"{name}.txt") as part:
        part.write_text(line + "\n", encoding="utf-8")
    return line
