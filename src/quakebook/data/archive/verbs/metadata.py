"""``fetch_metadata``: station metadata into a table, with the published flags."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from quakebook.data.archive.verbs.common import BOX_DEG, FORMATS, box_flags, box_of, run

#: The published default networks.
NETWORKS = ("CI", "AZ", "US", "TA")


def metadata_flags(parser: argparse.ArgumentParser) -> None:
    """Flags of ``fetch_metadata``."""
    from quakebook.data.archive.stations.features import FAMILIES

    parser.add_argument("--client", default="IRIS", help="FDSN data centre or address of a server (default: IRIS)")
    parser.add_argument("--output", "-o", type=Path, default=Path("metadata.parquet"))
    parser.add_argument("--extract-features", action="store_true", help="add derived columns")
    parser.add_argument("--features", nargs="+", choices=FAMILIES, default=list(FAMILIES), help="which of them")
    parser.add_argument("--networks", nargs="+", default=list(NETWORKS), metavar="N")
    for name in ("stations", "channels", "locations"):
        parser.add_argument(f"--{name}", nargs="+", default=["*"], metavar="CODE")
    parser.add_argument("--start-time", metavar="TIME")
    parser.add_argument("--end-time", metavar="TIME")
    box_flags(parser, BOX_DEG)
    parser.add_argument("--stationxml", nargs="+", type=Path, metavar="FILE", help="read these files, ask no server")
    parser.add_argument("--cache-dir", type=Path, help="keep the StationXML that arrives")
    parser.add_argument("--force-refresh", action="store_true", help="ask again, whatever the cache holds")
    parser.add_argument("--timeout", type=float, default=300.0, metavar="S")
    parser.add_argument("--max-retries", type=int, default=3, metavar="N")
    parser.add_argument("--format", choices=FORMATS, default="parquet")
    parser.add_argument("--validate", action="store_true", help="print what is odd; status 1 where something is")


def fetch_metadata(args: argparse.Namespace) -> int:
    """Write a station table; networks without a matching station are named and passed over."""
    from quakebook.data.archive.stations import features
    from quakebook.data.archive.tables import STATION_SCHEMA, write_table

    table = _from_files(args) if args.stationxml else _from_service(args)
    if args.extract_features:
        table = features.derive(table, args.features)
    write_table(table, args.output, STATION_SCHEMA, args.format)
    print(f"{args.output}: {len(table)} channel epochs of {table[['network', 'station']].drop_duplicates().shape[0]} "
          "stations")
    odd = features.problems(table) if args.validate else []
    for line in odd:
        print(f"odd: {line}", file=sys.stderr)
    return 1 if odd else 0


def _from_service(args: argparse.Namespace):
    from quakebook.data.archive import Query, StationService
    from quakebook.data.archive.stations.table import network_tables

    query = Query(",".join(args.stations), ",".join(args.locations), ",".join(args.channels), args.start_time,
                  args.end_time, box_of(args))
    service = StationService(args.client, args.cache_dir, args.timeout, args.max_retries, args.force_refresh)
    inventories = []
    for network in args.networks:
        inventory = service.network(network, query)
        if inventory is None:
            print(f"network {network}: no station matches", file=sys.stderr)
        else:
            inventories.append(inventory)
    return network_tables(inventories)


def _from_files(args: argparse.Namespace):
    from quakebook.data.archive import read_inventories
    from quakebook.data.archive.stations.table import chosen, network_tables

    table = network_tables([read_inventories(args.stationxml)])
    codes = {"network": args.networks, "station": args.stations, "location": args.locations, "channel": args.channels}
    return chosen(table, codes, box_of(args), args.start_time, args.end_time)


def main(argv: Sequence[str] | None = None) -> int:
    """The published program ``fetch_metadata``."""
    return run("fetch_metadata", "Fetch station metadata into a table.", metadata_flags, fetch_metadata, argv)
