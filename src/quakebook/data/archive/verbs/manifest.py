"""``make_manifest``: list a continuous archive, with the published flags; ours beside them say so."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from quakebook.data.archive.verbs.common import FORMATS, box_flags, box_of, count, day, run

#: The published default place.
BUCKET, PREFIX = "scedc-pds", "continuous_waveforms/"


def manifest_flags(parser: argparse.ArgumentParser) -> None:
    """Flags of ``make_manifest``."""
    parser.add_argument("--bucket", default=BUCKET, help=f"S3 bucket, s3://... or http://... (default: {BUCKET})")
    parser.add_argument("--prefix", help=f"beginning of the keys (default: {PREFIX}, or that of a known bucket; none "
                                         "with --local)")
    parser.add_argument("--output", "-o", type=Path, default=Path("manifest.parquet"))
    parser.add_argument("--networks", nargs="+", default=[], metavar="N", help="network codes, * and ? allowed")
    parser.add_argument("--stations", nargs="+", default=[], metavar="S", help="station codes (ours)")
    parser.add_argument("--channels", nargs="+", default=[], metavar="C", help="channel codes, e.g. HH?")
    parser.add_argument("--start-date", type=day, metavar="DATE")
    parser.add_argument("--end-date", type=day, metavar="DATE", help="last day")
    parser.add_argument("--layout", default="auto", help="auto, scedc, ncedc, earthscope, earthscope-restricted, "
                                                         "geonet or generic (ours)")
    parser.add_argument("--region", help="default: that of a known bucket, else us-west-2")
    parser.add_argument("--endpoint-url", metavar="URL", help="of an S3-compatible server")
    parser.add_argument("--anon", action=argparse.BooleanOptionalAction, default=None,
                        help="unsigned requests (default: unless there are credentials)")
    parser.add_argument("--profile", help="section of the AWS credentials file")
    parser.add_argument("--metadata", type=Path, help="station table, for the box")
    box_flags(parser, None)
    parser.add_argument("--max-files-per-station", type=count, default=10_000, metavar="N")
    parser.add_argument("--format", choices=FORMATS, default="parquet")
    parser.add_argument("--workers", type=count, default=8, metavar="N", help="requests at a time")
    parser.add_argument("--local", type=Path, metavar="DIR", help="list a folder, not a bucket")
    parser.add_argument("--verbose", "-v", action="store_true")
    parser.add_argument("--quiet", "-q", action="store_true")


def make_manifest(args: argparse.Namespace) -> int:
    """List an archive; prints what was found and every object that was left out."""
    from quakebook.data.archive import Wish, build_manifest

    store, prefix = _place(args)
    wish = Wish(prefix=prefix, layout=args.layout, networks=args.networks, stations=args.stations,
                channels=args.channels, first=args.start_date, last=args.end_date, box_deg=box_of(args),
                places=_places(args), max_files_per_station=args.max_files_per_station)
    tell = (lambda line: print(line, file=sys.stderr)) if args.verbose else (lambda line: None)
    listing = build_manifest(store, args.output, wish, workers=args.workers, kind=args.format, tell=tell)
    for problem in listing.problems:
        print(f"left out: {problem}", file=sys.stderr)
    if not args.quiet:
        print(f"{listing.path}: {listing.rows} rows of {listing.objects} objects, {listing.reused} known before"
              + (f", {len(listing.problems)} damaged and left out" if listing.problems else ""))
    return 0


def _place(args: argparse.Namespace):
    from quakebook.data.archive import open_store
    from quakebook.data.archive.objects.layouts import LAYOUTS

    if args.local is not None:
        return open_store(args.local), args.prefix or ""
    name = args.bucket.removeprefix("s3://").rstrip("/")
    known = next((layout for layout in LAYOUTS.values() if layout.bucket == name), None)
    prefix = args.prefix if args.prefix is not None else known.prefix if known else PREFIX
    url = args.bucket if "://" in args.bucket else f"s3://{name}"
    return open_store(url, region=args.region or (known.region if known else "us-west-2"), anonymous=args.anon,
                      endpoint_url=args.endpoint_url, profile=args.profile), prefix


def _places(args: argparse.Namespace):
    from quakebook.data.archive import StoreError
    from quakebook.data.archive.tables import STATION_SCHEMA, read_table

    if args.metadata is None and box_of(args) is not None:
        raise StoreError("a box needs the places of the stations: give --metadata with a station table")
    return read_table(args.metadata, STATION_SCHEMA) if args.metadata else None


def main(argv: Sequence[str] | None = None) -> int:
    """The published program ``make_manifest``."""
    return run("make_manifest", "List a continuous archive into a table.", manifest_flags, make_manifest, argv)
