"""Outputs of every network with weights that follow a rule: these change only when an architecture does."""

import math

import pytest
import torch

from quakebook.magnitude import build

#: Model and options -> mean, mean square and mean against a cosine of the output; float64, two windows.
PINNED = {
    "phasenet": [0.3333333, 0.1297391, 8.816854e-05],
    "phasenet_lstm": [0.3333333, 0.1286902, 4.250766e-05],
    "phasenet_conv_lstm": [0.3333333, 0.1324598, 3.36186e-05],
    "phasenet_conv_lstm conv": [0.3333333, 0.1316805, 0.0001117385],
    "phasenet_mag": [0.2960291, 0.5464135, 0.01645464],
    "eqtransformer_mag": [0.844425, 0.72816, 0.0002045805],
    "eqtransformer_mag eqt": [0.1738709, 0.1235989, -2.366523e-05],
    "eqtransformer_mag scalar": [-2.12396, 4.587177, -1.572416],
    "amag_v2": [0.447035, 1.218379, -0.009243624],
    "magnet": [0.1689313, 0.1267006, 0.2258927]}
OPTIONS = {
    "phasenet": {}, "phasenet_lstm": {}, "phasenet_conv_lstm": {}, "phasenet_conv_lstm conv": {"variant": "conv"},
    "phasenet_mag": {"amplitude": "physical"}, "eqtransformer_mag": {}, "eqtransformer_mag eqt": {"arch": "eqt"},
    "eqtransformer_mag scalar": {"head": "scalar"}, "amag_v2": {}, "magnet": {"amplitude": "none"}}


def ruled(model):
    """The model in eval mode with weights from squares modulo a prime: as scattered as drawn ones, on any machine."""
    model = model.double().eval()
    with torch.no_grad():
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                k = torch.arange(value.numel()) + 17 * len(name)
                share = ((7919 * k * k + 104_729 * k) % 1_000_003).double() / 1_000_003 - 0.5
                near_one = "running_var" in name or value.ndim == 1 and name.endswith("weight")
                inputs = value[0].numel() if value.ndim > 1 else 100
                value.copy_((1 + 0.2 * share if near_one else share * math.sqrt(24 / inputs)).reshape(value.shape))
    return model


def answer(name):
    model = ruled(build(name.split()[0], **OPTIONS[name]))
    time = torch.arange(3 * model.in_samples, dtype=torch.float64).reshape(1, 3, -1)
    waves = torch.cat([torch.sin(time / 7) * torch.exp(-time / 9000), torch.cos(time / 23)])
    with torch.no_grad():
        gain = torch.tensor([1e9, 1e8], dtype=torch.float64)
        out = model(model.preprocess(1e4 * waves, gain) if hasattr(model, "preprocess") else waves)
    tilted = out * torch.arange(out.numel(), dtype=torch.float64).reshape(out.shape).cos()
    return [float(part.mean()) for part in (out, out.square(), tilted)]


@pytest.mark.parametrize("name", OPTIONS)
def test_output_of_a_network(name):
    assert answer(name) == pytest.approx(PINNED[name], rel=1e-5, abs=1e-7)
