"""A finished run is found, and a table refused, before any waveform is read or made."""

import gc
import weakref

import numpy as np
import pytest

from quakebook.data import DataError, loading, store, synthetic
from quakebook.magnitude import settings
from quakebook.magnitude.api import train
from quakebook.magnitude.data import splits as module
from quakebook.magnitude.data.tensors import drop_unlabelled

SHORT = ("network.type=phasenet_mag", "data.batch_size=4", "training.steps=2", "training.validate_every=1")


@pytest.fixture
def refuse(monkeypatch):
    """From here on reading or making a waveform fails."""
    def block():
        def fail(*args, **kwargs):
            pytest.fail("waveforms were read")

        monkeypatch.setattr(loading, "_blocks", fail)
        monkeypatch.setattr(synthetic, "make", fail)
        module._splits.cache_clear()

    module._splits.cache_clear()
    yield block
    module._splits.cache_clear()


def on_disk(records, folder, *more):
    """A configuration of the records, written as a SeisBench folder."""
    return settings.config(f"data.name={store.write(records, folder)}", *SHORT, *more, preset="smoke")


def test_the_outline_is_the_splits_without_waveforms(make_records, tmp_path):
    data = on_disk(make_records(24), tmp_path / "set").data
    whole, outline = module.load_splits(data), module.outline(data)
    assert outline.fingerprint == whole.fingerprint == module.fingerprint(data) and outline.label == whole.label
    for name in module.SPLITS:
        told, read = getattr(outline, name), getattr(whole, name)
        assert len(told) == len(read) and told.npts == 0 and read.npts == 6000
        assert told.picks_p.equal(read.picks_p) or told.picks_p.isnan().equal(read.picks_p.isnan())
        assert told.is_event.equal(read.is_event) and (told.event == read.event).all()


def test_the_waveforms_of_a_set_are_kept_once(make_records, tmp_path, monkeypatch):
    """Splits are copies; what they were copied from is given back, and a split that is kept whole is no copy."""
    read, own = [], module.from_records
    monkeypatch.setattr(module, "from_records", lambda records: read.append(
        weakref.ref(records.waveforms)) or own(records))
    splits = module.load_splits(on_disk(make_records(24), tmp_path / "set").data)
    gc.collect()
    assert len(read) == 1 and read[0]() is None
    whole, dropped = drop_unlabelled(splits.train, 0.0)
    assert whole.waveforms is splits.train.waveforms and dropped == {}


@pytest.mark.parametrize("epochs", [0, 1])
def test_a_finished_run_is_found_by_the_tables(make_records, tmp_path, refuse, epochs):
    config = on_disk(make_records(), tmp_path / "set", f"optimiser.epochs={epochs}")
    run = train(config, root=tmp_path)
    assert settings.config(*SHORT).training.steps == 2 and run.config["training"]["steps"] == (4 if epochs else 2)
    refuse()
    assert train(config, root=tmp_path).id == run.id


def test_a_finished_run_of_synthetic_records_is_found_by_its_settings(tmp_path, refuse):
    config = settings.config(*SHORT, preset="smoke")
    run = train(config, root=tmp_path)
    refuse()
    assert train(config, root=tmp_path).id == run.id
    with pytest.raises(pytest.fail.Exception):
        train(settings.config("data.seed=5", *SHORT, preset="smoke"), root=tmp_path)


@pytest.mark.parametrize(("columns", "more", "message"), [
    ({"source_magnitude": float("nan")}, (), "split train, has no magnitudes"),
    ({"station_sensitivity_counts_spm": float("nan")}, ("network.amplitude=physical",), "amplitude='physical' needs"),
    ({"split": "train"}, (), "no records in the split.s. dev, test"),
    ({"source_magnitude_type": ["ML", "Md"] * 24}, (), "mixes magnitude types")])
