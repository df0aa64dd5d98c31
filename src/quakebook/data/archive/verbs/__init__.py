"""Commands over continuous archives: list one, fetch station metadata, cut shards, make the synthetic one.

The published programs are ``verbs.manifest.main`` and ``verbs.metadata.main``.
"""

from __future__ import annotations

import argparse

from quakebook.data.archive.verbs import manifest, metadata, shards

_COMMANDS = (
    ("manifest", manifest.manifest_flags, manifest.make_manifest,
     "list a continuous archive into a table of its objects",
     "quakebook data manifest --bucket scedc-pds --networks CI --start-date 2022-01-02 --end-date 2022-01-02"),
    ("metadata", metadata.metadata_flags, metadata.fetch_metadata,
     "fetch station metadata into a table of channel epochs",
     "quakebook data metadata --client IRIS --networks CI --extract-features -o metadata.parquet"),
    ("shards", shards.shards_flags, shards.make_shards, "cut an archive into checked windows in tar shards",
     "quakebook data shards manifest.parquet shards --stationxml stations.xml"),
    ("archive", shards.archive_flags, shards.make_archive, "write the synthetic continuous archive",
     "quakebook data archive data/archive --preset test"))


def add_verbs(inner: argparse._SubParsersAction) -> None:
    """Add ``manifest``, ``metadata``, ``shards`` and ``archive`` below a command such as ``quakebook data``."""
    for name, flags, work, text, example in _COMMANDS:
        sub = inner.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".",
                               epilog=f"example: {example}", formatter_class=argparse.RawDescriptionHelpFormatter)
        flags(sub)
        sub.set_defaults(work=work)
