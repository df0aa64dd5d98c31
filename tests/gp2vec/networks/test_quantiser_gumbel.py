import pytest
import torch

from quakebook.gp2vec.networks.quantiser_gumbel import GumbelQuantiser, gumbel, lookup


def make(**options):
    torch.manual_seed(0)
    return GumbelQuantiser(12, groups=2, codes=5, width=8, **options)


def test_evaluation_is_argmax_and_deterministic():
    quantiser = make().eval()
    x = torch.randn(3, 7, 12)
    first, second = quantiser(x), quantiser(x)
    assert torch.equal(first.vectors, second.vectors)
    logits = (x @ quantiser.logits.weight.T).view(3, 7, 2, 5)
    assert torch.equal(first.codes, logits.argmax(-1))
    assert torch.equal(first.vectors[0, 0, :4], quantiser.book[0, first.codes[0, 0, 0]])


def test_training_value_is_hard_and_gradient_is_soft():
    quantiser = make().train()
    x = torch.randn(4, 12, requires_grad=True)
    noise = gumbel(torch.zeros(4, 2, 5))
    out = quantiser(x, noise)
    torch.testing.assert_close(out.vectors, lookup(quantiser.book, out.codes))
    out.vectors.square().sum().backward()
    for gradient in (x.grad, quantiser.logits.weight.grad, quantiser.book.grad):
        assert float(gradient.abs().sum()) > 0
    hard_gradient = x.grad.clone()
    x.grad = None
    soft = ((quantiser.logits(x) * quantiser.scale).view(4, 2, 5) + noise).div(2.0).softmax(-1)
    (torch.einsum("ngv,gvc->ngc", soft, quantiser.book).flatten(1) * 2 * out.vectors.detach()).sum().backward()
    torch.testing.assert_close(x.grad, hard_gradient)


def test_scaled_logits_start_nearly_uniform():
    x = torch.nn.functional.layer_norm(torch.randn(500, 256), (256,))
    torch.manual_seed(1)

    def perplexity(scale):
        p = GumbelQuantiser(256, scale_logits=scale).eval()(x).probabilities.detach()
        return float(torch.exp(-(p * p.clamp_min(1e-9).log()).sum(-1)).mean())

    assert perplexity(True) > 180  # of 320
    assert perplexity(False) < 10


def test_noise_is_gumbel():
    draws = gumbel(torch.zeros(200_000))
    assert float(draws.mean()) == pytest.approx(0.5772, abs=0.01)
    assert float(draws.var()) == pytest.approx(torch.pi**2 / 6, abs=0.03)


def test_width_must_split():
    with pytest.raises(ValueError, match="codebooks"):
        GumbelQuantiser(4, groups=3, width=8)


def test_numbers_that_nobody_gives():
    """Two books of 320 codes, joined width 256, temperature 2; logits divided by the root of the inputs."""
    quantiser = GumbelQuantiser(16)
    assert quantiser.book.shape == (2, 320, 128) and float(quantiser.temperature) == 2.0
    assert quantiser.scale == 0.25 and GumbelQuantiser(16, scale_logits=False).scale == 1.0
    assert float(GumbelQuantiser(64).logits.weight.detach().std()) == pytest.approx(1.0, rel=0.02)
