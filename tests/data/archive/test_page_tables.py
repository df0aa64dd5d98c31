"""Tables of the page."""

import pandas as pd

from quakebook.data.archive import page_tables, pages


def test_every_window_is_kept_or_counted(road):
    table = page_tables.summary(road).set_index("step")["result"]
    assert int(table["windows tried"]) == len(road.shards) + road.shards.rejected["count"].sum()
    assert int(table["windows kept"]) == sum(pages.kept(road).values()) == len(road.shards)
    assert table["objects listed"].startswith("20, ")


def test_the_list_s_first_rows(road):
    table = page_tables.listing(road, 2)
    assert list(table) == ["file", "start", "end", "Hz", "samples", "bytes"] and len(table) == 2
    first = road.manifest.iloc[0]
    assert table.iloc[0]["file"] == first["key"] and table.iloc[0]["bytes"].replace(",", "") == str(first["size_bytes"])
    assert pd.Timestamp(table.iloc[0]["start"], tz="UTC") == first["start_time"].floor("s")
    seconds = (pd.Timestamp(table.iloc[0]["end"]) - pd.Timestamp(table.iloc[0]["start"])).total_seconds()
    samples = int(table.iloc[0]["samples"].replace(",", ""))
    assert abs(seconds * float(table.iloc[0]["Hz"]) - samples) <= float(table.iloc[0]["Hz"])


def test_throughput(road):
    table = page_tables.throughput(road, seconds=0.05)
    assert (table["windows a second"] > 0).all() and table["times miniSEED"].iloc[0] == 1


def test_speeds_are_printed_without_powers_of_ten():
    table = pd.DataFrame({"source": ["miniSEED", "shards"], "windows a second": [652.37, 10643.2],
                          "times miniSEED": [1.0, 16.314]})
    assert page_tables.as_text(table).to_numpy().tolist() == [["miniSEED", "652", "1"], ["shards", "10,643", "16.3"]]
