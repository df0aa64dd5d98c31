"""Weights under their published names: what they compute by plain convolutions, and where they land in our networks."""

import pytest
import torch
import torch.nn.functional as F

from quakebook.magnitude import build
from quakebook.magnitude.networks.checkpoint import CheckpointError, load
from quakebook.magnitude.networks.published_keys import renamed, renamed_history
from quakebook.magnitude.networks.unet import Down, Up
from quakebook.magnitude.scoring.history import load_history

WIDTHS = (8, 16, 32, 64, 128)


def published_weights(stride_bias, conv_same):
    """Random weights of filter factor 1 under the published names."""
    torch.manual_seed(0)
    weights = {"inc.weight": torch.randn(8, 3, 7) / 5, "inc.bias": torch.randn(8)}

    def norm(name, n):
        weights.update({f"{name}.weight": torch.rand(n) + 0.5, f"{name}.bias": torch.randn(n),
                        f"{name}.running_mean": torch.randn(n) / 5, f"{name}.running_var": torch.rand(n) + 0.5,
                        f"{name}.num_batches_tracked": torch.tensor(3)})

    norm("in_bn", 8)
    for level, n in enumerate(WIDTHS):
        before, name = WIDTHS[max(level - 1, 0)], f"down_branch.{level}"
        weights[f"{name}.0.weight"] = torch.randn(n, before, 7) / (7 * before) ** 0.5
        norm(f"{name}.1", n)
        if level < 4:
            inner = f"{name}.2.conv" if conv_same else f"{name}.2"
            weights[f"{inner}.weight"] = torch.randn(n, n, 7) / (7 * n) ** 0.5
            if stride_bias:
                weights[f"{inner}.bias"] = torch.randn(n)
            norm(f"{name}.3", n)
    for level in range(4):
        n, name = WIDTHS[3 - level], f"up_branch.{level}"
        weights[f"{name}.0.weight"] = torch.randn(2 * n, n, 7) / (7 * n) ** 0.5
        norm(f"{name}.1", n)
        weights[f"{name}.2.weight"] = torch.randn(n, 2 * n, 7) / (14 * n) ** 0.5
        norm(f"{name}.3", n)
    return weights | {"out.weight": torch.randn(1, 8, 1), "out.bias": torch.randn(1)}


def recurrent_weights(weights):
    """Add the bottleneck of MagnitudeNet, LSTM of 64 in one layer."""
    lstm, attention = torch.nn.LSTM(128, 64, 1, bidirectional=True), torch.nn.MultiheadAttention(128, 4)
    weights |= {f"lstm.{name}": value for name, value in lstm.state_dict().items()}
    weights |= {f"attention.{name}": value for name, value in attention.state_dict().items()}
    return weights | {"bottleneck_proj.weight": torch.randn(128, 128) / 11, "bottleneck_proj.bias": torch.randn(128),
                      "bottleneck_bn.weight": torch.rand(128), "bottleneck_bn.bias": torch.randn(128),
                      "bottleneck_bn.running_mean": torch.zeros(128), "bottleneck_bn.running_var": torch.ones(128),
                      "bottleneck_bn.num_batches_tracked": torch.tensor(1)}


def by_hand(w, x, stride, crops, bottleneck=lambda x: x):
    """The published network by plain functions; `crops` are the samples cut off the front on the way up."""
    def norm(x, name):
        return F.relu(F.batch_norm(x, w[f"{name}.running_mean"], w[f"{name}.running_var"], w[f"{name}.weight"],
                                   w[f"{name}.bias"], eps=1e-3))

    x, skips = norm(F.conv1d(x, w["inc.weight"], w["inc.bias"], padding=3), "in_bn"), []
    for level in range(5):
        name = f"down_branch.{level}"
        x = norm(F.conv1d(x, w[f"{name}.0.weight"], padding=3), f"{name}.1")
        if level < 4:
            skips.append(x)
            inner = f"{name}.2.conv" if f"{name}.2.conv.weight" in w else f"{name}.2"
            x = norm(F.conv1d(x, w[f"{inner}.weight"], w.get(f"{inner}.bias"), stride, padding=3), f"{name}.3")
    x = bottleneck(x)
    for level, (first, skip) in enumerate(zip(crops, skips[::-1], strict=True)):
        name = f"up_branch.{level}"
        x = norm(F.conv_transpose1d(x, w[f"{name}.0.weight"], stride=stride), f"{name}.1")
        x = torch.cat([skip, x[:, :, first:first + skip.shape[-1]]], 1)
        x = norm(F.conv1d(x, w[f"{name}.2.weight"], padding=3), f"{name}.3")
    return F.conv1d(x, w["out.weight"], w["out.bias"])


