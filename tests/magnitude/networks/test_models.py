"""The architectures: published parameter counts, shapes, saved arguments, and a loss that falls."""

import json

import pytest
import torch

from quakebook.magnitude import build, count_parameters
from quakebook.magnitude.model_types import MODEL_TYPES, complete, lookup

NETWORKS = [name for name, entry in MODEL_TYPES.items() if entry.family != "baseline"] + ["magnet"]

#: Measured on the reference models.
COUNTS = [
    (268_443, "phasenet", {}),
    (1_070_899, "phasenet", {"filter_factor": 2}),
    (4_277_859, "phasenet", {"filter_factor": 4}),
    (565_787, "phasenet_lstm", {}),
    (384_539, "phasenet_lstm", {"lstm_hidden_size": 64}),
    (417_307, "phasenet_lstm", {"lstm_bidirectional": False}),
    (5_409_331, "phasenet_lstm", {"filter_factor": 2, "lstm_hidden_size": 256, "lstm_num_layers": 3}),
    (350_747, "phasenet_conv_lstm", {"variant": "conv"}),
    (1_399_347, "phasenet_conv_lstm", {"variant": "conv", "filter_factor": 2, "convlstm_hidden": 128}),
    (473_883, "phasenet_conv_lstm", {}),
    (268_545, "phasenet_mag", {}),
    (1_071_105, "phasenet_mag", {"filter_factor": 2}),
    (4_278_273, "phasenet_mag", {"filter_factor": 4}),
    (1_468_545, "eqtransformer_mag", {}),
    (1_241_474, "eqtransformer_mag", {"head": "scalar"}),
    (4_529_153, "eqtransformer_mag",
     {"transformer_d_model": 256, "transformer_nhead": 16, "transformer_num_encoder_layers": 6}),
    (643_393, "eqtransformer_mag",
     {"transformer_d_model": 64, "transformer_nhead": 4, "transformer_num_encoder_layers": 2}),
    (273_251, "eqtransformer_mag", {"arch": "eqt"}),
    (268_339, "eqtransformer_mag", {"arch": "eqt", "lstm_blocks": 2}),
    (1_224_201, "amag_v2", {}),
    (2_190_865, "amag_v2", {"filter_factor": 2}),
    (5_726_241, "amag_v2", {"filter_factor": 4}),
    (450_569, "amag_v2", {"lstm_hidden": 64, "lstm_layers": 1, "dropout": 0.1}),
    (6_459_921, "amag_v2", {"filter_factor": 2, "lstm_hidden": 256, "lstm_layers": 3, "dropout": 0.3}),
]

#: Every option away from its default, so that a forgotten one shows.
UNUSUAL = {
    "phasenet": {"filter_factor": 2, "norm": "peak", "phases": "NPS", "sampling_rate": 50.0},
    "phasenet_lstm": {"filter_factor": 2, "norm": "peak", "phases": "NPS", "sampling_rate": 50.0,
                      "lstm_hidden_size": 24, "lstm_num_layers": 2, "lstm_bidirectional": False},
    "phasenet_conv_lstm": {"filter_factor": 2, "norm": "peak", "phases": "NPS", "sampling_rate": 50.0,
                           "convlstm_hidden": 24, "variant": "conv"},
    "phasenet_mag": {"filter_factor": 2, "norm": "peak", "amplitude": "counts", "label_offset": 1.0,
                     "output_scale": 3.0, "sampling_rate": 50.0, "dropout": 0.1},
    "eqtransformer_mag": {"filter_factor": 2, "norm": "peak", "amplitude": "counts", "label_offset": 1.0,
                          "output_scale": 3.0, "sampling_rate": 50.0, "arch": "transformer", "head": "scalar",
                          "n_class": 2, "phases": "P", "cnn_blocks": 6, "lstm_blocks": 1, "transformer_d_model": 32,
                          "transformer_nhead": 4, "transformer_num_encoder_layers": 1,
                          "transformer_dim_feedforward": 64, "drop_rate": 0.2},
    "amag_v2": {"filter_factor": 2, "norm": "std", "amplitude": "counts", "label_offset": 1.0, "output_scale": 3.0,
                "sampling_rate": 50.0, "lstm_hidden": 16, "lstm_layers": 1, "dropout": 0.3},
    "magnet": {"norm": "peak", "amplitude": "none", "sampling_rate": 50.0, "lstm_hidden": 12, "dropout": 0.4},
}


