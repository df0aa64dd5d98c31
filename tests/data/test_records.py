"""Properties of finished records: determinism, onsets, amplitudes, faults, picks."""

import dataclasses

import numpy as np
import pytest
import torch

from quakebook.data import DataError, synthetic
from quakebook.data.records import Records, pick_columns
from quakebook.data.synthetic import generate
from quakebook.data.synthetic.draw import draw
from quakebook.data.synthetic.grid import SAMPLING_RATE_HZ
from quakebook.data.synthetic.presets import NO_FAULTS, PRESETS, get
from quakebook.data.synthetic.waveforms import Rows, bench, displacement, record


def column(records, name):
    return records.metadata[name].to_numpy(float)


def test_same_seed_same_records_whatever_the_number(tiny):
    options = {"gap": 0.1, "dead_component": 0.1, "spikes": 0.1, "step": 0.1, "drift": 0.1, "second_event": 0.3}
    few = synthetic.make("tiny", 17, seed=3, **options)
    assert torch.equal(few.waveforms, tiny.waveforms[:17])
    assert few.metadata.equals(tiny.metadata.iloc[:17])
    assert not torch.equal(synthetic.make("tiny", 17, seed=4, **options).waveforms, few.waveforms)


def test_same_records_whatever_the_batch(monkeypatch):
    """Several blocks at once, as on a GPU, give the records of one block at a time."""
    preset = get("picker")
    one = [counts for counts, _ in zip(generate._finished(preset, 9, "cpu"), range(2), strict=False)]
    blocks = [draw(preset, 9, k) for k in range(2)]
    batch = generate.synthesise(blocks, 9, "cpu")
    counts, table = generate._collect(blocks, batch, preset, 9)
    assert torch.equal(counts, torch.cat([part for part, _ in one]))
    assert np.array_equal(table["p_pick_s"], np.concatenate([t["p_pick_s"] for _, t in one]), equal_nan=True)


def test_result_does_not_depend_on_the_chunk_of_rows(monkeypatch, picker):
    from quakebook.data.synthetic import synthesise as batch

    monkeypatch.setattr(batch, "CPU_ROWS", 50)
    assert torch.equal(synthetic.make("picker", 60, seed=5).waveforms, picker.waveforms[:60])


def test_presets_that_differ_in_picks_share_their_waveforms(picker):
    exact = synthetic.make("picker_exact", 100, seed=5)
    assert torch.equal(exact.waveforms, picker.waveforms[:100])
    assert np.array_equal(column(exact, "trace_s_arrival_sample"), column(exact, "trace_s_true_onset_sample"), True)
    event = exact.metadata["trace_category"] == "earthquake_local"
    assert exact.metadata.loc[event, "trace_s_arrival_sample"].notna().all()


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "continuous"])
def test_records_are_sound(preset):
    records = synthetic.make(preset, 60, seed=1)
    x = records.waveforms
    assert x.shape == (60, 3, 6000) and x.dtype == torch.float32 and bool(torch.isfinite(x).all())
    assert x.abs().max() <= 2**23 - 1 and torch.equal(x, x.round())
    table = records.metadata
    noise = table["trace_category"] == "noise"
    assert table.loc[noise, ["trace_p_arrival_sample", "trace_s_arrival_sample", "source_magnitude"]].isna().all().all()
    assert (table.loc[~noise, "trace_snr_db"] >= 3).all()
    assert table["trace_name"].is_unique
    assert (table.dropna(subset=["source_id"]).groupby("source_id")["split"].nunique() == 1).all()
    seconds = column(records, "trace_p_true_onset_sample")[~noise] / SAMPLING_RATE_HZ
    assert seconds.min() >= 4 and seconds.max() <= 20
    assert np.nanmax(column(records, "trace_s_true_onset_sample")) <= 5700


def test_first_motion_stands_at_the_onset():
    """First sample above 10 % of the early peak of the noise-free vertical within -4 to +6 samples for 95 %."""
    block = draw(get("default", stations_per_event=1, second_event=0.0), 11, 0)
    b, n = bench(7500, "cpu"), block.n_signal
    white = torch.randn(n, 3, 7500, generator=torch.Generator().manual_seed(0))
    sensor = torch.as_tensor(block.recording["sensor"][:n])
    x = torch.fft.irfft(record(b, displacement(b.grid, Rows(block.signal, "cpu"), white), sensor, torch.ones(n)),
                        n=7500)[:, 0]
    lag = []
    for trace, onset in zip(x, block.signal["p_s"] * SAMPLING_RATE_HZ, strict=True):
        first = int(onset)
        peak = trace[first : first + 50].abs().max()
        above = trace[first - 20 : first + 100].abs() > 0.1 * peak
        lag.append(int(above.int().argmax()) - 20 - (onset - first))
    lag = np.array(lag)
    assert np.mean((lag >= -4) & (lag <= 6)) >= 0.95
    assert np.median(lag) == pytest.approx(1.7, abs=1.0)


def test_s_exceeds_p():
    """Medians of log10 of S over P standard deviation: N 0.4 to 0.7, Z 0.1 to 0.35."""
    records = synthetic.make("default", 400, seed=6, noise_fraction=0.0, second_event=0.0, cultural_burst=0.0,
                             snr_min_db=10.0, **NO_FAULTS)
    p, s = (column(records, f"trace_{k}_true_onset_sample").round().astype(int) for k in "ps")
    far, x = np.flatnonzero(s - p > 150), records.waveforms.numpy()
    ratio = np.array([np.log10(x[k, :2, s[k] : s[k] + 150].std(-1) / x[k, :2, p[k] : p[k] + 150].std(-1)) for k in far])
    z, n = np.median(ratio, axis=0)
    assert 0.4 < n < 0.7 and 0.1 < z < 0.35


