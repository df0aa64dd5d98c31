"""The manifest of the synthetic archive: complete, exact, resumable, incremental."""

import shutil
from datetime import date

import obspy
import pandas as pd
import pytest

from quakebook.data.archive import StoreError, Wish, build_manifest, open_store, read_manifest
from quakebook.data.archive.stores.local import LocalStore


class Counting(LocalStore):
    """A folder that counts reads and can fail after some."""

    def __init__(self, folder, fail_after=10**9):
        super().__init__(folder)
        self.keys, self.fail_after = [], fail_after

    def read(self, key, start=0, stop=None):
        if len(self.keys) >= self.fail_after:
            raise StoreError(f"{key}: the network is gone")
        self.keys.append(key)
        return super().read(key, start, stop)


def test_every_channel_day_with_exact_times(folder, manifest):
    files = sorted(folder.rglob("*.ms"))
    assert len(manifest) == len(files) == 20
    for row in manifest.itertuples():
        stream = obspy.read(str(folder / row.key))
        assert min(trace.stats.starttime.ns for trace in stream) == row.start_time.value
        assert max(trace.stats.endtime.ns for trace in stream) == row.end_time.value
        assert stream[0].id == f"{row.network}.{row.station}.{row.location}.{row.channel}"
        assert (row.year, row.doy) == (2023, row.start_time.day_of_year)
    assert set(manifest["layout"]) == {"scedc"}


def test_a_gap_shows_in_the_span_not_in_the_times(manifest, folder):
    row = manifest[(manifest["station"] == "GPA00") & (manifest["doy"] == 61)].iloc[0]
    samples = sum(trace.stats.npts for trace in obspy.read(str(folder / row["key"])))
    assert row["npts"] - samples == 400


def test_only_ranges_are_read(folder, tmp_path):
    store = Counting(folder)
    build_manifest(store, tmp_path / "m.parquet", Wish(prefix="continuous_waveforms/"))
    assert len(store.keys) == 2 * 20