def test_tables_are_refused_before_waveforms_are_read(make_records, tmp_path, refuse, columns, more, message):
    config = on_disk(make_records(**columns), tmp_path / "set", *more)
    refuse()
    with pytest.raises(DataError, match=message):
        train(config, root=tmp_path)
    assert not list(tmp_path.glob("magnitude/*"))


def test_a_split_of_another_name_is_told(make_records, tmp_path):
    config = on_disk(make_records(split=np.resize(["Train", "validation", "test"], 48)), tmp_path / "set")
    with pytest.raises(DataError, match=r"split\(s\) train, dev; its column split holds .*validation 16"):
        module.outline(config.data)


def test_magnitudes_that_are_none_are_told(make_records, tmp_path, caplog):
    records = make_records()
    values = records.metadata["source_magnitude"].astype(object)
    values[[1, 4]] = "3,1"
    values[[2, 5, 6]] = [-999.0, np.inf, 99.0]
    records.metadata["source_magnitude"] = values
    module.outline(on_disk(records, tmp_path / "set").data)
    told = [text.partition(": ")[2] for text in caplog.messages]
    end = "such rows); they count as no magnitude"
    assert told == [f"source_magnitude holds text that is no number: 3,1 in row 1 (2 {end}",
                    f"source_magnitude holds values outside -5 to 10: -999.0 in row 2 (3 {end}"]


def test_accelerometers_are_left_out_unless_asked_for(make_records, tmp_path):
    """The second letter of a SEED channel names the instrument: N is an accelerometer, H a seismometer."""
    channels = ["HH", "HN", "EN", "NH", None, "HNZ"] * 8
    records = make_records(48, trace_channel=channels)
    folder = store.write(records, tmp_path / "set")
    for wanted, count in ((False, 24), (True, 48)):
        data = settings.config(f"data.name={folder}", f"data.accelerometers={wanted}", *SHORT, preset="smoke").data
        kept = module.load_splits(data).metadata
        assert len(kept) == count and ("HN" in set(kept["trace_channel"])) is wanted


def test_accelerometers_left_out_are_counted(make_records, tmp_path, caplog):
    """All rows of a set are ML here but for the last twelve, so that only 16 - 4 accelerometers are the reader's."""
    records = make_records(48, trace_channel=["HH", "HN", "EH"] * 16, source_magnitude_type=["ML"] * 36 + ["Mw"] * 12)
    folder = store.write(records, tmp_path / "set")
    module.outline(settings.config(f"data.name={folder}", "data.magnitude_types=ML", *SHORT, preset="smoke").data)
    (told,) = [text for text in caplog.messages if "accelerometer" in text]
    noise = int(records.metadata["source_magnitude"][36:].iloc[1::3].isna().sum())
    assert f": {12 + noise} records of accelerometers are left out" in told and "data.accelerometers=true" in told
    caplog.clear()
    module.outline(settings.config(f"data.name={folder}", "data.magnitude_types=ML", "data.accelerometers=true", *SHORT,
                                   preset="smoke").data)
    assert caplog.messages == []


def test_a_set_of_accelerometers_alone_is_refused(make_records, tmp_path):
    folder = store.write(make_records(24, trace_channel="HN"), tmp_path / "set")
    data = settings.config(f"data.name={folder}", *SHORT, preset="smoke").data
    with pytest.raises(DataError, match=r"records of accelerometers only \(24\); data.accelerometers=true"):
        module.load_splits(data)


def test_how_many_synthetic_records_are_made():
    data = settings.config(*SHORT).data
    assert module._recipe(data) == ("magnitude", 50_000, 1)
    assert module._recipe(settings.config("data.records=7", "data.seed=3", *SHORT).data) == ("magnitude", 7, 3)


def test_at_most_so_many_records_of_a_real_set(make_records, tmp_path):
    folder = store.write(make_records(48), tmp_path / "set")
    for wanted, count in ((0, 48), (30, 30), (99, 48)):
        data = settings.config(f"data.name={folder}", *SHORT, f"data.records={wanted}").data
        assert len(module.load_splits(data).metadata) == len(module.outline(data).metadata) == count
