"""The bottleneck by hand: where tokens stand, what their code is, and which tokens are the style."""

import pytest
import torch

from quakebook.uvcgan_s.networks.transformer import Block, PixelTransformer, TokenInput, coordinates


def told(axis, height, width, order="rows"):
    """Tokens whose first feature is the sine of one coordinate, and whose second is the pixel."""
    made = TokenInput(1, 1, 2, height, width, order)
    with torch.no_grad():
        made.embed.projector.weight.copy_(torch.eye(2)[axis : axis + 1])
        made.embed.projector.bias.zero_()
        made.output.weight.copy_(torch.eye(2))
        made.output.bias.zero_()
        return made(torch.full((2, height * width, 1), 7.0))


def test_codes_are_sines_of_places_from_minus_one_to_one():
    across, along = told(0, 3, 5), told(1, 3, 5)
    assert across[0, :5, 0].asin().tolist() == pytest.approx([-1, -0.5, 0, 0.5, 1], abs=1e-6)
    assert along[1, ::5, 0].asin().tolist() == pytest.approx([-1, 0, 1], abs=1e-6)
    assert (across[:, :, 1] == 7).all()


def test_a_single_row_or_column_stands_at_minus_one():
    assert told(0, 2, 1)[0, :, 0].asin().tolist() == pytest.approx([-1, -1])
    assert told(1, 1, 3)[0, :, 0].asin().tolist() == pytest.approx([-1, -1, -1])


def test_tokens_are_numbered_as_published_unless_told():
    """Token l has x = l div height and y = l mod height; row by row it would have x = l mod width."""
    x, y = coordinates(2, 3)
    assert x[0].tolist() == [0, 0, 1, 1, 2, 2] and y[0].tolist() == [0, 1, 0, 1, 0, 1]
    x, y = coordinates(2, 3, "rows")
    assert x[0].tolist() == [0, 1, 2, 0, 1, 2] and y[0].tolist() == [0, 0, 0, 1, 1, 1]


def test_extra_tokens_come_last_and_are_the_style():
    torch.manual_seed(0)
    made = PixelTransformer(3, 2, 4, features=8, heads=2, blocks=1, hidden=8, embed=4, extra_tokens=2, rezero=True,
                            order="published")
    image = torch.rand(5, 3, 2, 4)
    output, style = made(image)
    assert torch.equal(style, made.extra_tokens.detach().flatten().expand(5, 16))  # blocks start as identities
    tokens = made.trans_input(image.flatten(2).transpose(1, 2))
    torch.testing.assert_close(output.flatten(2), made.trans_output(tokens).transpose(1, 2))


def test_both_branches_of_a_block_share_one_alpha():
    """y = x + a attention(norm x), z = y + a feed(norm y), against PyTorch's attention."""
    torch.manual_seed(1)
    block, x = Block(6, 2, 5).double(), torch.rand(2, 3, 6, dtype=torch.float64)
    with torch.no_grad():
        block.re_alpha.fill_(0.25)
        n = block.norm1(x)
        y = x + 0.25 * block.atten(n, n, n, need_weights=False)[0]
        torch.testing.assert_close(block(x), y + 0.25 * block.ffn.net[2](
            torch.nn.functional.gelu(block.ffn.net[0](block.norm2(y)))))
