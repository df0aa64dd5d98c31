"""What continuous annotation makes of a magnitude network's output, and its defaults."""

import torch

from quakebook.magnitude import build


def test_the_label_offset_is_taken_off_and_nothing_is_cut():
    model = build("phasenet_mag", label_offset=1.0)
    out = torch.arange(6000.0).reshape(2, 1, 3000)
    magnitude = model.annotate_batch_post(out, None, {})
    assert magnitude.shape == (2, 3000, 1) and torch.equal(magnitude[:, :, 0], out[:, 0] - 1)


def test_samples_at_the_ends_are_discarded_when_asked():
    cut = build("phasenet_mag").annotate_batch_post(torch.ones(1, 1, 3000), None, {"blinding": (100, 250)})
    missing = cut[0, :, 0].isnan()
    assert missing[:100].all() and missing[-250:].all() and int(missing.sum()) == 350


def test_one_value_a_record_stands_at_every_sample():
    model = build("eqtransformer_mag", head="scalar", label_offset=0.5)
    magnitude = model.annotate_batch_post(torch.tensor([[3.0], [4.0]]), None, {})
    assert magnitude.shape == (2, 3001, 1)
    assert magnitude[0].unique().tolist() == [2.5] and magnitude[1].unique().tolist() == [3.5]


def test_windows_overlap_by_half_and_pickers_drop_two_seconds_at_the_ends():
    assert build("phasenet_mag")._annotate_args["overlap"][1] == 1500
    assert build("phasenet_mag")._annotate_args["blinding"][1] == (0, 0)
    for name in ("phasenet", "phasenet_lstm", "phasenet_conv_lstm"):
        model = build(name)
        assert list(model.default_args["blinding"]) == [200, 200]
        assert tuple(model._annotate_args["blinding"][1]) == (200, 200)


def test_gain_of_the_station_reaches_the_amplitude_channel():
    model = build("phasenet_mag", amplitude="physical")
    waves = torch.randn(2, 3, 3000, generator=torch.Generator().manual_seed(0)) * 1000
    given = model.annotate_batch_pre(waves, {"sensitivity_counts_spm": 2e8})
    torch.testing.assert_close(given, model.preprocess(waves, torch.full((2,), 2e8)))
    assert given.shape == (2, 4, 3000)
