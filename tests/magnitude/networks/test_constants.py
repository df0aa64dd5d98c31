"""Published numbers of the networks that no output shows."""

import inspect

import pytest
import torch

from quakebook.magnitude.model_types import MODEL_TYPES
from quakebook.magnitude.networks import (
    base,
    build,
    eqtransformer_mag,
    magnet,
    magnitude_net,
    phasenet,
    phasenet_conv_lstm,
    phasenet_lstm,
    phasenet_mag,
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
