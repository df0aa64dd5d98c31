"""Keys of public archives, written out by hand."""

from datetime import date

import pytest

from quakebook.data.archive import StoreError
from quakebook.data.archive.objects.layouts import LAYOUTS, Identity, layout_named, layout_of

KEYS = {
    "scedc": ("continuous_waveforms/2022/2022_002/CIGMR__LHN___2022002.ms", Identity("CI", "GMR", "", "LHN", 2022, 2)),
    "ncedc": ("BK/2023/2023.060/CMB.BK.HHZ.00.D.2023.060", Identity("BK", "CMB", "00", "HHZ", 2023, 60)),
    "earthscope": ("miniseed/UW/2023/060/RATT.UW.2023.060", Identity("UW", "RATT", None, None, 2023, 60)),
    "earthscope-restricted": ("miniseed/XX/2023/060/ABC.XX.2023.060#2", Identity("XX", "ABC", None, None, 2023, 60)),
    "geonet": ("2023/2023.100/WEL.NZ/2023.100.WEL.10-HHZ.NZ.D", Identity("NZ", "WEL", "10", "HHZ", 2023, 100)),
    "generic": ("anything/at all.mseed", Identity()),
}


@pytest.mark.parametrize("name", KEYS)
def test_what_a_key_says(name):
    key, identity = KEYS[name]
    assert LAYOUTS[name].identify(key) == identity
    others = [other for other in LAYOUTS if other not in (name, "generic") and LAYOUTS[other].identify(key)]
    assert not others


def test_scedc_locations_and_short_names():
    identify = LAYOUTS["scedc"].identify
    assert identify("CIGPA00BHZ00_2023060.ms") == Identity("CI", "GPA00", "00", "BHZ", 2023, 60)
    assert identify("AZPFO__HHE10_2023365.ms").day == date(2023, 12, 31)
    assert identify("CIGMR__LHN___2022002.csv") is None


def test_day_folders():
    days = date(2023, 12, 31), date(2024, 1, 1)
    assert list(LAYOUTS["scedc"].folders(["CI"], *days)) == ["2023/2023_365/", "2024/2024_001/"]
    assert list(LAYOUTS["ncedc"].folders(["BK", "NC"], days[1], days[1])) == ["BK/2024/2024.001/", "NC/2024/2024.001/"]
    assert list(LAYOUTS["earthscope"].folders(["UW"], days[1], days[1])) == ["UW/2024/001/"]
    assert list(LAYOUTS["ncedc"].folders(None, *days)) == [""]
    assert list(LAYOUTS["scedc"].folders(None, None, days[1])) == [""]


def test_recognising_a_layout():
    assert layout_of("s3://ncedc-pds", []).name == "ncedc"
    assert layout_of("s3://mine", [KEYS["geonet"][0]]).name == "geonet"
    assert layout_of("/disk", ["README.txt", KEYS["scedc"][0], KEYS["scedc"][0]]).name == "scedc"
    assert layout_of("/disk", ["a.mseed", "b.txt"]).name == "generic"
    assert layout_of("/disk", []).name == "generic"
    with pytest.raises(StoreError, match="unknown layout 'sds'; known: scedc"):
        layout_named("sds")
