"""Pickers on real records."""

import numpy as np
import torch

from quakebook.bluedisc.networks.generator import Generator
from quakebook.bluedisc.recorded import real_records
from quakebook.training.recorded import keep


def test_real_records_are_scored_and_kept(tmp_path, records):
    torch.manual_seed(0)
    shown = real_records.apply({"bce": Generator().eval()}, records.subset(slice(0, 8)).__class__(
        **{**records.subset(slice(0, 8)).__dict__, "metadata": records.subset(slice(0, 8)).metadata}))
    assert shown.waveform.shape == shown.prediction["bce"].shape and "real.bce.S.tp" in shown.facts["metrics"]
    keep("bluedisc", "real", real_records.outcome(shown, sample="here"), tmp_path)
    again = real_records.read(tmp_path)
    np.testing.assert_allclose(again.prediction["bce"], shown.prediction["bce"], atol=0.5 / 255 + 1e-6)
    assert again.facts["data"] == "real" and again.facts["sample"] == "here"


def test_example_alone_needs_no_sample():
    shown = real_records.apply({"bce": Generator().eval()}, None)
    assert len(shown.titles) == 1 and shown.waveform.shape == (1, 3, 3001)
    at = shown.prediction["bce"][0, 1].argmax()
    assert shown.facts["metrics"]["example.bce.S.time_s"] == at / 100


def test_dead_components_are_left_out(records):
    waves = records.waveforms.clone()
    waves[0, 1] = 0
    from dataclasses import replace

    both = ~(records.picks("P").isnan().all(1) | records.picks("S").isnan().all(1))
    assert len(real_records.with_horizontals(replace(records, waveforms=waves))) == int(both[1:].sum())
