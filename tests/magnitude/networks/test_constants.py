"""Published numbers of the networks that no output shows."""

import inspect

import pytest
import torch

from quakebook.magnitude.model_types import MODEL_TYPES
from quakebook.magnitude.networks import (
    base,
    build,
    eqt_trunk,
    eqtransformer_mag,
    magnet,
    magnitude_net,
    phasenet,
    phasenet_conv_lstm,
    phasenet_lstm,
    phasenet_mag,
    transformer_trunk,
    unet,
)
from quakebook.magnitude.networks.build import build as made


def test_samples_that_continuous_picking_discards():
    """200 at both ends for pickers, none for magnitudes, whose windows overlap by half."""
    assert tuple(made("phasenet").default_args["blinding"]) == (200, 200) == phasenet.BLINDING_SAMPLES
    assert base.BLINDING_SAMPLES == (0, 0) and made("phasenet_mag")._annotate_args["overlap"][1] == 1500


def test_magnets_window_and_passes():
    """From 1 s before P; 50 passes with dropout for the epistemic part."""
    assert magnet.BEFORE_P_SAMPLES == 100
    model, calls = made("magnet", amplitude="none"), []
    model.forward = lambda x: calls.append(model.training) or torch.tensor([[float(len(calls)), 0.0]])
    model.eval()
    mean, aleatoric, epistemic = model.uncertainty(torch.zeros(1, 3, 8))
    assert calls == [True] * 50 and not model.training
    assert float(mean) == 25.5 and float(aleatoric) == 1.0 and float(epistemic) == (50**2 - 1) / 12


def test_parts_of_the_recurrent_networks():
    """Four attention heads at MagnitudeNet's bottleneck; steps of four samples, gates of kernel 3 in the ConvLSTM."""
    assert made("amag_v2").unet.bottleneck.attention.num_heads == 4 == magnitude_net.ATTENTION_HEADS
    assert phasenet_conv_lstm.SAMPLES_PER_STEP == 4
    assert made("phasenet_conv_lstm").onward.gates.kernel_size == (3,)
    assert build.build is made


@pytest.mark.parametrize(("kind", "network"), [
    ("phasenet", phasenet.PhaseNet), ("phasenet_lstm", phasenet_lstm.PhaseNetLSTM),
    ("phasenet_conv_lstm", phasenet_conv_lstm.PhaseNetConvLSTM), ("phasenet_mag", phasenet_mag.PhaseNetMag),
    ("eqtransformer_mag", eqtransformer_mag.EQTransformerMag), ("amag_v2", magnitude_net.MagnitudeNet),
    ("magnet", magnet.MagNet)])
def test_a_class_has_the_defaults_of_the_command_line(kind, network):
    """Windows of 3001 samples for EQTransformerMag and 3000 for the others; options as in the README's table."""
    given = {name: p.default for name, p in inspect.signature(network.__init__).parameters.items()}
    assert {option.name: option.default for option in MODEL_TYPES[kind].options} == {
        option.name: given[option.name] for option in MODEL_TYPES[kind].options}
    if "in_samples" in given:
        assert given["in_samples"] == (3001 if kind == "eqtransformer_mag" else 3000)


def kernels(*modules):
    """(channels in, channels out, kernel) of every convolution, in order."""
    return [(part.in_channels, part.out_channels, part.kernel_size[0]) for module in modules
            for part in module.modules() if isinstance(part, torch.nn.Conv1d)]


def test_the_trunk_of_eqtransformer_is_seisbenchs():
    """Every filter, kernel and block that Mousavi et al. (2020) print, as SeisBench builds them."""
    import seisbench.models as sbm

    ours, theirs = made("eqtransformer_mag", arch="eqt"), sbm.EQTransformer()
    trunk = next(part for part in ours.modules() if isinstance(part, eqt_trunk.EQTTrunk))
    assert kernels(trunk.encoder) == kernels(theirs.encoder)
    assert kernels(trunk.residual) == kernels(theirs.res_cnn_stack)
    assert kernels(trunk.decoder) == kernels(theirs.decoder_d) and kernels(trunk.out) == [(8, 1, 11)]
    assert [part.hidden_size for part in trunk.lstms.modules() if isinstance(part, torch.nn.LSTM)] == [
        part.hidden_size for part in theirs.bi_lstm_stack.modules() if isinstance(part, torch.nn.LSTM)]
    assert eqt_trunk.WIDTH == 16


def test_seven_convolution_blocks_of_the_transformer():
    """Kernels 11, 9, 7, 7, 5, 5, 3 and 16 to 128 channels, twice as many with a filter factor of two; the way back."""
    widths = (16, 32, 64, 96, 128, 128, 128)
    sizes = (11, 9, 7, 7, 5, 5, 3)
    for factor in (1, 2):
        trunk = transformer_trunk.Trunk(4, factor, 7, 1, 8, 2, 1, 16, 0.0)
        wanted = zip((4, *(factor * n for n in widths)), (factor * n for n in widths), sizes, strict=False)
        assert kernels(trunk.blocks) == list(wanted)
        assert kernels(trunk.residual) == [(factor * 128, factor * 128, 3)] * 2
        back = transformer_trunk.Decoder(8, factor, 7, 2)
        down = (8, *(factor * n for n in reversed(widths)))
        assert kernels(back.convs) == list(zip(down, down[1:], reversed(sizes), strict=False))
        assert kernels(back.out) == [(factor * 16, 2, 11)]


def test_five_levels_of_the_u_net_from_eight_filters_on():
    net = unet.UNet(3, 2, 4)
    assert kernels(net.first) == [(3, 16, 7)] and kernels(net.out) == [(16, 1, 1)]
    assert [kernels(block.conv)[0][:2] for block in net.down] == [(16, 16), (16, 32), (32, 64), (64, 128), (128, 256)]
    assert [kernels(block.conv)[0][:2] for block in net.up] == [(256, 128), (128, 64), (64, 32), (32, 16)]
    assert [block.stride for block in net.down] == [4, 4, 4, 4, None]
    norms = {part.eps for part in net.modules() if isinstance(part, torch.nn.BatchNorm1d)}
    assert norms == {1e-3} and {part.p for part in net.modules() if isinstance(part, torch.nn.Dropout)} == {0.0}
    with torch.no_grad():
        assert net(torch.zeros(1, 3, 3000)).shape == (1, 1, 3000)