@pytest.mark.parametrize(("samples", "crops"), [(3000, (1, 1, 2, 1)), (3001, (1, 1, 1, 2))])
def test_phasenet_mag_computes_what_its_published_weights_say(samples, crops):
    """Lengths 12 -> 51, 47 -> 191, 188 -> 755, 751 -> 3007 for skips of 47, 188, 751, 3001: [1:-2], then the centre."""
    weights = published_weights(stride_bias=True, conv_same=True)
    model = build("phasenet_mag", in_samples=samples).eval()
    model.load_state_dict(renamed(weights, "phasenet_mag"))
    x = torch.randn(2, 3, samples)
    with torch.no_grad():
        torch.testing.assert_close(model(x), by_hand(weights, x, 4, crops), atol=1e-5, rtol=1e-5)


def test_magnitude_net_computes_what_its_published_weights_say():
    """188 -> 381 samples for a skip of 375: three off both ends; 755, 1505, 3005 for 750, 1500, 3000: two in front."""
    weights = recurrent_weights(published_weights(stride_bias=False, conv_same=False))
    model = build("amag_v2", lstm_hidden=64, lstm_layers=1).eval()
    model.load_state_dict(renamed(weights, "amag_v2"))
    x = torch.randn(2, 3, 3000)
    with torch.no_grad():
        expected = by_hand(weights, x, 2, (3, 2, 2, 2), model.unet.bottleneck)
        torch.testing.assert_close(model(x), expected, atol=1e-5, rtol=1e-5)


def test_strided_convolutions_have_the_biases_and_three_zeros():
    model = build("phasenet_mag")
    assert all(isinstance(block, Down) and block.down.bias is not None and block.down.padding == (3,)
               for block in model.unet.down[:-1])
    assert all(isinstance(block, Up) and block.up.bias is None for block in model.unet.up)
    assert sum(block.down.bias.numel() for block in model.unet.down[:-1]) == 8 + 16 + 32 + 64
    assert all(block.down.bias is None for block in build("amag_v2").unet.down[:-1])


def test_published_file_loads_when_its_type_is_said(tmp_path):
    weights = published_weights(stride_bias=True, conv_same=True)
    torch.save(weights, tmp_path / "model_final_20250101_000000.pt")
    checkpoint = load(tmp_path / "model_final.pt", model_type="phasenet_mag")
    assert torch.equal(checkpoint.model.unet.down[2].down.bias, weights["down_branch.2.2.conv.bias"])
    with pytest.raises(CheckpointError, match="say model_type"):
        load(tmp_path / "model_final.pt")


def test_published_history_loads(tmp_path):
    torch.save({"train_losses": [2.0, 1.0], "val_losses": [3.0, 2.5], "best_val_loss": 2.5}, tmp_path / "h.pt")
    content, _ = load_history(str(tmp_path / "h.pt"))
    assert content["train_loss"] == [2.0, 1.0] and content["val_loss"] == [3.0, 2.5]


def test_names_of_our_own_are_kept():
    weights = build("amag_v2", lstm_hidden=16, lstm_layers=1).state_dict()
    assert list(renamed(weights, "amag_v2")) == list(weights)
    assert renamed_history({"val_loss": [1.0]}) == {"val_loss": [1.0]}
