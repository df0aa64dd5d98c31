"""Parts of the transformer, against torch and by hand."""

import math

import torch

from quakebook.magnitude.networks.transformer_trunk import (
    AttentionPool,
    Decoder,
    LSTMBlock,
    ResidualConv,
    Trunk,
    sinusoids,
)


def test_a_residual_block_adds_what_its_convolution_finds():
    block = ResidualConv(2, 0.1).eval()
    x = torch.randn(1, 2, 9, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(block(x) - x, block.body(x))
        block.body[-1].weight.zero_()
        block.body[-1].bias.fill_(0.25)
        torch.testing.assert_close(block(x), x + 0.25)


def test_an_lstm_block_norms_the_sum():
    block = LSTMBlock(8).eval()
    x = torch.randn(2, 5, 8, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        both, _ = block.lstm(x)
        torch.testing.assert_close(block(x), torch.nn.functional.layer_norm(x + both, (8,)))
    assert block.lstm.hidden_size == 4 and block.lstm.bidirectional


def test_positions_are_sines_and_cosines_of_falling_rate():
    """Column 2 k: sin(t / 10000^(2 k / width)); column 2 k + 1: its cosine."""
    table = sinusoids(7, 6)
    assert table.shape == (7, 6)
    for t in range(7):
        for k in range(3):
            angle = t / 10_000 ** (2 * k / 6)
            torch.testing.assert_close(table[t, 2 * k : 2 * k + 2], torch.tensor([math.sin(angle), math.cos(angle)]))


def test_attention_weighs_steps_by_their_score():
    pool = AttentionPool(3, 2, 0.1).eval()
    x = torch.randn(1, 4, 3, generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        share = torch.softmax(x @ pool.score.weight[0] + pool.score.bias, 1)
        torch.testing.assert_close(pool(x), pool.readout((share[..., None] * x).sum(1)))
    assert pool.readout[0].out_features == 64 and pool.readout[-1].out_features == 2


def test_five_blocks_halve_the_window_to_94_steps_and_the_decoder_climbs_back():
    """3001, 1501, 751, 376, 188 and then 94: halves rounded up."""
    trunk = Trunk(3, 1, 5, 2, 16, 2, 1, 32, 0.1).eval()
    with torch.no_grad():
        features, lengths = trunk(torch.zeros(1, 3, 3001))
        out = Decoder(16, 1, 5, 1).eval()(features.transpose(1, 2), lengths)
    assert features.shape == (1, 94, 16) and lengths == [3001, 1501, 751, 376, 188] and out.shape == (1, 1, 3001)
    assert [block.out_channels for block in trunk.modules() if isinstance(block, torch.nn.Conv1d)][:5] == [
        16, 32, 64, 96, 128]
    kernels = [block.kernel_size[0] for block in trunk.modules() if isinstance(block, torch.nn.Conv1d)][:5]
    assert kernels == [11, 9, 7, 7, 5]
