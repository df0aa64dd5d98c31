"""Records of a split: how many, of which seed, from where."""

import pytest

from quakebook.bluedisc.data import splits
from quakebook.bluedisc.settings import DataConfig
from quakebook.data.errors import DataError


@pytest.fixture
def asked(monkeypatch):
    from quakebook import data
    from quakebook.data import synthetic

    seen = []
    monkeypatch.setattr(synthetic, "make", lambda *words, **more: seen.append((*words, more)) or "made")
    monkeypatch.setattr(data, "load_records", lambda *words, **more: seen.append((*words, more)) or "read")
    return seen


SYNTHETIC = DataConfig(records=12, dev_records=7, seed=5)


@pytest.mark.parametrize(("split", "limit", "count", "seed"), [
    ("train", None, 12, 5), ("dev", None, 7, 1_000_008), ("test", None, 7, 2_000_008), ("track", None, 7, 1_000_008),
    ("train", 3, 3, 5), ("dev", 9, 7, 1_000_008)])
def test_each_synthetic_split_has_a_seed_of_its_own(asked, split, limit, count, seed):
    assert splits.load(SYNTHETIC, split, limit=limit) == "made"
    assert asked == [("picker", count, seed, {"device": "cpu"})]


@pytest.mark.parametrize(("records", "limit", "want"), [(0, None, None), (0, 4, 4), (9, 4, 4), (3, 4, 3)])
def test_a_data_set_is_read_whole_unless_told(asked, records, limit, want):
    found = DataConfig(name="InstanceCounts", records=records, seed=2)
    assert splits.load(found, "train", limit=limit) == "read"
    assert asked == [("InstanceCounts", {"split": "train", "limit": want, "require": ("P", "S"), "seed": 2})]


def test_wrong_splits_and_synthetic_names_with_counts_are_refused():
    with pytest.raises(DataError, match="unknown split 'val'; known: train, dev, test, track"):
        splits.load(SYNTHETIC, "val")
    with pytest.raises(DataError, match="here a synthetic data set is synthetic:PRESET"):
        splits.preset_of("synthetic:picker:100")


def test_identity_of_synthetic_records_is_their_recipe():
    assert splits.fingerprint(SYNTHETIC, {}) == "synthetic:picker:12+7:5"
