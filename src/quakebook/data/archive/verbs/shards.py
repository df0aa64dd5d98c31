"""Cut shards from a manifest, and write the synthetic archive."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from quakebook.data.archive.verbs.common import count


def shards_flags(parser: argparse.ArgumentParser) -> None:
    """Flags of ``shards``."""
    parser.add_argument("manifest", type=Path)
    parser.add_argument("folder", type=Path, help="shards appear in a folder below it, named by their content")
    parser.add_argument("--stationxml", nargs="+", type=Path, metavar="FILE", help="for places, gains, responses")
    parser.add_argument("--bands", nargs="+", default=[], metavar="BAND", help="channel codes without component: HH BH")
    parser.add_argument("--rate", type=float, default=100.0, metavar="HZ")
    parser.add_argument("--window", type=float, default=30.0, metavar="S")
    parser.add_argument("--overlap", type=float, default=0.5)
    parser.add_argument("--band-pass", type=float, nargs=2, default=[0.1, 20.0], metavar="HZ")
    parser.add_argument("--remove-response", action="store_true", help="to ground velocity in m/s")
    parser.add_argument("--require", type=int, choices=(1, 2, 3), default=3, help="components")
    parser.add_argument("--shard-size", type=count, default=10_000, metavar="N")
    parser.add_argument("--split", choices=("temporal", "random", "spatial"), default="temporal")
    parser.add_argument("--damaged", choices=("refuse", "count"), default="refuse", help="objects that are cut off")
    parser.add_argument("--endpoint-url", metavar="URL")
    parser.add_argument("--region", default="us-west-2")
    parser.add_argument("--anon", action=argparse.BooleanOptionalAction, default=None)


def make_shards(args: argparse.Namespace) -> int:
    """Cut shards; prints how many windows there are and why others were rejected."""
    from quakebook.data import archive

    manifest = archive.read_manifest(args.manifest)
    place = manifest["bucket"].iloc[0]
    options = {"region": args.region, "endpoint_url": args.endpoint_url, "anonymous": args.anon}
    store = archive.open_store(place, **options if "://" in place else {})
    inventory = archive.read_inventories(args.stationxml) if args.stationxml else None
    stations = archive.Stations(archive.stations_of(inventory)) if inventory else None
    settings = archive.Processing(rate_hz=args.rate, window_s=args.window, overlap=args.overlap,
                                  band_hz=tuple(args.band_pass), remove_response=args.remove_response,
                                  require=args.require)
    maker = archive.WindowMaker(store, settings, stations, inventory, args.damaged)
    days = archive.station_days(manifest, args.bands)
    sharding = archive.Sharding(shard_size=args.shard_size, split=archive.Split(kind=args.split))
    shards = archive.build_shards(days, maker, args.folder, sharding, lambda line: print(line, file=sys.stderr))
    reasons = shards.rejected.groupby("reason")["count"].sum().sort_values(ascending=False)
    print(*(f"rejected, {reason}: {number}" for reason, number in reasons.items()), sep="\n")
    for line in shards.about["damaged"]:
        print(f"left out: {line}", file=sys.stderr)
    print(f"{shards.store.url}: {len(shards)} windows in {len(shards.about['shards'])} shards")
    return 0


def archive_flags(parser: argparse.ArgumentParser) -> None:
    """Flags of ``archive``."""
    parser.add_argument("folder", type=Path)
    parser.add_argument("--preset", choices=("test", "default", "large"), default="default")
    parser.add_argument("--seed", type=int, default=42)


def make_archive(args: argparse.Namespace) -> int:
    """Write the synthetic archive and print its folder."""
    from quakebook.data.archive import embedded

    print(embedded.make(args.folder, args.preset, args.seed))
    return 0
