"""Label width, amplitude scaling, jitter, rates and records by hand."""

import math

import numpy as np
import pytest
import torch

from quakebook.data import load_records, store
from quakebook.data.records import Records
from quakebook.magnitude.data.amplitude import cosine_taper, log_amplitude, prepare
from quakebook.magnitude.data.batches import Task, targets
from quakebook.magnitude.data.tensors import from_records
from quakebook.magnitude.data.windows import anchored_starts, jittered_starts


def test_width_of_the_phase_labels(make_records):
    """sigma 30 samples: exp(-1/2) one sigma from the pick."""
    data = from_records(make_records(4, trace_p_arrival_sample=1000.0, trace_s_arrival_sample=1600.0))
    label = targets(Task("phase", True, 3001, "PSN"), data, torch.tensor([0]), torch.tensor([0]))[0]
    assert label[0, 1000].item() == pytest.approx(1.0, abs=1e-6)
    assert label[0, [970, 1030]].tolist() == pytest.approx([math.exp(-0.5)] * 2, abs=1e-6)
    assert label[1, 1600 + 60].item() == pytest.approx(math.exp(-2.0), abs=1e-6)
    assert label.sum(0).tolist() == pytest.approx([1.0] * 3001, abs=1e-5)


def test_height_and_place_of_the_magnitude_label(make_records):
    data = from_records(make_records(4, trace_p_arrival_sample=1000.0, trace_s_arrival_sample=1600.0,
                                     source_magnitude=2.5))
    label = targets(Task("magnitude", True, 3000, "PS", 1.0), data, torch.tensor([0]), torch.tensor([400]))[0, 0]
    assert label[599] == 0 and label[600] == 3.5 and label[-1] == 3.5
    only_s = targets(Task("magnitude", True, 3000, "S", 0.0), data, torch.tensor([0]), torch.tensor([400]))[0, 0]
    assert only_s[1199] == 0 and only_s[1200] == 2.5


def test_amplitude_of_a_square_wave():
    """+-1000 counts have a standard deviation of 1000: log10 is 3, so (3 - 3) / 2 = 0; a tenth of it gives -0.5."""
    wave = torch.tensor([1000.0, -1000.0]).repeat(1, 3, 1500)
    assert log_amplitude(wave, "counts").item() == pytest.approx(0.0, abs=1e-4)
    assert log_amplitude(wave / 10, "counts").item() == pytest.approx(-0.5, abs=1e-4)
    wave[:, 1:] /= 100  # the largest component counts
    assert log_amplitude(wave, "counts").item() == pytest.approx(0.0, abs=1e-4)
    assert log_amplitude(wave, "physical", torch.tensor([1e9])).item() == pytest.approx(0.0, abs=1e-4)
    assert log_amplitude(wave, "physical", torch.tensor([1e12])).item() == pytest.approx(
        (math.log10(1.001e-9) + 6) / 1.5, abs=1e-4)
    assert log_amplitude(torch.zeros(1, 3, 10), "counts").item() == pytest.approx(-3.0)


def test_scaling_by_numpy():
    waves = torch.randn(4, 3, 500, dtype=torch.float64) * 50 + 7
    plain = waves.numpy() - waves.numpy().mean(-1, keepdims=True)
    assert np.allclose(prepare(waves, "std"), plain / plain.std(-1, ddof=1, keepdims=True))
    assert np.allclose(prepare(waves, "peak"), plain / np.abs(plain).max(-1, keepdims=True))
    joint = plain / plain.reshape(4, -1).std(-1, ddof=1)[:, None, None]
    assert np.allclose(prepare(waves, "std", joint_std=True), joint)
    assert cosine_taper(10, 3).tolist() == pytest.approx([0, 0.5, 1, 1, 1, 1, 1, 1, 0.5, 0], abs=1e-6)


def test_anchor_and_jitter():
    picks_p, picks_s = torch.tensor([[700.0, 650.0], [torch.nan] * 2, [torch.nan] * 2]), torch.tensor(
        [[900.0], [1200.0], [torch.nan]])
    assert anchored_starts(picks_p, picks_s).tolist() == [150, 700, 0]
    draw = torch.Generator().manual_seed(0)
    found = jittered_starts(picks_p, picks_s, torch.zeros(4000, dtype=torch.long), draw, 100, 50) - 550
    assert found.min() == -50 and found.max() == 50 and abs(float(found.double().mean())) < 2


def test_records_of_200_hz_keep_their_picks_in_place(make_records, tmp_path):
    """A spike at the pick, 2000 of 6000 samples of 200 Hz, stands at sample 1000 after loading at 100 Hz."""
    records = make_records(5, trace_p_arrival_sample=2000.0, trace_s_arrival_sample=3000.0,
                           trace_sampling_rate_hz=200.0, trace_npts=6000)
    time = torch.arange(6000) - 2000
    records.waveforms[:] = 1000 * torch.exp(-0.5 * (time / 8.0) ** 2)
    store.write(Records(records.waveforms, records.metadata, 200.0, "fast", "f"), tmp_path / "fast")
    loaded = load_records(str(tmp_path / "fast"), require=())
    waveforms = torch.as_tensor(np.asarray(loaded.waveforms[:1] if hasattr(loaded.waveforms, "__getitem__")
                                           else loaded.waveforms))
    assert loaded.picks("P")[0, 0] == 1000.0
    assert abs(int(waveforms[0, 0].argmax()) - 1000) <= 1


def test_signal_to_noise_and_distance_of_other_tables(make_records):
    """Three numbers as text: their mean; no hypocentral distance: the epicentral one."""
    records = make_records(6, trace_snr_db="[10.0 -2.0e0  7]", path_ep_distance_km=12.5)
    records.metadata.loc[records.metadata.index[1], "trace_snr_db"] = None
    data = from_records(Records(records.waveforms, records.metadata.drop(columns="path_hyp_distance_km"), 100.0, "t",
                                "f"))
    assert data.snr_db[0] == 5.0 and data.snr_db[1].isnan() and data.distance_km.tolist() == [12.5] * 6
    both = from_records(make_records(6, path_ep_distance_km=12.5, path_hyp_distance_km=20.0, trace_snr_db=3.0))
    assert both.distance_km.tolist() == [20.0] * 6 and both.snr_db.tolist() == [3.0] * 6
