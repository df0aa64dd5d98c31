"""Labels step at the onset; evaluation windows never move; bad data are refused."""

import numpy as np
import pytest
import torch

from quakebook.data import DataError
from quakebook.magnitude.data.example import training_sample
from quakebook.magnitude.data.labels import magnitude_label, onset
from quakebook.magnitude.data.magnitude_types import keep_mask, mix
from quakebook.magnitude.data.tensors import (
    check_labelled,
    check_magnitudes,
    check_sensitivity,
    drop_unlabelled,
    from_records,
)
from quakebook.magnitude.data.windows import anchored_starts, phase_starts

NAN = float("nan")


def test_label_is_zero_then_magnitude_plus_offset():
    first = onset(torch.tensor([[50.0, 20.0], [NAN, 130.0], [NAN, NAN]]), 100)
    assert first.tolist() == [20.0, float("inf"), float("inf")]
    label = magnitude_label(first, torch.tensor([2.5, 3.0, NAN]), 100, offset=1.0)
    assert label.shape == (3, 1, 100)
    assert (label[0, 0, :20] == 0).all() and (label[0, 0, 20:] == 3.5).all()
    assert (label[1:] == 0).all()


def test_picks_beside_the_window_are_no_onsets():
    """A window of 100 samples holds sample 0 and 99.5, not what lies half a sample before it or at 100."""
    picks = torch.tensor([[-0.5, 30.0], [0.0, 40.0], [100.0, 99.5], [NAN, 100.0]])
    assert onset(picks, 100).tolist() == [30.0, 0.0, 99.5, float("inf")]
    assert onset(picks[:, :0], 100).tolist() == [float("inf")] * 4
    label = magnitude_label(torch.tensor([0.0, 99.5]), torch.tensor([2.0, 2.0]), 100)
    assert (label[0] == 2).all() and (label[1] == 0).all()


def test_small_events_are_dropped_not_turned_into_noise(make_records):
    records = make_records()
    records.metadata.loc[0, "source_magnitude"] = -0.5
    data = from_records(records)
    kept, dropped = drop_unlabelled(data, 0.0)
    assert dropped == {"magnitude at or below the label offset": 1} and len(kept) == len(data) - 1
    assert drop_unlabelled(data, 1.0)[1] == {} == drop_unlabelled(data, None)[1]
    assert int((~kept.is_event).sum()) == int((~data.is_event).sum())


@pytest.mark.parametrize("text", ["3,1", "unknown", -999.0, 99.0, None])
def test_events_without_a_usable_magnitude_are_dropped_not_turned_into_noise(make_records, text):
    records = make_records()
    table = records.metadata
    table["source_magnitude"] = table["source_magnitude"].astype(object)
    table.loc[0, "source_magnitude"] = text
    data = from_records(records)
    kept, dropped = drop_unlabelled(data, 0.0)
    assert dropped == {"no usable magnitude": 1} and table["trace_name"][0] not in kept.name
    assert int(kept.is_noise.sum()) == int(data.is_noise.sum()) == len(kept) - int(kept.is_event.sum())


def test_a_set_whose_events_are_all_dropped_names_the_offset(make_records):
    records = make_records()
    records.metadata["source_magnitude"] = records.metadata["source_magnitude"] - 20.0
    records.metadata.loc[records.metadata["source_magnitude"].notna(), "source_magnitude"] = -0.5
    kept, dropped = drop_unlabelled(from_records(records), 0.0)
    with pytest.raises(DataError, match="label_offset=1"):
        check_labelled(kept, dropped, "mydata, split train,")


def test_p_stands_at_five_seconds():
    p, s = torch.tensor([[1200.0], [NAN], [NAN]]), torch.tensor([[1500.0], [900.0], [NAN]])
    assert anchored_starts(p, s).tolist() == [700, 400, 0]


def test_phase_windows_depend_on_the_name_only(splits):
    data = splits.test
    start = phase_starts(data.name, data.picks_p, data.picks_s, data.npts, 3001)
    order = torch.randperm(len(data), generator=torch.Generator().manual_seed(0))
    shuffled = data.subset(order)
    again = phase_starts(shuffled.name, shuffled.picks_p, shuffled.picks_s, data.npts, 3001)
    assert torch.equal(start[order], again)
    inside = (data.picks_p[:, 0] - start)[data.is_event]
    assert ((inside >= 0) & (inside < 3001)).all()
    assert (start >= 0).all() and (start <= data.npts - 3001).all()


def test_sample_of_the_tutorial(splits):
    for row in (0, 1, 2):
        found = training_sample(splits.train, row, offset=1.0)
        assert found["phases"].sum(0) == pytest.approx(np.ones(3001), abs=1e-5)
        for picks, curve in zip((found["picks_p"], found["picks_s"]), found["phases"], strict=False):
            if 0 <= picks[0] < 3001:
                assert abs(int(curve.argmax()) - picks[0]) <= 1
        earliest = min(pick for pick in (found["picks_p"][0], found["picks_s"][0]) if pick >= 0)
        step = int(np.flatnonzero(found["magnitude"])[0])
        assert abs(step - earliest) < 1
        assert found["magnitude"].max() == pytest.approx(float(splits.train.magnitude[row]) + 1.0, rel=1e-6)


def test_missing_magnitudes_and_gains_are_named(make_records):
    data = from_records(make_records(source_magnitude=NAN))
    with pytest.raises(DataError, match="mydata has no magnitudes .*source_magnitude.*train_phase"):
        check_magnitudes(data, "mydata")
    gainless = from_records(make_records(station_sensitivity_counts_spm=NAN))
    with pytest.raises(DataError, match="physical.*lacks it for 48 of 48.*counts"):
        check_sensitivity(gainless, "physical", "mydata")
    check_sensitivity(gainless, "counts", "mydata")


def test_mixed_magnitude_types_are_refused_and_chosen(make_records):
    types = np.resize(["ML", "Mw", "MLh"], 48)
    frame = make_records(source_magnitude_type=types).metadata
    assert sum(mix(frame).values()) == frame["source_magnitude"].notna().sum()
    with pytest.raises(DataError, match="mixes magnitude types .*magnitude_types=all"):
        keep_mask(frame, "", "mydata")
    kept = keep_mask(frame, "ML,MLh", "mydata")
    assert set(frame[kept & frame.source_magnitude.notna()].source_magnitude_type) == {"ML", "MLh"}
    assert keep_mask(frame, "all", "mydata").all()
    with pytest.raises(DataError, match="no magnitude of type mb; it has"):
        keep_mask(frame, "mb", "mydata")
    local = make_records(source_magnitude_type=np.resize(["ML", "MLh"], 48)).metadata
    assert keep_mask(local, "", "mydata").all()


def test_blanks_round_a_magnitude_type_are_no_other_type(make_records):
    frame = make_records(source_magnitude_type=np.resize(["ML", "ML ", " ml", "  "], 48)).metadata
    held = frame["source_magnitude"].notna()
    counts = frame[held]["source_magnitude_type"].value_counts()
    assert mix(frame) == {"ML": counts["ML"] + counts["ML "], "ml": counts[" ml"], "unknown": counts["  "]}
    kept = keep_mask(frame, "ml", "mydata") & held
    assert kept.sum() == counts["ML"] + counts["ML "] + counts[" ml"]


def test_splits_hold_every_record(records, make_splits):
    found = make_splits(records)
    assert len(found.train) + len(found.dev) + len(found.test) == len(records)