def test_splits_keep_their_shares_and_do_not_move(picker):
    share = picker.metadata["split"].value_counts(normalize=True)
    assert share["train"] == pytest.approx(0.6, abs=0.07) and share["test"] == pytest.approx(0.3, abs=0.07)
    longer = synthetic.make("picker", 600, seed=5)
    assert longer.metadata["split"].iloc[:500].equals(picker.metadata["split"])


def test_stations_are_split_as_a_whole(picker):
    by_station = picker.metadata.groupby("station_code")["split_station"]
    assert (by_station.nunique() == 1).all() and set(by_station.first()) == {"train", "dev", "test"}


def test_second_events_have_their_own_picks_and_magnitude(tiny):
    table = tiny.metadata
    second = table["trace_P1_arrival_sample"].notna()
    assert second.sum() > 10
    delay = (table["trace_P1_arrival_sample"] - table["trace_s_true_onset_sample"])[second] / SAMPLING_RATE_HZ
    assert delay.min() > 2 and delay.max() < 26
    assert (table.loc[second, "source_magnitude_type2"] == "ML").all()
    assert tiny.picks("P").shape == (240, 2) and tiny.picks("S").shape == (240, 2)


def test_faults_are_there_and_said(tiny):
    table, x = tiny.metadata, tiny.waveforms
    dead = (x == 0).all(-1).any(1).numpy()
    assert dead.any() and (table.loc[dead, "trace_completeness"] < 0.7).all()
    gap = (table["trace_completeness"] * 3 % 1 > 0.001).to_numpy() & ~dead
    rows = list(np.flatnonzero(gap))
    assert rows and all(bool((x[k] == 0).all(0).any()) for k in rows)
    assert table["trace_has_spikes"].any()
    quiet = synthetic.make("tiny", 100, seed=3, **NO_FAULTS)
    assert (quiet.metadata["trace_completeness"] == 1).all() and not quiet.metadata["trace_has_spikes"].any()


def test_gaps_keep_away_from_onsets(tiny):
    for k in np.flatnonzero(tiny.metadata["trace_completeness"].to_numpy() < 1):
        live = [c for c in range(3) if bool((tiny.waveforms[k, c] != 0).any())]
        onset = tiny.metadata["trace_p_true_onset_sample"].iloc[k]
        if live and np.isfinite(onset):
            near = tiny.waveforms[k, live, int(onset) - 40 : int(onset) + 40]
            assert bool((near != 0).any())


def test_old_digitisers_clip_at_twelve_bits():
    records = synthetic.make("default", 60, seed=1, old_digitiser_stations=1.0, noise_fraction=0.0)
    assert records.waveforms.abs().max() == 2047 and records.metadata["trace_clipped"].any()


def test_picks_finds_all_columns_of_a_phase(picker):
    names = ("Pn", "PS", "sg", "X")
    table = picker.metadata.assign(**{f"trace_{name}_arrival_sample": 1.0 for name in names})
    assert pick_columns(table.columns, "P")[-2:] == ["trace_Pn_arrival_sample", "trace_PS_arrival_sample"]
    assert pick_columns(table.columns, "S")[-1] == "trace_sg_arrival_sample"
    records = dataclasses.replace(picker, metadata=table)
    assert records.picks("S").shape[1] == 3 and records.picks("S").dtype == torch.float32
    with pytest.raises(DataError, match="phase must be"):
        records.picks("Q")


def test_subset_split_and_device(picker):
    mask = (picker.metadata["split"] == "dev").to_numpy()
    assert torch.equal(picker.split("dev").waveforms, picker.waveforms[torch.tensor(mask)])
    assert picker.subset([3, 1]).metadata["trace_name"].tolist() == picker.metadata["trace_name"].iloc[[3, 1]].tolist()
    assert len({picker.fingerprint, picker.split("dev").fingerprint, picker.subset([1]).fingerprint}) == 3
    assert len(picker.to("cpu")) == len(picker)
    with pytest.raises(DataError, match="no split 'validation'; it has dev, test, train"):
        picker.split("validation")


def test_records_check_their_shape(picker):
    with pytest.raises(DataError, match=r"shape \(n, 3, samples\); found \(500, 6000\)"):
        Records(picker.waveforms[:, 0], picker.metadata, 100.0, "here", "")
    with pytest.raises(DataError, match="10 waveforms but 500 rows"):
        Records(picker.waveforms[:10], picker.metadata, 100.0, "here", "")


@pytest.mark.parametrize(("arguments", "message"), [
    (("pikcer", 5, 1), "unknown preset 'pikcer'.*did you mean 'picker'"),
    (("picker", 0, 1), "`n` must be a positive"),
    (("picker", 5, -1), "`seed` must be"),
])
def test_wrong_arguments(arguments, message):
    with pytest.raises(DataError, match=message):
        synthetic.make(*arguments)


def test_wrong_settings():
    with pytest.raises(DataError, match="unknown setting emergance.*known: .*emergence"):
        synthetic.make("picker", 5, 1, emergance="strong")
    with pytest.raises(DataError, match="`emergence` must be one of default, emergent, strong"):
        synthetic.make("picker", 5, 1, emergence="weak")
    with pytest.raises(DataError, match="keeps no record"):
        synthetic.make("picker", 5, 1, snr_min_db=500.0, noise_fraction=0.0)


def test_fingerprint_tells_data_apart():
    names = [generate.fingerprint(get("picker"), 10, 1, "cpu"), generate.fingerprint(get("picker"), 11, 1, "cpu"),
             generate.fingerprint(get("picker"), 10, 2, "cpu"), generate.fingerprint(get("tiny"), 10, 1, "cpu"),
             generate.fingerprint(get("picker"), 10, 1, "cuda")]
    assert len(set(names)) == len(names)
