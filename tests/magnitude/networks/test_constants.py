"""Published numbers of the networks that no output shows."""

import torch

from quakebook.magnitude.networks import base, build, magnet, magnitude_net, phasenet, phasenet_conv_lstm
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
