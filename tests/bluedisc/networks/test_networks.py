"""Networks: published facts, save and load, errors."""

import copy
import json
import subprocess
import sys

import pytest
import torch
from seisbench.models import PhaseNet
from torch import nn

from quakebook.bluedisc.networks import generator as networks
from quakebook.bluedisc.networks.discriminator import Discriminator


def _parameters(module):
    return sum(p.numel() for p in module.parameters())


def test_parameter_counts_and_buffers_are_the_published_ones():
    generator = networks.Generator()
    assert _parameters(generator) == 268_443
    assert sum(b.numel() for b in generator.buffers()) == 1250
    assert _parameters(Discriminator()) == 138_369


def test_shapes_of_outputs_and_of_the_discriminators_layers():
    x = torch.randn(2, 3, 3001)
    assert networks.Generator()(x, logits=True).shape == (2, 3, 3001)
    discriminator = Discriminator()
    shapes = []
    stage = discriminator._stage
    discriminator._stage = lambda k, x: shapes.append(tuple(stage(k, x).shape[1:])) or stage(k, x)
    assert discriminator(torch.cat([x, x], 1)).shape == (2, 1)
    assert shapes == [(64, 1, 1497), (64, 1, 745), (128, 1, 372)]
    assert discriminator.linear.in_features == 47_616


def test_generator_is_phasenet_with_sigmoids():
    torch.manual_seed(0)
    generator = networks.Generator().eval()
    plain = PhaseNet(phases="PSN", norm="peak").eval()
    plain.load_state_dict(generator.state_dict())
    x = torch.randn(2, 3, 3001)
    with torch.no_grad():
        torch.testing.assert_close(generator(x, logits=True), plain(x, logits=True), rtol=0, atol=0)
        torch.testing.assert_close(generator(x), torch.sigmoid(plain(x, logits=True)), rtol=0, atol=0)


@pytest.mark.parametrize("training", [True, False])
def test_discriminator_equals_its_layers_called_one_by_one(training):
    """The fast layout (float32) against plain 1-D layers in float64, outputs, gradients and statistics."""
    torch.manual_seed(1)
    discriminator = Discriminator().train(training)
    plain = copy.deepcopy(discriminator).double()
    x = torch.randn(3, 6, 3001)
    y = x.double()
    for conv, norm in zip(plain.conv, plain.norm, strict=True):
        y = nn.functional.leaky_relu(norm(conv(y)), 0.1)
    y = plain.linear(y.flatten(1))
    out = discriminator(x)
    torch.testing.assert_close(out.double(), y, rtol=1e-4, atol=1e-5)
    (out.sum() + (out**2).sum()).backward(), (y.sum() + (y**2).sum()).backward()
    for ours, theirs in zip(discriminator.parameters(), plain.parameters(), strict=True):
        assert (ours.grad - theirs.grad).norm() <= 5e-3 * theirs.grad.norm() + 1e-5  # float32 flips some kinks
    for ours, theirs in zip(discriminator.norm, plain.norm, strict=True):
        torch.testing.assert_close(ours.running_var.double(), theirs.running_var, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("shape", [(2, 3, 3000), (3, 3001), (2, 1, 3001)])
def test_windows_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"\(batch, 3, 3001\)"):
        networks.Generator()(torch.zeros(shape))
    with pytest.raises(ValueError, match=r"\(batch, 6, 3001\)"):
        Discriminator()(torch.zeros(shape))


def test_unknown_label_is_refused():
    with pytest.raises(ValueError, match="label 'X'"):
        networks.Generator(label="X")


@pytest.mark.parametrize("label", ["N", "D"])
def test_safetensors_round_trip(tmp_path, label):
    generator = networks.Generator(label=label)
    path = networks.save_generator(generator, tmp_path / "picker.safetensors")
    back = networks.load_generator(path, label=label)
    assert back.label == label
    for name, value in generator.state_dict().items():
        assert torch.equal(value, back.state_dict()[name])
    with pytest.raises(ValueError, match="was trained with labels"):
        networks.load_generator(path, label="D" if label == "N" else "N")


def test_absent_generator_lists_what_is_there(tmp_path):
    networks.save_generator(networks.Generator(), tmp_path / "other.safetensors")
    with pytest.raises(FileNotFoundError, match="other.safetensors"):
        networks.load_generator(tmp_path / "picker.safetensors")


def test_saved_generator_loads_in_plain_seisbench_without_this_package(tmp_path):
    networks.Generator().save(tmp_path / "picker")
    code = f"""
import json, sys
sys.modules["quakebook"] = None
from seisbench.models import PhaseNet
model = PhaseNet.load({str(tmp_path / "picker")!r})
print(json.dumps([model.labels, model.norm, model.norm_amp_per_comp, sum(p.numel() for p in model.parameters())]))
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert json.loads(out.splitlines()[-1]) == ["PSN", "peak", True, 268_443]
    assert networks.Generator.load(tmp_path / "picker").label == "N"


def test_momentum_reaches_every_layer():
    generator = networks.Generator()
    networks.set_batchnorm_momentum(generator, 0.271)
    momenta = {m.momentum for m in generator.modules() if isinstance(m, nn.BatchNorm1d)}
    assert momenta == {0.271} and pytest.approx(0.271) == networks.SHARED_FORWARD_MOMENTUM


@pytest.mark.parametrize("label", ["N", "D"])
def test_base_rate_start_changes_the_biases_only_and_answers_the_mean_label(label):
    torch.manual_seed(0)
    published = networks.Generator(label)
    ours = copy.deepcopy(published)
    networks.start_at_base_rate(ours)
    for name, value in published.state_dict().items():
        assert torch.equal(value, ours.state_dict()[name]) == (name != "out.bias")
    time = torch.arange(networks.WINDOW_SAMPLES)
    mean = torch.exp(-((time - 1500.0) ** 2) / 800).mean()
    biases = torch.sigmoid(ours.out.bias.detach())
    torch.testing.assert_close(biases[:2], mean.expand(2), atol=1e-6, rtol=0)
    third = torch.sigmoid(published.out.bias.detach())[2] if label == "D" else 1 - 2 * mean
    torch.testing.assert_close(biases[2], third, atol=1e-6, rtol=0)