@pytest.mark.parametrize(("count", "model_type", "options"), COUNTS)
def test_parameter_count_of_the_reference(count, model_type, options):
    assert count_parameters(build(model_type, **options)) == count


@pytest.mark.parametrize("model_type", NETWORKS)
@pytest.mark.parametrize("samples", [3001, 3000, 1500])
def test_output_shape_at_several_lengths(model_type, samples):
    if model_type == "phasenet" and samples == 1500:
        pytest.skip("SeisBench's PhaseNet pads for its own length")
    model = build(model_type).eval()
    phase = MODEL_TYPES[model_type].family == "phase"
    x = torch.randn(2, getattr(model, "in_channels", 3), samples)
    with torch.no_grad():
        y = model(x)
    expected = (2, 3, samples) if phase else (2, 2) if model_type == "magnet" else (2, 1, samples)
    assert y.shape == expected
    assert torch.isfinite(y).all()
    if phase:
        torch.testing.assert_close(y.sum(1), torch.ones(2, samples))


def test_trunk_without_block_is_seisbench_phasenet():
    from quakebook.magnitude.networks.phasenet_trunk import PhaseNetTrunk

    ours = PhaseNetTrunk().eval()
    plain = build("phasenet").eval()
    plain.load_state_dict(ours.state_dict())
    x = torch.randn(2, 3, 3001)
    with torch.no_grad():
        assert torch.equal(ours(x), plain(x))


def test_scalar_head_answers_one_number_a_record():
    model = build("eqtransformer_mag", head="scalar").eval()
    assert model(torch.randn(3, 3, 3001)).shape == (3, 1)
    assert not model.per_sample


def test_eqt_trunk_refuses_another_length():
    with pytest.raises(ValueError, match="exactly 3001 samples; found 3000"):
        build("eqtransformer_mag", arch="eqt").eval()(torch.randn(1, 3, 3000))


def test_convlstm_sees_both_directions_of_time():
    model = build("phasenet_conv_lstm").eval()
    x = torch.randn(1, 64, 47)
    base = model.at_level_3(x)
    later, earlier = x.clone(), x.clone()
    later[..., -1] += 5.0
    earlier[..., 0] += 5.0
    assert not torch.allclose(base[..., 0], model.at_level_3(later)[..., 0], atol=1e-7)
    assert not torch.allclose(base[..., -1], model.at_level_3(earlier)[..., -1], atol=1e-7)


@pytest.mark.parametrize("model_type", list(UNUSUAL))
def test_every_argument_survives_saving(model_type, tmp_path):
    options = UNUSUAL[model_type]
    assert set(options) == {option.name for option in MODEL_TYPES[model_type].options}
    model = build(model_type, **options).eval()
    model.save(tmp_path / "model")
    assert json.loads((tmp_path / "model.json").read_text())["model_args"].items() >= options.items()
    again = type(model).load(tmp_path / "model", weights_only=True).eval()
    x = torch.randn(2, getattr(model, "in_channels", 3), 3001)
    with torch.no_grad():
        assert torch.equal(model(x), again(x))
    assert again.get_model_args() == model.get_model_args()


def test_plain_seisbench_reads_our_phasenet(tmp_path):
    import seisbench.models as sbm

    build("phasenet", filter_factor=2).save(tmp_path / "model")
    model = sbm.PhaseNet.load(tmp_path / "model", weights_only=True)
    assert model.labels == "PSN"
    assert model.default_args["blinding"] == [200, 200]


@pytest.mark.parametrize("model_type", NETWORKS)
def test_loss_falls_on_one_small_batch(model_type):
    torch.manual_seed(0)
    small = {"eqtransformer_mag": {"transformer_num_encoder_layers": 1, "transformer_d_model": 32}}
    model = build(model_type, **small.get(model_type, {})).train()
    x = torch.randn(4, getattr(model, "in_channels", 3), 3001)
    with torch.no_grad():
        target = torch.zeros_like(model(x))
    target[:, 0] = 1.0
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    losses = []
    for _ in range(14):
        optimiser.zero_grad()
        loss = (model(x) - target).square().mean()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.parametrize("model_type", ["phasenet", "phasenet_mag", "amag_v2"])