def test_incremental(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    late = sorted(copy.rglob("*2023061.ms"))
    kept = [(file, file.read_bytes()) for file in late]
    for file in late:
        file.unlink()
    first = build_manifest(Counting(copy), tmp_path / "m.parquet")
    for file, content in kept:
        file.write_bytes(content)
    store = Counting(copy)
    second = build_manifest(store, tmp_path / "m.parquet")
    assert (first.objects, second.objects, second.reused) == (20 - len(late), 20, first.objects)
    assert len(store.keys) == 2 * len(late)
    build_manifest(store, tmp_path / "m.parquet")
    assert len(store.keys) == 2 * len(late)


def test_a_stopped_listing_goes_on(folder, tmp_path, monkeypatch, manifest):
    monkeypatch.setattr("quakebook.data.archive.objects.manifest.PART_OBJECTS", 4)
    with pytest.raises(StoreError, match="the network is gone"):
        build_manifest(Counting(folder, fail_after=20), tmp_path / "m.parquet", workers=1)
    assert not (tmp_path / "m.parquet").exists()
    store = Counting(folder)
    listing = build_manifest(store, tmp_path / "m.parquet")
    assert listing.reused == 8 and len(store.keys) == 2 * 12
    pd.testing.assert_frame_equal(read_manifest(tmp_path / "m.parquet"), manifest)
    assert [path.name for path in tmp_path.iterdir()] == ["m.parquet"]


@pytest.mark.parametrize(("wish", "rows"), [
    (Wish(networks=["CI"]), 12), (Wish(networks=["A?", "HV"]), 8), (Wish(channels=["BH?"]), 6),
    (Wish(first=date(2023, 3, 2)), 9), (Wish(last=date(2023, 3, 1), stations=["GPA00"]), 3),
    (Wish(prefix="continuous_waveforms/", first=date(2023, 3, 2), last=date(2023, 3, 2)), 9),
    (Wish(stations=["GPA00"], max_files_per_station=2), 2), (Wish(layout="generic", networks=["CI"]), 12)])
def test_wishes(folder, tmp_path, wish, rows):
    assert build_manifest(open_store(folder), tmp_path / "m.parquet", wish).rows == rows


def test_the_box_needs_places(folder, tmp_path, stations):
    inside = Wish(box_deg=(34.4, 35.0, -119.0, -118.0), places=stations.table)
    build_manifest(open_store(folder), tmp_path / "m.parquet", inside)
    assert set(read_manifest(tmp_path / "m.parquet")["station"]) == {"GPA00"}


def test_nothing_matches(folder, tmp_path):
    with pytest.raises(StoreError, match="nothing matches .*networks XX.* No manifest was written"):
        build_manifest(open_store(folder), tmp_path / "m.parquet", Wish(networks=["XX"]))
    assert list(tmp_path.iterdir()) == []


def test_damaged_objects_are_left_out_and_named(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    files = sorted(copy.rglob("*.ms"))
    files[0].write_bytes(files[0].read_bytes()[:-100])
    files[1].write_bytes(b"")
    files[2].write_bytes(b"<html>404</html>" * 100)
    listing = build_manifest(open_store(copy), tmp_path / "m.parquet")
    assert listing.rows == 17 and len(listing.problems) == 3
    for file, words in zip(files, ("is cut off", "is empty", "no miniSEED"), strict=False):
        assert any(file.name in line and words in line for line in listing.problems)


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_other_formats_hold_the_same(folder, tmp_path, kind, manifest):
    build_manifest(open_store(folder), tmp_path / f"m.{kind}", kind=kind)
    again = read_manifest(tmp_path / f"m.{kind}")
    for column in ("key", "location", "channel", "start_time", "end_time", "npts"):
        assert again[column].tolist() == manifest[column].tolist()


def test_s3_gives_what_the_folder_gives(s3, bucket, tmp_path, manifest):
    store = open_store(f"s3://{bucket}", endpoint_url=s3)
    build_manifest(store, tmp_path / "m.parquet", Wish(prefix="continuous_waveforms/", first=date(2023, 3, 1),
                                                       last=date(2023, 3, 2)))
    found = read_manifest(tmp_path / "m.parquet")
    columns = [name for name in manifest if name not in ("bucket", "etag")]
    pd.testing.assert_frame_equal(found[columns], manifest[columns])


def test_station_days_with_all_channels_in_one_object(folder, tmp_path, boto, private, signed, manifest):
    files = sorted(folder.rglob("CIGPA00*2023060.ms"))
    key = "miniseed/CI/2023/060/GPA00.CI.2023.060#2"
    boto.put_object(Bucket=private, Key=key, Body=b"".join(file.read_bytes() for file in files))
    build_manifest(signed(private), tmp_path / "m.parquet", Wish(prefix="miniseed/", networks=["CI"],
                                                                 first=date(2023, 3, 1), last=date(2023, 3, 1)))
    found = read_manifest(tmp_path / "m.parquet")
    assert found["layout"].tolist() == ["earthscope-restricted"] * 3 and set(found["key"]) == {key}
    one = manifest[(manifest["station"] == "GPA00") & (manifest["doy"] == 60)]
    for column in ("channel", "start_time", "end_time", "npts"):
        assert found[column].tolist() == one[column].tolist()


def test_a_damaged_manifest_is_refused(tmp_path):
    (tmp_path / "m.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(StoreError.__mro__[1], match="not a readable table"):
        read_manifest(tmp_path / "m.parquet")
    pd.DataFrame({"key": ["a"]}).to_parquet(tmp_path / "m.parquet")
    with pytest.raises(ValueError, match="lacks the columns bucket"):
        read_manifest(tmp_path / "m.parquet")


def test_where_nothing_is_whole_the_first_damage_is_named(tmp_path):
    for name in ("a.ms", "b.ms"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(StoreError, match=r"; 2 objects are no whole miniSEED, first: .*a\.ms is empty\. No manifest"):
        build_manifest(open_store(tmp_path), tmp_path / "m.parquet")
