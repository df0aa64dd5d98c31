"""One synthetic archive for all tests of the room, its manifest, its shards, and an S3 server that holds it."""

import logging
import os
import shutil

import pytest

from quakebook.data import archive
from quakebook.data.archive import embedded, pages


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch):
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """The smallest synthetic archive; do not change it."""
    return embedded.make(tmp_path_factory.mktemp("archive") / "test", "test", 42)


@pytest.fixture(scope="session")
def inventory(folder):
    return archive.read_inventories([folder / "stations.xml"])


@pytest.fixture(scope="session")
def stations(inventory):
    return archive.Stations(archive.stations_of(inventory))


@pytest.fixture(scope="session")
def manifest(folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("manifest") / "manifest.parquet"
    archive.build_manifest(archive.open_store(folder), path)
    return archive.read_manifest(path)


@pytest.fixture(scope="session")
def days(manifest):
    return archive.station_days(manifest)


@pytest.fixture(scope="session")
def maker(folder, stations, inventory):
    return archive.WindowMaker(archive.open_store(folder), archive.Processing(), stations, inventory)


@pytest.fixture(scope="session")
def shards(days, maker, tmp_path_factory):
    """91 windows in five shards; do not change them."""
    return archive.build_shards(days, maker, tmp_path_factory.mktemp("shards"), archive.Sharding(shard_size=30))


@pytest.fixture
def spoilable(shards, tmp_path):
    """A copy of the shards that a test may spoil."""
    return shutil.copytree(shards.store.url, tmp_path / "copy")


@pytest.fixture(scope="session")
def s3():
    """Address of an S3 server."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture(scope="session")
def boto(s3):
    import boto3

    return boto3.client("s3", endpoint_url=s3, region_name="us-west-2", aws_access_key_id="x",
                        aws_secret_access_key="x")


@pytest.fixture(scope="session")
def bucket(s3, boto, folder):
    """The archive as the public bucket scedc-pds."""
    _make(boto, "scedc-pds")
    for file in sorted(folder.rglob("*.ms")):
        boto.put_object(Bucket="scedc-pds", Key=file.relative_to(folder).as_posix(), Body=file.read_bytes(),
                        ACL="public-read")
    return "scedc-pds"


@pytest.fixture(scope="session")
def private(boto):
    """An empty bucket that is not public."""
    _make(boto, "private")
    return "private"


def _make(boto, name):
    boto.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})


@pytest.fixture
def signed(s3):
    """Open a bucket with credentials."""
    def opened(name, **options):
        return archive.open_store(f"s3://{name}", endpoint_url=s3, access_key_id="x", secret_access_key="x", **options)
    return opened


@pytest.fixture(scope="module")
def road(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUAKEBOOK_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield pages.travel("smoke", 42)