def test_annotates_a_stream(model_type):
    import numpy as np
    import obspy

    header = {"network": "SY", "station": "S001", "sampling_rate": 100.0}
    data = np.random.default_rng(0).normal(size=(3, 6100)).astype("float32")
    stream = obspy.Stream([obspy.Trace(data[k], {**header, "channel": f"HH{c}"}) for k, c in enumerate("ZNE")])
    annotation = build(model_type).eval().annotate(stream)
    channels = {trace.stats.channel for trace in annotation}
    if model_type == "phasenet":
        assert channels == {"PhaseNet_P", "PhaseNet_S", "PhaseNet_N"}
    else:
        assert channels == {f"{type(build(model_type)).__name__}_magnitude"}
        assert np.isfinite(annotation[0].data).all()


def test_physical_amplitude_needs_the_gain_in_a_stream():
    model = build("phasenet_mag", amplitude="physical").eval()
    with pytest.raises(ValueError, match="station_sensitivity_counts_spm"):
        model.annotate_batch_pre(torch.randn(1, 3, 3000), {})
    assert model.annotate_batch_pre(torch.randn(1, 3, 3000), {"sensitivity_counts_spm": 6.3e8}).shape[1] == 4


def test_label_offset_is_subtracted_when_annotating():
    model = build("phasenet_mag", label_offset=1.0)
    y = model.annotate_batch_post(torch.full((2, 1, 3000), 4.0), None, {})
    assert y.shape == (2, 3000, 1)
    assert (y == 3.0).all()


def test_unknown_type_and_option_list_what_exists():
    with pytest.raises(ValueError, match="unknown model type 'phasnet'.*phasenet_mag"):
        build("phasnet")
    with pytest.raises(ValueError, match="no option 'lstm_hidden'.*filter_factor"):
        build("phasenet", lstm_hidden=3)
    with pytest.raises(ValueError, match="must be one of std, peak; found 'max'"):
        build("phasenet_mag", norm="max")
    with pytest.raises(ValueError, match="divisible by `transformer_nhead`"):
        build("eqtransformer_mag", transformer_d_model=100, transformer_nhead=8)
    with pytest.raises(ValueError, match="is a phase model; valid magnitude types: phasenet_mag"):
        lookup("phasenet", family="magnitude")


def test_options_of_the_table_are_the_defaults_of_the_classes():
    for name in NETWORKS:
        arguments = build(name).get_model_args()
        for option, default in complete(name, {}).items():
            if default is not None:  # None stands for "resolved by the model"
                assert arguments[option] == default, (name, option)


def test_magnet_uncertainty_leaves_the_mode_alone():
    torch.manual_seed(0)
    model = build("magnet").eval()
    mean, aleatoric, epistemic = model.uncertainty(torch.randn(3, 4, 3000), passes=5)
    assert mean.shape == aleatoric.shape == epistemic.shape == (3,)
    assert (aleatoric > 0).all() and (epistemic > 0).all()
    assert not model.training


def test_richter_recovers_a_linear_law():
    torch.manual_seed(0)
    amplitude, sp = torch.randn(50), torch.rand(50)
    magnitude = 1.0 * amplitude + 1.5 * sp + 3.0
    fitted = build("richter").fit(amplitude, sp, magnitude)
    torch.testing.assert_close(fitted(amplitude, sp), magnitude.double(), atol=1e-5, rtol=0)


def test_richter_answers_every_record_with_what_it_has():
    """M = 2 a + 3 whatever S-P: the same from amplitude alone; without amplitude the mean of the training."""
    torch.manual_seed(0)
    amplitude, sp, nan = torch.randn(50), torch.rand(50), torch.nan
    sp[::4] = nan
    fitted = build("richter").fit(amplitude, sp, 2 * amplitude + 3)
    answers = fitted(torch.tensor([1.0, 1.0, nan, nan]), torch.tensor([0.5, nan, 0.5, nan]))
    mean = float((2 * amplitude + 3).mean())
    assert answers.tolist() == pytest.approx([5.0, 5.0, mean, mean], abs=1e-5)
    with pytest.raises(ValueError, match="at least 6 records with amplitude and S-P time; found 0"):
        build("richter").fit(amplitude, torch.full((50,), nan), amplitude)


def test_constant_is_the_mean():
    assert build("constant").fit(torch.tensor([1.0, 2.0, 6.0]))(4).tolist() == [3.0] * 4
