"""Continuous data by the words of the command line: files, folders, manifests, S3 objects and FDSN services."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakebook.commands.chapters import UsageError

if TYPE_CHECKING:
    import pandas as pd
    from obspy import Stream

    from quakebook.picking.chunks import Chunk

HELP = ("miniSEED (or SAC, GSE2, ...) file, folder, manifest (.parquet or .csv of an archive), s3://bucket/prefix, "
        "or fdsn:CENTRE, which needs --channel, --start and --end")
#: Endings that are no waveforms and lie beside them.
OTHER = {".xml", ".csv", ".json", ".txt", ".parquet", ".md", ".py", ".pt", ".png", ".yml", ".yaml"}


def manifest_of(words: Sequence[str], channels: Sequence[str] = (), start: str | None = None, end: str | None = None
                ) -> pd.DataFrame:
    """One row for each object and channel: bucket, key, etag, codes, first and last time.

    Parameters
    ----------
    words : sequence of str
    channels : sequence of str
        ``NET.STA.LOC.CHA`` with wildcards; empty: all. An FDSN service is asked for exactly these.
    start, end : str, optional
        Only data that reach into this time.
    """
    import pandas as pd

    parts = [_table(word, channels, start, end) for word in words]
    table = pd.concat(parts, ignore_index=True)
    for name in ("start_time", "end_time"):
        table[name] = pd.to_datetime(table[name], utc=True, format="mixed")  # several manifests, several precisions
    codes = table["network"] + "." + table["station"] + "." + table["location"].fillna("") + "." + table["channel"]
    keep = pd.Series(True, index=table.index)
    if channels:
        from fnmatch import fnmatchcase

        keep &= codes.map(lambda code: any(fnmatchcase(code, pattern) for pattern in channels))
    if start:
        keep &= table["end_time"] >= pd.Timestamp(start, tz="UTC")
    if end:
        keep &= table["start_time"] < pd.Timestamp(end, tz="UTC")
    if not keep.any():
        raise UsageError(f"none of the {len(table)} channels in {', '.join(words)} is wanted; there are "
                         f"{', '.join(sorted(set(codes))[:6])}")
    return table[keep].reset_index(drop=True)


def _table(word: str, channels: Sequence[str], start: str | None, end: str | None) -> pd.DataFrame:
    import pandas as pd

    if word.startswith("fdsn:"):
        return _fdsn(word, channels, start, end)
    if "://" in word:
        return _remote(word, start, end)
    path = Path(word)
    if not path.exists():
        raise UsageError(f"there is no file or folder {word}")
    if path.suffix in (".parquet", ".csv"):
        return _manifest(path)
    files = sorted(_below(path)) if path.is_dir() else [path]
    root = (path if path.is_dir() else path.parent).resolve()
    rows = [row for file in files for row in _rows(file.resolve(), root)]
    if not rows:
        raise UsageError(f"{word} holds no waveforms")
    return pd.DataFrame(rows)


def _manifest(path: Path) -> pd.DataFrame:
    """A manifest of an archive, or the one beside continuous synthetic data (path, sha256)."""
    import pandas as pd

    table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(
        path, keep_default_na=False, dtype=dict.fromkeys(("network", "station", "location", "channel"), str))
    if "key" not in table and {"path", "sha256"} <= set(table):
        table = table.rename(columns={"path": "key", "sha256": "etag"}).assign(bucket=str(path.parent.resolve()))
    return table


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix.lower() not in OTHER and not path.name.startswith("."):
            yield path


def _rows(path: Path, root: Path) -> list[dict[str, Any]]:
    """One row a channel of a file; the tag is the SHA-256 of its content."""
    from obspy import read

    from quakebook.data import DataError
    from quakebook.data.checksums import sha256

    try:
        stream = read(str(path), headonly=True)
    except TypeError as error:  # ObsPy's word for a format that it does not know
        raise UsageError(f"{path} is no waveform file: {error}") from error
    length = stream[0].stats.get("mseed", {}).get("record_length")
    if length and path.stat().st_size % length:  # ObsPy reads such a file without a word
        raise DataError(f"{path} is cut off: {path.stat().st_size} bytes are not whole records of {length} bytes")
    tag, rows = sha256(path), {}
    for trace in stream:
        row = rows.setdefault(trace.id, {
            "bucket": str(root), "key": path.relative_to(root).as_posix(), "etag": tag,
            **{name: trace.stats[name] for name in ("network", "station", "location", "channel")},
            "start_time": trace.stats.starttime.datetime, "end_time": trace.stats.endtime.datetime})
        row["start_time"] = min(row["start_time"], trace.stats.starttime.datetime)
        row["end_time"] = max(row["end_time"], trace.stats.endtime.datetime)
    return list(rows.values())


def _remote(word: str, start: str | None, end: str | None) -> pd.DataFrame:
    """List a store through the archive room."""
    import tempfile
    from datetime import date

    from quakebook.data.archive import Wish, build_manifest, open_store, read_manifest

    first, last = (date.fromisoformat(time[:10]) if time else None for time in (start, end))
    with tempfile.TemporaryDirectory() as folder:
        wish, path = Wish(first=first, last=last), Path(folder) / "manifest.parquet"
        return read_manifest(build_manifest(open_store(word), path, wish).path)


def _fdsn(word: str, channels: Sequence[str], start: str | None, end: str | None) -> pd.DataFrame:
    import pandas as pd

    if not (channels and start and end):
        raise UsageError(f"{word} needs --channel NET.STA.LOC.CHA, --start and --end")
    rows = []
    for code in channels:
        parts = code.split(".")
        if len(parts) != 4 or set(parts[0] + parts[1]) & set("*?"):
            raise UsageError(f"--channel for a service must be NET.STA.LOC.CHA with plain NET and STA; found {code!r}")
        rows.append(dict(zip(("network", "station", "location", "channel"), parts, strict=True))
                    | {"bucket": word, "key": code, "etag": "", "start_time": start, "end_time": end})
    return pd.DataFrame(rows)


def read_chunk(chunk: Chunk) -> Stream:
    """The data of a chunk, its margins included.

    Raises
    ------
    OSError, ValueError
        An object that cannot be read or decoded; the message names it.
    """
    from obspy import Stream, UTCDateTime

    begin, end = UTCDateTime(chunk.begin) - chunk.margin_s, UTCDateTime(chunk.end) + chunk.margin_s
    stream = Stream()
    for bucket, key, _ in chunk.objects:
        stream += _read(bucket, key, begin, end)
    fitting = Stream([trace for trace in stream if _wanted(trace.id, chunk)])
    fitting.trim(begin, end)
    return fitting


def _wanted(code: str, chunk: Chunk) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(code, pattern) for pattern in chunk.channels)


def _read(bucket: str, key: str, begin: Any, end: Any) -> Stream:
    from obspy import Stream, read

    if bucket.startswith("fdsn:"):
        from obspy.clients.fdsn import Client
        from obspy.clients.fdsn.header import FDSNNoDataException

        try:
            return Client(bucket.removeprefix("fdsn:")).get_waveforms(*key.split("."), begin, end)
        except FDSNNoDataException:
            return Stream()
    if "://" in bucket:
        from quakebook.data.archive import open_store
        from quakebook.data.archive.motion.reading import decode

        return decode(open_store(bucket).read(key), f"{bucket}/{key}")
    path = Path(bucket) / key
    try:
        return read(str(path), starttime=begin, endtime=end)
    except Exception as error:  # ObsPy's readers raise many kinds
        raise OSError(f"cannot read {path}: {str(error).strip().splitlines()[0] if str(error) else error!r}") from error
