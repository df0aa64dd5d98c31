"""Heads by hand-worked values, parameter counts and what they see of a batch."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from quakebook.uvcgan_s.networks.build import parameter_count
from quakebook.uvcgan_s.networks.heads import BatchAttention, FlatNorm, flat, head


def test_flat_features_by_hand():
    body = torch.tensor([[[[1.0, 3.0]], [[5.0, 5.0]]]])  # one image, two features, 1 x 2 places
    assert flat(body).tolist() == [[2.0, 5.0]]
    assert flat(body, "flatten").tolist() == [[1.0, 3.0, 5.0, 5.0]]
    assert flat(torch.ones(3, 2)).shape == (3, 2)


def test_batch_norm_1d_by_hand():
    """Two images with one feature each, all weights 1: -1 and 1 after the norm, 0 and 1 after ReLU, plus the bias."""
    made = FlatNorm(1)
    with torch.no_grad():
        for layer in (made.net[0], made.net[3]):
            layer.weight.fill_(1.0)
            layer.bias.fill_(0.5)
        scores = made(torch.tensor([[[[3.0]]], [[[7.0]]]]))
    torch.testing.assert_close(scores, torch.tensor([[0.5], [1.5]]), atol=1e-5, rtol=0)


@pytest.mark.parametrize("name, options, count", [
    # 32 -> 32 and bias, norm 2 x 32, 32 -> 1 and bias
    ("batch-norm-1d", {}, 32 * 32 + 32 + 2 * 32 + 32 + 1),
    ("batch-norm-1d", {"middle": 5, "scores": 2}, 32 * 5 + 5 + 2 * 5 + 5 * 2 + 2),
    # linear; two blocks: two layer norms, attention (3 x in, out), feed-forward, alpha; linear
    ("batch-atten", {"width": 8, "hidden": 12, "heads": 2, "blocks": 2},
     32 * 8 + 8 + 2 * (4 * 8 + 4 * (8 * 8 + 8) + (8 * 12 + 12) + (12 * 8 + 8) + 1) + 8 + 1),
    ("batch-norm-2d", {}, 2 * 32 + 9 * 32 * 32 + 32 + 9 * 32 + 1),
    ("batch-stdev", {}, 9 * 33 * 32 + 32 + 9 * 32 + 1),
    ("simple-average", {}, 9 * 32 + 1), ("idt", {}, 0)])
def test_parameter_counts(name, options, count):
    assert parameter_count(head(name, 32, **options)) == count


def test_attention_starts_with_each_image_alone_and_then_looks_at_the_batch():
    torch.manual_seed(0)
    made = BatchAttention(4, width=6, heads=2, blocks=2)
    body = torch.rand(3, 4, 2, 2)
    other = torch.cat([body[:1], torch.rand(2, 4, 2, 2)])
    plain = made.score(made.embed(body.mean((2, 3))))
    torch.testing.assert_close(made(body), plain)
    with torch.no_grad():
        for block in made.attention.encoder:
            block.re_alpha.fill_(1.0)
    assert not torch.allclose(made(body)[0], made(other)[0])


def test_attention_equals_pytorchs_own_layer():
    """With alpha = 1 a block is the pre-norm encoder layer of PyTorch over the images of the batch."""
    torch.manual_seed(1)
    made = BatchAttention(4, heads=2, rezero=False).double()
    block = made.attention.encoder[0]
    layer = torch.nn.TransformerEncoderLayer(4, 2, 16, dropout=0.0, activation=F.gelu, batch_first=True,
                                             norm_first=True).double()
    names = {"self_attn": block.atten, "linear1": block.ffn.net[0], "linear2": block.ffn.net[2], "norm1": block.norm1,
             "norm2": block.norm2}
    for name, part in names.items():
        getattr(layer, name).load_state_dict(part.state_dict())
    body = torch.rand(5, 4, dtype=torch.float64)
    expected = made.score(layer(made.embed(body)[None])[0])
    torch.testing.assert_close(made(body), expected)


def test_wrong_wishes_are_refused():
    with pytest.raises(ValueError, match="unknown head 'mean'; known: idt, batch-norm-1d"):
        head("mean", 4)
    with pytest.raises(ValueError, match="'batch-stdev' has no options; found middle"):
        head("batch-stdev", 4, middle=3)
