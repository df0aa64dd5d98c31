"""The context encoder: positions by their formula, start values by the papers', layers left out, refusals."""

import math

import pytest
import torch

from quakebook.gp2vec.networks.context import (
    MAX_POSITIONS,
    ContextEncoder,
    ConvPosition,
    TablePosition,
    TransformerBlock,
)


@pytest.mark.parametrize("width", [4, 5])
def test_sinusoidal_positions_by_hand(width):
    """Vaswani et al. (2017): sin and cos of pos / 10000^(2 i / width) in columns 2 i and 2 i + 1."""
    table = TablePosition(width, learned=False)(torch.zeros(1, 8, width))[0]
    for frame in (0, 1, 7):
        expected = [(math.sin if column % 2 == 0 else math.cos)(frame / 10_000 ** (column // 2 * 2 / width))
                    for column in range(width)]
        assert table[frame].tolist() == pytest.approx(expected, abs=1e-6)


def test_learned_positions_start_small_and_are_trained():
    torch.manual_seed(0)
    position = TablePosition(64, learned=True)
    assert position.table.requires_grad and position.table.shape == (3000, 64)
    assert float(position.table.detach().std()) == pytest.approx(0.02, rel=0.02)
    assert not list(TablePosition(64, learned=False).parameters())


def test_a_sequence_longer_than_the_table_is_refused():
    with pytest.raises(ValueError, match=f"at most {MAX_POSITIONS} frames have a position; found 3001"):
        TablePosition(4, learned=False)(torch.zeros(1, 3001, 4))


def test_convolved_positions_start_with_the_spread_of_wav2vec():
    """Standard deviation sqrt(4 / (kernel width)), bias zero."""
    torch.manual_seed(0)
    conv = ConvPosition(64, 128, 16).conv
    assert float(conv.weight.detach().std()) == pytest.approx(math.sqrt(4 / (128 * 64)), rel=0.02)
    assert not conv.bias.any()


@pytest.mark.parametrize("kernel", [3, 4, 128])
def test_convolved_positions_keep_the_number_of_frames(kernel):
    assert ConvPosition(16, kernel, 16)(torch.randn(2, 11, 16)).shape == (2, 11, 16)


def test_linear_layers_start_at_two_hundredths():
    torch.manual_seed(0)
    block = ContextEncoder(64, 1, 4, 256).blocks[0]
    assert float(block.up.weight.detach().std()) == pytest.approx(0.02, rel=0.05) and not block.up.bias.any()


@pytest.mark.parametrize("pre_norm", [True, False])
def test_a_block_whose_branches_are_silent_is_the_identity_or_a_norm(pre_norm):
    block = TransformerBlock(8, 2, 16, 0.0, 0.0, pre_norm)
    for layer in (block.attention.out, block.down):
        torch.nn.init.zeros_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
    x = torch.randn(1, 3, 8)
    expected = x if pre_norm else torch.nn.functional.layer_norm(torch.nn.functional.layer_norm(x, (8,)), (8,))
    torch.testing.assert_close(block(x), expected)


def test_attention_is_the_softmax_of_scaled_products():
    torch.manual_seed(0)
    attention = TransformerBlock(6, 2, 6, 0.0, 0.0).attention
    x = torch.randn(1, 4, 6)
    heads = []
    for rows in (slice(0, 3), slice(3, 6)):
        q, k, v = (layer(x)[0][:, rows] for layer in (attention.q, attention.k, attention.v))
        heads.append(torch.softmax(q @ k.T / math.sqrt(3), dim=1) @ v)
    torch.testing.assert_close(attention(x)[0], attention.out(torch.cat(heads, dim=1)))


def test_layers_are_left_out_in_training_only():
    encoder = ContextEncoder(16, 2, 2, 32, dropout=0.0, attention_dropout=0.0, layer_drop=1.0)
    x = torch.randn(1, 5, 16)
    skipped = encoder.train()(x, keep=True)[1]
    assert len(skipped) == 3 and torch.equal(skipped[0], skipped[2])
    kept = encoder.eval()(x, keep=True)[1]
    assert not torch.equal(kept[0], kept[1])


def test_a_condition_is_applied_before_the_layers_that_are_named():
    seen = []
    encoder = ContextEncoder(16, 3, 2, 32).eval()
    x = torch.randn(1, 5, 16)
    kept = encoder(x, lambda y: seen.append(y) or y, (1,), keep=True)[1]
    assert len(seen) == 1 and torch.equal(seen[0], kept[1])


def test_a_width_that_heads_do_not_divide_is_refused():
    with pytest.raises(ValueError, match="the width 10 is no multiple of the 4 attention heads"):
        ContextEncoder(10, 1, 4, 16)


def test_numbers_that_nobody_gives():
    """Kernel 128 in 16 groups as in wav2vec 2.0, or one group where 16 do not divide the width; a tenth dropped."""
    position = ConvPosition(64).conv
    assert position.kernel_size == (128,) and position.groups == 16 and position.padding == (64,)
    encoder = ContextEncoder(24, 1, 2, 16)
    assert encoder.position.conv.groups == 1 and encoder.position.conv.kernel_size == (128,)
    assert (encoder.dropout.p, encoder.blocks[0].attention.dropout, encoder.blocks[0].dropout.p) == (0.1, 0.1, 0.1)
    assert encoder.layer_drop == 0.0 and encoder.pre_norm
    assert {module.eps for module in encoder.modules() if isinstance(module, torch.nn.LayerNorm)} == {1e-5}


def test_frames_are_normalised_last_or_first():
    """Pre-norm: of the last output; post-norm: of the input of the first block."""
    x = 5 + 3 * torch.randn(2, 7, 16)
    out, kept = ContextEncoder(16, 1, 2, 16).eval()(x, keep=True)
    torch.testing.assert_close(out, torch.nn.functional.layer_norm(kept[-1], (16,)))
    encoder = ContextEncoder(16, 1, 2, 16, pre_norm=False).eval()
    out, kept = encoder(x, keep=True)
    assert torch.equal(out, kept[-1])
    torch.testing.assert_close(kept[0], torch.nn.functional.layer_norm(encoder.position(x), (16,)))
    assert encoder(x)[1] == []


def test_a_share_of_the_layers_is_left_out(monkeypatch):
    encoder = ContextEncoder(16, 1, 2, 32, dropout=0.0, attention_dropout=0.0, layer_drop=0.3).train()
    x = torch.randn(1, 5, 16)
    for drawn, left_out in ((0.29, True), (0.31, False)):
        monkeypatch.setattr(torch, "rand", lambda *shape, drawn=drawn: torch.tensor(drawn))
        kept = encoder(x, keep=True)[1]
        assert torch.equal(kept[0], kept[1]) is left_out
